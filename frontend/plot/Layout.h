// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Places the boxes of a directed graph without circles in ranks, and routes its lines around them.
// Knows nothing of models.
#pragma once

#include <cstddef>
#include <vector>

namespace horn::plot {

/// A place; y grows downwards. **Units** pixels.
struct Point {
  double x = 0, y = 0;
};

/// A rectangle: its size is given, its upper left corner is found. **Units** pixels.
struct Box {
  double width = 0, height = 0;
  double x = 0, y = 0;
};

/// A line from the bottom of one box to the top of another.
struct Line {
  size_t from = 0, to = 0;   ///< numbers of boxes
  std::vector<Point> points; ///< found; where x changes from one to the next, a curve goes between
};

/// A graph and, after layout, its picture.
struct Drawing {
  std::vector<Box> boxes; ///< in an order in which lines go forward
  std::vector<Line> lines;
  double width = 0, height = 0;
};

/// Gaps that layout leaves between boxes. **Units** pixels.
inline constexpr double kGapBeside = 24, kGapBelow = 36;

/// Finds the places of boxes and the points of lines; all coordinates are from 0 on. Every box is
/// below those whose lines enter it, boxes never overlap, and no line crosses a box. Ranks by
/// longest paths; order within ranks by barycentres; places by least squares. **Errors** Error for
/// a line that goes backward, or when lines cross more than a million ranks together.
void lay_out(Drawing &drawing);

} // namespace horn::plot
