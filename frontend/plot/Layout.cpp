// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/plot/Layout.h"

#include "frontend/core/Error.h"

#include <algorithm>
#include <cstdint>

namespace horn::plot {

static constexpr size_t kMaxBends = 1'000'000;
static constexpr int kSweeps = 12;

namespace {
/// A box, or a bend: the place where a line passes through a rank of boxes.
struct Vertex {
  double width = 0;
  double x = 0; // of the middle
  size_t rank = 0;
  bool is_bend = false;
  std::vector<size_t> above, below;
};

class Layout {
public:
  explicit Layout(Drawing &drawing) : drawing_(drawing) {}

  void run() {
    make_vertices();
    set_ranks();
    add_bends();
    order_ranks();
    set_places();
    write_back();
  }

private:
  void make_vertices();
  void set_ranks();
  void add_bends();
  void order_ranks();
  void set_places();
  void settle(const std::vector<size_t> &rank, std::vector<size_t> Vertex::*towards);
  void write_back();

  Drawing &drawing_;
  std::vector<Vertex> vertices_;
  std::vector<std::vector<size_t>> ranks_; // vertices from left to right
  std::vector<std::vector<size_t>> bends_; // of each line
};
} // namespace

void Layout::make_vertices() {
  vertices_.resize(drawing_.boxes.size());
  for (size_t i = 0; i < vertices_.size(); ++i)
    vertices_[i].width = drawing_.boxes[i].width;
  for (const Line &line : drawing_.lines)
    if (line.from >= line.to || line.to >= vertices_.size())
      throw Error({.what = "a line of a drawing goes backward"});
}

/// Longest paths from the sources; then sources come down to where they are used.
void Layout::set_ranks() {
  std::vector<std::vector<size_t>> into(vertices_.size());
  for (const Line &line : drawing_.lines)
    into[line.to].push_back(line.from);
  for (size_t i = 0; i < vertices_.size(); ++i)
    for (size_t from : into[i])
      vertices_[i].rank = std::max(vertices_[i].rank, vertices_[from].rank + 1);
  std::vector<size_t> nearest(vertices_.size(), SIZE_MAX);
  for (const Line &line : drawing_.lines)
    nearest[line.from] = std::min(nearest[line.from], vertices_[line.to].rank);
  for (size_t i = 0; i < vertices_.size(); ++i)
    if (into[i].empty() && nearest[i] != SIZE_MAX)
      vertices_[i].rank = nearest[i] - 1;
}

void Layout::add_bends() {
  size_t total = 0;
  for (const Line &line : drawing_.lines) {
    size_t above = line.from;
    std::vector<size_t> &bends = bends_.emplace_back();
    for (size_t rank = vertices_[line.from].rank + 1; rank < vertices_[line.to].rank; ++rank) {
      if (++total > kMaxBends)
        throw Error({.what = "the graph has too many long connections to be drawn"});
      bends.push_back(vertices_.size());
      vertices_.push_back({.width = 8, .rank = rank, .is_bend = true});
    }
    bends.push_back(line.to);
    for (size_t below : bends) {
      vertices_[above].below.push_back(below);
      vertices_[below].above.push_back(above);
      above = below;
    }
    bends.pop_back();
  }
  for (size_t i = 0; i < vertices_.size(); ++i) {
    if (vertices_[i].rank >= ranks_.size())
      ranks_.resize(vertices_[i].rank + 1);
    ranks_[vertices_[i].rank].push_back(i);
  }
}

/// Each vertex goes to the average place of its neighbours one rank above, then one rank below, and
/// so on: lines cross less and less.
void Layout::order_ranks() {
  std::vector<double> place(vertices_.size());
  std::vector<size_t> turn(vertices_.size());
  auto number = [&](const std::vector<size_t> &rank) {
    for (size_t i = 0; i < rank.size(); ++i) {
      turn[rank[i]] = i;
      place[rank[i]] = static_cast<double>(i) - static_cast<double>(rank.size()) / 2;
    }
  };
  for (const auto &rank : ranks_)
    number(rank);
  auto sort = [&](std::vector<size_t> &rank, std::vector<size_t> Vertex::*towards) {
    for (size_t vertex : rank) {
      const std::vector<size_t> &others = vertices_[vertex].*towards;
      double sum = 0;
      for (size_t other : others)
        sum += place[other];
      if (!others.empty())
        place[vertex] = sum / static_cast<double>(others.size());
    }
    std::sort(rank.begin(), rank.end(), [&](size_t a, size_t b) {
      return std::pair(place[a], turn[a]) < std::pair(place[b], turn[b]);
    });
    number(rank);
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (size_t i = 1; i < ranks_.size(); ++i)
      sort(ranks_[i], &Vertex::above);
    for (size_t i = ranks_.size(); i-- > 1;)
      sort(ranks_[i - 1], &Vertex::below);
  }
}

namespace {
/// Vertices that touch: their common shift is the mean of what each wants.
struct Cluster {
  double sum = 0, weight = 0;
  size_t count = 0;
  double shift() const { return sum / weight; }
};
} // namespace

/// Moves the vertices of a rank as near to the middle of their neighbours as their order and widths
/// allow. Of all such places these have the least squares (isotonic regression by pooling).
void Layout::settle(const std::vector<size_t> &rank, std::vector<size_t> Vertex::*towards) {
  std::vector<double> offsets;
  std::vector<Cluster> clusters;
  double offset = 0;
  for (size_t i = 0; i < rank.size(); ++i) {
    Vertex &vertex = vertices_[rank[i]];
    if (i > 0)
      offset += (vertices_[rank[i - 1]].width + vertex.width) / 2 + kGapBeside;
    offsets.push_back(offset);
    double sum = 0;
    for (size_t other : vertex.*towards)
      sum += vertices_[other].x;
    size_t count = (vertex.*towards).size();
    double wish = count ? sum / static_cast<double>(count) : vertex.x;
    // Long lines ought to be straight, and vertices without neighbours get out of the way.
    double weight = !count ? 0.1 : vertex.is_bend ? 4 : 1;
    clusters.push_back({(wish - offset) * weight, weight, 1});
    while (clusters.size() > 1 && clusters[clusters.size() - 2].shift() > clusters.back().shift()) {
      Cluster last = clusters.back();
      clusters.pop_back();
      clusters.back().sum += last.sum;
      clusters.back().weight += last.weight;
      clusters.back().count += last.count;
    }
  }
  size_t i = 0;
  for (const Cluster &cluster : clusters)
    for (size_t member = 0; member < cluster.count; ++member, ++i)
      vertices_[rank[i]].x = cluster.shift() + offsets[i];
}

void Layout::set_places() {
  for (const auto &rank : ranks_) // side by side around 0
    settle(rank, &Vertex::above);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (size_t i = 1; i < ranks_.size(); ++i)
      settle(ranks_[i], &Vertex::above);
    for (size_t i = ranks_.size(); i-- > 1;)
      settle(ranks_[i - 1], &Vertex::below);
  }
}

