// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/plot/Svg.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace horn::plot {

namespace {
/// One character of UTF-8 text; `code` is 0 for a byte that is none.
struct Character {
  uint32_t code = 0;
  size_t bytes = 1;
};
} // namespace

static Character decode(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return {lead, 1};
  size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes > text.size())
    return {};
  uint32_t code = lead & (0x7FU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80)
      return {};
    code = code << 6 | (next & 0x3F);
  }
  static constexpr std::array<uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  return code < least[bytes] ? Character{} : Character{code, bytes};
}

/// The characters of XML 1.0, without controls and without marks that turn the direction of text.
static bool is_shown(uint32_t code) {
  bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return code >= 0x20 && (code < 0x7F || code > 0x9F) && (code < 0xD800 || code > 0xDFFF) &&
         code != 0xFFFE && code != 0xFFFF && code <= 0x10FFFF && !turns;
}

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    Character c = decode(text);
    switch (c.code) {
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '&':
      result += "&amp;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      result += is_shown(c.code) ? text.substr(0, c.bytes) : std::string_view("\uFFFD");
    }
    text.remove_prefix(c.bytes);
  }
  return result;
}

/// East Asian characters and pictures.
static size_t columns_of(uint32_t code) {
  bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
              (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
              (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
              code >= 0x1F300;
  return wide ? 2 : 1;
}

size_t columns(std::string_view text) {
  size_t count = 0;
  for (Character c; !text.empty(); text.remove_prefix(c.bytes)) {
    c = decode(text);
    count += columns_of(c.code);
  }
  return count;
}

std::string fitted(std::string_view text, size_t width) {
  if (columns(text) <= width)
    return std::string(text);
  size_t bytes = 0, used = 1;
  for (;;) {
    Character c = decode(text.substr(bytes));
    used += columns_of(c.code);
    if (used > width)
      return std::string(text.substr(0, bytes)) + "…";
    bytes += c.bytes;
  }
}

/// A coordinate to a tenth of a pixel, without needless digits.
static std::string number(double value) {
  char text[32];
  double rounded = std::round(value * 10) / 10;
  auto end = std::to_chars(text, text + sizeof text, rounded == 0 ? 0.0 : rounded).ptr;
  return std::string(text, end);
}

static std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

std::string rectangle(const Box &box, std::string_view look) {
  return "<rect class=\"" + escaped(look) + "\"" + attribute("x", box.x) + attribute("y", box.y) +
         attribute("width", box.width) + attribute("height", box.height) + " rx=\"4\"/>\n";
}

std::string label(Point at, std::string_view text, std::string_view look, bool centered) {
  return "<text class=\"" + escaped(look) + "\"" + attribute("x", at.x) + attribute("y", at.y) +
         (centered ? " text-anchor=\"middle\">" : ">") + escaped(text) + "</text>\n";
}

std::string path(const Line &line, Point origin, bool sideways) {
  auto pair = [&](double x, double y) {
    return sideways ? number(origin.x + y) + " " + number(origin.y + x)
                    : number(origin.x + x) + " " + number(origin.y + y);
  };
  std::string steps = "M" + pair(line.points[0].x, line.points[0].y);
  for (size_t i = 1; i < line.points.size(); ++i) {
    Point from = line.points[i - 1], to = line.points[i];
    double half = (from.y + to.y) / 2;
    if (std::abs(from.x - to.x) < 0.05)
      steps += "L" + pair(to.x, to.y);
    else
      steps += "C" + pair(from.x, half) + " " + pair(to.x, half) + " " + pair(to.x, to.y);
  }
  return "<path d=\"" + steps + "\"/>\n";
}

} // namespace horn::plot
