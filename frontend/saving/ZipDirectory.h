// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A strict look at a zip archive's directory before libzip sees it: things that libzip reads in
// one of several ways, or not at all, are refused. Internal to the reader.
#pragma once

#include "frontend/saving/Limits.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace horn::saving {

/// Returns where the bytes of each member start, in the directory's order.
/// **Errors** Error for a second end record, bytes before or between the directory and its end,
/// more members than the limit, names with NUL, members that overlap or lie outside the file, and
/// local headers whose name, method or flags differ from the directory's.
std::vector<uint64_t> check_zip_directory(std::span<const std::byte> archive, const Limits &limits);

/// Throws Error unless the name of a member is a relative path of plain parts.
void check_zip_name(std::string_view name, const Limits &limits);

} // namespace horn::saving
