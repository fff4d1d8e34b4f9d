// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tables of text in columns.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace horn::cli {

/// Which side the text of a column stands on.
enum class Align { left, right };

/// Rows of text under column titles. Text is made inert when it is added.
class Table {
public:
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// One text a column; missing ones are empty.
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  /// Writes the table, at most `width` columns wide: the widest columns are wrapped between words.
  /// Columns that are empty in all rows are left out; titles too when none has one.
  void print(std::ostream &out, size_t width) const;

private:
  std::vector<size_t> widths(size_t limit) const;
  void print_row(std::ostream &out, const std::vector<std::string> &row,
                 const std::vector<size_t> &widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The words of a text in lines of at most `width` columns; longer words are cut.
std::vector<std::string> wrapped(const std::string &text, size_t width);

} // namespace horn::cli
