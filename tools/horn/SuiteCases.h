// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Suites of cases with numbers that Keras computed: cases.json, or the manifest.json of trained
// models.
#pragma once

#include "tools/horn/Compare.h"
#include "tools/horn/Engines.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace horn::cli {

/// One case: files, and how far numbers may be off.
struct SuiteCase {
  std::string name; ///< "group/name"
  std::string group, kind;
  Tolerance tolerance;
  std::filesystem::path model;   ///< .keras or .h5; empty where there is none
  std::filesystem::path config;  ///< .json or .json.gz
  std::filesystem::path tensors; ///< .safetensors
  /// Tensors of a trained model's data; empty: input:0, ... and output:0, ...
  std::vector<std::string> inputs, outputs;
  std::optional<double> accuracy; ///< of the first output, to four digits
  bool masks_are_listed = false;  ///< a missing output_mask:i says that there is no mask
};

/// The cases of a folder. Throws Error when it has neither cases.json nor manifest.json, or either
/// does not have the form.
std::vector<SuiteCase> read_suite(const std::filesystem::path &folder);

enum class Status { passed, failed, unsupported };
std::string_view status_name(Status status);

/// What came of a case.
struct CaseResult {
  Status status = Status::passed;
  std::string reason; ///< why it did not pass; of a passed one, what was not checked
  Deviation worst;
  double seconds = 0;
};

/// Runs a case. Never throws Error: what fails is the result. The engines are those to use where a
/// case runs a model.
CaseResult run_case(const SuiteCase &test, const std::vector<Engine> &engines);

} // namespace horn::cli
