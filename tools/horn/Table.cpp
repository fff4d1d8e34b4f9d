// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Table.h"

#include "tools/horn/Text.h"

#include <algorithm>
#include <numeric>
#include <ostream>

namespace horn::cli {

static constexpr size_t indent = 2, gap = 2, least_width = 12;

void Table::add(std::vector<std::string> row) {
  row.resize(columns_.size());
  for (std::string &text : row)
    text = inert(text, /*keep_lines=*/true);
  rows_.push_back(std::move(row));
}

/// Takes the first `width` columns of `word` away from it.
static std::string take(std::string &word, size_t width) {
  size_t bytes = 0;
  for (size_t shown = 0; bytes < word.size() && shown < width; ++shown)
    do
      ++bytes;
    while (bytes < word.size() && (word[bytes] & 0xC0) == 0x80);
  std::string head = word.substr(0, bytes);
  word.erase(0, bytes);
  return head;
}

std::vector<std::string> wrapped(const std::string &text, size_t width) {
  width = std::max<size_t>(width, 1);
  std::vector<std::string> lines;
  size_t begin = 0;
  while (begin <= text.size()) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string rest = text.substr(begin, end - begin);
    begin = end + 1;
    while (display_width(rest) > width) {
      std::string line = take(rest, width);
      size_t space = line.rfind(' ');
      if (!rest.empty() && rest.front() != ' ' && space != std::string::npos && space > 0) {
        rest.insert(0, line, space + 1);
        line.resize(space);
      }
      rest.erase(0, rest.find_first_not_of(' ') == std::string::npos ? rest.size()
                                                                     : rest.find_first_not_of(' '));
      lines.push_back(std::move(line));
    }
    if (!rest.empty() || lines.empty())
      lines.push_back(std::move(rest));
  }
  return lines;
}

static size_t longest_line(const std::string &text) {
  size_t longest = 0;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
}

std::vector<size_t> Table::widths(size_t limit) const {
  std::vector<size_t> widths(columns_.size());
  size_t total = indent, used = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    for (const std::vector<std::string> &row : rows_)
      widths[i] = std::max(widths[i], longest_line(row[i]));
    if (widths[i] == 0)
      continue;
    widths[i] = std::max(widths[i], display_width(columns_[i].title));
    total += widths[i] + (used++ ? gap : 0);
  }
  while (total > limit) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= least_width)
      break;
    --*widest;
    --total;
  }
  return widths;
}

void Table::print_row(std::ostream &out, const std::vector<std::string> &row,
                      const std::vector<size_t> &widths) const {
  std::vector<std::vector<std::string>> cells(row.size());
  size_t height = 1;
  for (size_t i = 0; i < row.size(); ++i) {
    if (widths[i])
      cells[i] = wrapped(row[i], widths[i]);
    height = std::max(height, cells[i].size());
  }
  for (size_t line = 0; line < height; ++line) {
    std::string text(indent, ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      if (!widths[i])
        continue;
      std::string cell = line < cells[i].size() ? cells[i][line] : "";
      text += padded(cell, widths[i], columns_[i].align == Align::right) + std::string(gap, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << "\n";
  }
}

void Table::print(std::ostream &out, size_t width) const {
  std::vector<size_t> columns = widths(width);
  std::vector<std::string> titles;
  for (const Column &column : columns_)
    titles.push_back(column.title);
  if (std::any_of(titles.begin(), titles.end(), [](const auto &title) { return !title.empty(); }))
    print_row(out, titles, columns);
  for (const std::vector<std::string> &row : rows_)
    print_row(out, row, columns);
}

} // namespace horn::cli
