// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Text of SVG pictures. Whatever is put in comes out as text: no name of a layer becomes markup.
#pragma once

#include "frontend/plot/Layout.h"

#include <string>
#include <string_view>

namespace horn::plot {

/// `text` for use between tags or in a quoted attribute: markup is escaped; bytes that are no UTF-8
/// and characters that XML does not have become U+FFFD.
std::string escaped(std::string_view text);

/// Columns that text takes in a font of fixed width: one a character, two for wide ones.
size_t columns(std::string_view text);
/// The beginning of `text` that fits, with "…" at its end when it was cut. Never splits a
/// character.
std::string fitted(std::string_view text, size_t columns);

/// `<rect .../>` with rounded corners; `look` is its class.
std::string rectangle(const Box &box, std::string_view look);
/// `<text>` whose baseline starts, or with `centered` has its middle, at a point.
std::string label(Point at, std::string_view text, std::string_view look, bool centered = true);
/// `<path>` along a line's points, moved by `origin`, with an arrow at its end. Where x changes the
/// path bends smoothly, vertical at both ends; `sideways` swaps the axes.
std::string path(const Line &line, Point origin, bool sideways);

} // namespace horn::plot