void Layout::write_back() {
  double left = 0, right = 0;
  for (size_t i = 0; i < vertices_.size(); ++i) {
    double edge = vertices_[i].x - vertices_[i].width / 2;
    left = i ? std::min(left, edge) : edge;
    right = i ? std::max(right, edge + vertices_[i].width) : edge + vertices_[i].width;
  }
  std::vector<double> top(ranks_.size()), bottom(ranks_.size());
  double y = 0;
  for (size_t rank = 0; rank < ranks_.size(); ++rank) {
    top[rank] = y;
    for (size_t vertex : ranks_[rank])
      if (!vertices_[vertex].is_bend)
        y = std::max(y, top[rank] + drawing_.boxes[vertex].height);
    bottom[rank] = y;
    y += kGapBelow;
  }
  drawing_.width = right - left;
  drawing_.height = bottom.empty() ? 0 : bottom.back();
  auto middle = [&](size_t vertex) { return vertices_[vertex].x - left; };
  for (size_t i = 0; i < drawing_.boxes.size(); ++i) {
    Box &box = drawing_.boxes[i];
    box.x = middle(i) - box.width / 2;
    box.y = top[vertices_[i].rank];
  }
  for (size_t i = 0; i < drawing_.lines.size(); ++i) {
    Line &line = drawing_.lines[i];
    const Box &from = drawing_.boxes[line.from];
    line.points = {{middle(line.from), from.y + from.height},
                   {middle(line.from), bottom[vertices_[line.from].rank]}};
    for (size_t bend : bends_[i]) {
      line.points.push_back({middle(bend), top[vertices_[bend].rank]});
      line.points.push_back({middle(bend), bottom[vertices_[bend].rank]});
    }
    line.points.push_back({middle(line.to), drawing_.boxes[line.to].y});
  }
}

void lay_out(Drawing &drawing) { Layout(drawing).run(); }

} // namespace horn::plot
