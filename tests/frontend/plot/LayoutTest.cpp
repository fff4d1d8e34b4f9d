// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pictures of random graphs: boxes apart, lines downward and around boxes.
#include "frontend/plot/Layout.h"

#include "frontend/core/Error.h"

#include <gtest/gtest.h>
#include <random>

using namespace horn::plot;

static bool overlap(const Box &a, const Box &b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// Whether a box is passed by a straight part of a line, or lies where it bends.
static bool touches(const Line &line, const Box &box) {
  for (size_t i = 1; i < line.points.size(); ++i) {
    Point a = line.points[i - 1], b = line.points[i];
    Box covered{std::abs(a.x - b.x) + 1, std::abs(b.y - a.y), std::min(a.x, b.x) - 0.5,
                std::min(a.y, b.y)};
    if (overlap(covered, box))
      return true;
  }
  return false;
}

static void check(const Drawing &drawing) {
  for (const Box &box : drawing.boxes) {
    EXPECT_GE(box.x, -1e-6);
    EXPECT_GE(box.y, -1e-6);
    EXPECT_LE(box.x + box.width, drawing.width + 1e-6);
    EXPECT_LE(box.y + box.height, drawing.height + 1e-6);
  }
  for (size_t i = 0; i < drawing.boxes.size(); ++i)
    for (size_t j = i + 1; j < drawing.boxes.size(); ++j)
      EXPECT_FALSE(overlap(drawing.boxes[i], drawing.boxes[j])) << i << " " << j;
  for (const Line &line : drawing.lines) {
    for (size_t i = 1; i < line.points.size(); ++i)
      EXPECT_GE(line.points[i].y, line.points[i - 1].y);
    for (size_t i = 0; i < drawing.boxes.size(); ++i)
      if (i != line.from && i != line.to)
        EXPECT_FALSE(touches(line, drawing.boxes[i])) << line.from << "-" << line.to << " " << i;
  }
}

TEST(Layout, RandomGraphs) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    Drawing drawing;
    size_t count = 1 + random() % 40;
    for (size_t i = 0; i < count; ++i) {
      drawing.boxes.push_back({20.0 + random() % 200, 10.0 + random() % 90, 0, 0});
      for (size_t edges = i ? random() % 3 : 0; edges > 0; --edges)
        drawing.lines.push_back({random() % i, i, {}});
    }
    lay_out(drawing);
    check(drawing);
  }
}

TEST(Layout, AChainIsStraight) {
  Drawing drawing{{{100, 30}, {60, 30}, {100, 30}}, {{0, 1, {}}, {1, 2, {}}}};
  lay_out(drawing);
  EXPECT_DOUBLE_EQ(drawing.width, 100);
  EXPECT_DOUBLE_EQ(drawing.height, 90 + 2 * kGapBelow);
  EXPECT_DOUBLE_EQ(drawing.boxes[1].x, 20);
  for (const Line &line : drawing.lines)
    for (const Point &point : line.points)
      EXPECT_DOUBLE_EQ(point.x, 50);
}

TEST(Layout, InputsStandAboveTheirUse) {
  // 3 is an input that only the last box takes.
  Drawing drawing{{{50, 20}, {50, 20}, {50, 20}, {50, 20}, {50, 20}},
                  {{0, 1, {}}, {1, 2, {}}, {2, 4, {}}, {3, 4, {}}}};
  lay_out(drawing);
  EXPECT_EQ(drawing.boxes[3].y, drawing.boxes[2].y);
  check(drawing);
}

TEST(Layout, NothingAndOneBox) {
  Drawing nothing;
  lay_out(nothing);
  EXPECT_EQ(nothing.width, 0);
  Drawing one{{{30, 20}}, {}};
  lay_out(one);
  EXPECT_EQ(one.width, 30);
  EXPECT_EQ(one.height, 20);
}

TEST(Layout, WhatCannotBeDrawn) {
  Drawing backward{{{1, 1}, {1, 1}}, {{1, 0, {}}}};
  EXPECT_THROW(lay_out(backward), horn::Error);
  Drawing large;
  for (size_t i = 0; i < 3000; ++i) {
    large.boxes.push_back({1, 1});
    if (i > 0)
      large.lines.push_back({i - 1, i, {}});
    if (i > 1)
      large.lines.push_back({0, i, {}});
  }
  EXPECT_THROW(lay_out(large), horn::Error);
}
