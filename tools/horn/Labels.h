// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of classes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace horn::cli {

/// Names by class number: a text with one a line, a JSON list, or a JSON dictionary by number
/// whose values are names or lists that end in one (as in Keras's imagenet_class_index.json).
/// Throws Error.
std::vector<std::string> read_labels(const std::filesystem::path &path);

} // namespace horn::cli
