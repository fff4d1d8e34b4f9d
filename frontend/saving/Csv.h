// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tables of numbers as text: comma-separated values.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/Limits.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// A table of numbers.
struct Csv {
  std::vector<std::string> columns; ///< names from the header line; empty without one
  Array values;                     ///< float32 [rows, columns]
};

/// Reads a table. The first line is a header if one of its fields is not a number. Fields may be
/// quoted; an empty one is NaN; empty lines are skipped; lines end in LF or CRLF.
/// **Errors** Error with line and column for text where a number belongs and for lines that are
/// shorter or longer than the first.
Csv read_csv(const std::filesystem::path &path, char separator = ',',
             const Limits &limits = default_limits);
/// The same from memory; `name` stands in messages.
Csv parse_csv(std::string_view text, const std::string &name, char separator = ',',
              const Limits &limits = default_limits);

} // namespace horn::saving
