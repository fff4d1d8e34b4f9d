// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Results of cases, for people and for programs.
#pragma once

#include "tools/horn/SuiteCases.h"

#include <iosfwd>

namespace horn::cli {

/// A result as one line of text, and back.
std::string result_text(const CaseResult &result);
CaseResult result_from_text(const std::string &text);

/// {"cases": [{"name", "group", "kind", "status", "reason", "worst", "seconds"}]}
std::string report_json(const std::vector<SuiteCase> &cases,
                        const std::vector<CaseResult> &results);

/// Prints each case that did not pass with its reason, then a table of the groups.
void print_report(std::ostream &out, const std::vector<SuiteCase> &cases,
                  const std::vector<CaseResult> &results);

/// Cases of a status.
size_t count_of(const std::vector<CaseResult> &results, Status status);

} // namespace horn::cli
