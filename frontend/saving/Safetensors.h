// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The safetensors format: a JSON header and the bytes of named arrays.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// An array and its name in a file.
struct NamedArray {
  std::string name; ///< of the tensor
  Array array;      ///< its values
};

/// What a safetensors file holds.
struct Safetensors {
  std::vector<NamedArray> arrays;              ///< in the order of their bytes
  std::map<std::string, std::string> metadata; ///< texts that the file has besides

  /// Whether there is a tensor of that name.
  bool has(std::string_view name) const;
  /// The array of that name. Throws Error when there is none.
  const Array &at(std::string_view name) const;
};

/// Reads a file. Arrays are views of the file's bytes where these are aligned.
/// **Errors** Error unless the arrays fill the data part exactly, without overlap or gap.
Safetensors read_safetensors(const std::filesystem::path &path,
                             const Limits &limits = default_limits);
/// The same from memory; `name` stands in messages.
Safetensors read_safetensors(const FileBytes &bytes, const std::string &name,
                             const Limits &limits = default_limits);

/// Writes a file atomically. The bytes depend on the arrays alone, not on their order: wider
/// types come first (which aligns all), then names alphabetically. Throws Error.
void write_safetensors(const std::filesystem::path &path, const std::vector<NamedArray> &arrays,
                       const std::map<std::string, std::string> &metadata = {});

} // namespace horn::saving
