// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Words and numbers as people read them on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace horn::cli {

/// The text with control characters, characters that turn the direction of writing and bytes that
/// are not UTF-8 spelled out, so that names from files cannot steer a terminal. `keep_lines`
/// leaves line feeds.
std::string inert(std::string_view text, bool keep_lines = false);

/// Columns that UTF-8 text takes, one a character.
size_t display_width(std::string_view text);
/// The text filled up with spaces to `width` columns.
std::string padded(std::string_view text, size_t width, bool to_right = false);
/// The text cut to `width` columns, with "…" in place of what is missing.
std::string shortened(std::string_view text, size_t width);

/// Up to six significant digits: "0.0312", "nan".
std::string number_text(double value);
/// "1.25 MB"; units of 1024.
std::string size_text(int64_t bytes);
/// "12.3 ms"
std::string time_text(double seconds);
/// "1 image", "10 images"
std::string count_text(size_t count, std::string_view noun);
/// A bar of block characters, `fraction` of `width` columns.
std::string bar(double fraction, size_t width);

/// Columns of the terminal that standard output goes to; `otherwise` when it is none.
size_t terminal_width(size_t otherwise = 100);

} // namespace horn::cli
