// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// NumPy's .npy files.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <string>

namespace horn::saving {

/// Reads an array of numbers, format versions 1 to 3. Fortran order and big-endian numbers are
/// converted. Throws Error; pickled objects are refused.
Array read_npy(const std::filesystem::path &path, const Limits &limits = default_limits);
/// The same from memory; `name` stands in messages.
Array read_npy(const FileBytes &bytes, const std::string &name,
               const Limits &limits = default_limits);

/// Writes version 1 atomically. bfloat16 has no name in NumPy and is refused. Throws Error.
void write_npy(const std::filesystem::path &path, const Array &array);

} // namespace horn::saving
