// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Many cases, each out of reach of the others' crashes.
#pragma once

#include "tools/horn/SuiteCases.h"

#include <functional>

namespace horn::cli {

/// How to run a suite.
struct RunnerOptions {
  std::vector<Engine> engines;
  int jobs = 2;        ///< processes that run cases
  double timeout = 60; ///< seconds a case may take; applications may take four times as long
  /// Called when a case is done, with the number of those done.
  std::function<void(size_t done, const SuiteCase &test, const CaseResult &result)> on_result = {};
};

/// Runs cases in forked processes. A case that crashes or takes too long has failed; the others go
/// on. To be called before anything starts threads. Throws Error when processes cannot be made.
std::vector<CaseResult> run_cases(const std::vector<SuiteCase> &cases,
                                  const RunnerOptions &options);

} // namespace horn::cli
