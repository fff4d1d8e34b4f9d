// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a model gave: for people, for programs, and to files.
#pragma once

#include "frontend/core/Array.h"

#include <filesystem>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace horn::cli {

/// One output of a run.
struct NamedOutput {
  std::string name; ///< unique
  Array array;
};

/// How results are told.
struct OutputOptions {
  std::vector<std::string> row_names; ///< what the rows are; empty: their numbers
  std::vector<std::string> labels;    ///< names of classes
  size_t top = 0;                     ///< classes shown of each row; 0: as fits
};

/// Gives each array its output's name; names that occur twice are numbered.
std::vector<NamedOutput> name_outputs(const std::vector<std::string> &names,
                                      const std::vector<Array> &arrays);

/// Whether an array holds the probabilities of classes: rows of several columns, none negative,
/// that add up to one.
bool is_classification(const Array &array);
/// The numbers of the most probable classes of a row, best first.
std::vector<size_t> top_classes(const Array &array, size_t row, size_t count);

/// Writes a table: classes with bars where an output is a classification, numbers elsewhere.
void print_outputs(std::ostream &out, const std::vector<NamedOutput> &outputs,
                   const OutputOptions &options);

/// [{"name", "shape", "dtype", "values", "top": [[{"class", "label", "probability"}]]}]
nlohmann::ordered_json outputs_json(const std::vector<NamedOutput> &outputs,
                                    const OutputOptions &options);

/// Writes a .npy, .csv (one output), .safetensors or .json file. Throws Error.
void write_outputs(const std::filesystem::path &path, const std::vector<NamedOutput> &outputs,
                   const OutputOptions &options);

} // namespace horn::cli
