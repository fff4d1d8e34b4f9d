// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace horn::cli {

namespace {
/// One character of UTF-8 text, or one byte that is not UTF-8.
struct Character {
  uint32_t code = 0;
  size_t bytes = 1;
  bool valid = false;
};
} // namespace

static Character decode(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return {lead, 1, true};
  size_t bytes = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (bytes == 1 || lead >= 0xF5 || bytes > text.size())
    return {lead, 1, false};
  uint32_t code = lead & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80)
      return {lead, 1, false};
    code = code << 6 | (next & 0x3F);
  }
  static constexpr std::array<uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  bool valid = code >= least[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return valid ? Character{code, bytes, true} : Character{lead, 1, false};
}

/// Controls, and marks that are not seen or change the order of what is.
static bool steers(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0x61C || code == 0xFEFF || (code >= 0xE0000 && code <= 0xE0FFF);
}

std::string inert(std::string_view text, bool keep_lines) {
  std::string result;
  while (!text.empty()) {
    Character c = decode(text);
    char escape[16] = "";
    if (!c.valid || (steers(c.code) && c.code < 0x100))
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(c.code));
    else if (steers(c.code))
      std::snprintf(escape, sizeof escape, "\\u{%x}", static_cast<unsigned>(c.code));
    if (c.code == '\n' && keep_lines)
      result += '\n';
    else
      result += *escape ? std::string_view(escape) : text.substr(0, c.bytes);
    text.remove_prefix(c.bytes);
  }
  return result;
}

size_t display_width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, size_t width, bool to_right) {
  size_t used = display_width(text);
  std::string space(width > used ? width - used : 0, ' ');
  return to_right ? space + std::string(text) : std::string(text) + space;
}

std::string shortened(std::string_view text, size_t width) {
  if (display_width(text) <= width)
    return std::string(text);
  size_t bytes = 0;
  for (size_t shown = 0; bytes < text.size() && shown + 1 < width; ++shown)
    do
      ++bytes;
    while (bytes < text.size() && (text[bytes] & 0xC0) == 0x80);
  return std::string(text.substr(0, bytes)) + "…";
}

static std::string formatted(const char *format, double value, const char *unit = "") {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text + std::string(unit);
}

std::string number_text(double value) { return formatted("%.6g", value); }

std::string size_text(int64_t bytes) {
  static constexpr std::array<const char *, 5> units = {" B", " KB", " MB", " GB", " TB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit)
    size /= 1024;
  return formatted(unit == 0 || size >= 100 ? "%.0f" : "%.3g", size, units[unit]);
}

std::string time_text(double seconds) {
  if (seconds < 1e-3)
    return formatted(seconds < 1e-4 ? "%.1f" : "%.0f", seconds * 1e6, " us");
  if (seconds < 1)
    return formatted(seconds < 0.1 ? "%.2f" : "%.1f", seconds * 1e3, " ms");
  return formatted(seconds < 100 ? "%.2f" : "%.0f", seconds, " s");
}

std::string count_text(size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string bar(double fraction, size_t width) {
  static constexpr std::array<const char *, 8> parts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  fraction = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0;
  auto eighths = static_cast<size_t>(std::lround(fraction * static_cast<double>(width) * 8));
  std::string text;
  for (size_t i = 0; i < eighths / 8; ++i)
    text += "█";
  return text + parts[eighths % 8];
}

size_t terminal_width(size_t otherwise) {
  winsize size{};
  if (::isatty(STDOUT_FILENO) && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
    return size.ws_col;
  return otherwise;
}

} // namespace horn::cli
