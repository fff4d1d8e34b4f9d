// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Outputs.h"

#include "tools/horn/Inputs.h"
#include "tools/horn/Table.h"
#include "tools/horn/Text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <ostream>

namespace horn::cli {

std::vector<NamedOutput> name_outputs(const std::vector<std::string> &names,
                                      const std::vector<Array> &arrays) {
  std::map<std::string, int> seen;
  std::vector<NamedOutput> outputs;
  for (size_t i = 0; i < arrays.size(); ++i) {
    std::string name = i < names.size() ? names[i] : "output";
    if (int number = seen[name]++)
      name += "_" + std::to_string(number);
    outputs.push_back({name, arrays[i]});
  }
  return outputs;
}

bool is_classification(const Array &array) {
  if (array.shape().rank() != 2 || array.shape()[1] < 2 || !is_floating(array.dtype()))
    return false;
  auto columns = static_cast<size_t>(array.shape()[1]);
  for (size_t begin = 0; begin < array.size(); begin += columns) {
    double sum = 0;
    for (size_t i = begin; i < begin + columns; ++i) {
      if (!(array.at(i) >= 0))
        return false;
      sum += array.at(i);
    }
    if (std::abs(sum - 1) > 1e-3)
      return false;
  }
  return array.size() > 0;
}

std::vector<size_t> top_classes(const Array &array, size_t row, size_t count) {
  auto columns = static_cast<size_t>(array.shape()[1]);
  std::vector<size_t> order(columns);
  std::iota(order.begin(), order.end(), size_t(0));
  count = std::min(count, columns);
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
                    [&](size_t a, size_t b) {
                      double x = array.at(row * columns + a), y = array.at(row * columns + b);
                      return x > y || (x == y && a < b);
                    });
  order.resize(count);
  return order;
}

static std::string name_of_row(const OutputOptions &options, size_t row) {
  return row < options.row_names.size() ? options.row_names[row] : "row " + std::to_string(row);
}

static std::string percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * probability);
  return text;
}

static void print_classes(std::ostream &out, const Array &array, const OutputOptions &options) {
  constexpr size_t most_rows = 1000, bar_width = 30;
  auto rows = static_cast<size_t>(array.shape()[0]),
       columns = static_cast<size_t>(array.shape()[1]);
  size_t count = options.top ? options.top : rows <= 3 ? 5 : 1;
  Table table({{""}, {"class", Align::right}, {""}, {"probability", Align::right}, {""}});
  for (size_t row = 0; row < std::min(rows, most_rows); ++row) {
    bool first = true;
    for (size_t number : top_classes(array, row, count)) {
      double probability = array.at(row * columns + number);
      std::string label = number < options.labels.size() ? options.labels[number] : "";
      table.add({first ? name_of_row(options, row) : "", std::to_string(number), label,
                 percent(probability), bar(probability, bar_width)});
      first = false;
    }
  }
  table.print(out, terminal_width());
  if (rows > most_rows)
    out << "  ... " << rows - most_rows << " more rows (--output FILE writes all)\n";
}

/// The places of a long axis that are shown; the gap is where they jump.
static std::vector<size_t> shown_places(size_t size, size_t most) {
  std::vector<size_t> places;
  for (size_t i = 0; i < size; ++i)
    if (size <= most || i < most / 2 || i + most / 2 >= size)
      places.push_back(i);
  return places;
}

/// A row's name and its numbers (all axes but the first), at most a few of them.
static std::vector<std::string> cells_of(const Array &array, size_t row, size_t length,
                                         const OutputOptions &options) {
  std::vector<std::string> cells = {name_of_row(options, row)};
  size_t last = 0;
  for (size_t place : shown_places(length, 8)) {
    if (place > last + 1)
      cells.emplace_back("...");
    cells.push_back(number_text(array.at(row * length + place)));
    last = place;
  }
  return cells;
}

static void print_numbers(std::ostream &out, const Array &array, const OutputOptions &options) {
  if (array.size() == 0 || array.shape().empty()) {
    out << "  " << (array.size() ? number_text(array.at(0)) : "no numbers") << "\n";
    return;
  }
  auto rows = static_cast<size_t>(array.shape()[0]);
  size_t length = array.size() / rows, last = 0;
  std::vector<Table::Column> columns(10, {"", Align::right});
  columns[0].align = Align::left;
  Table table(columns);
  for (size_t row : shown_places(rows, 20)) {
    if (row > last + 1)
      table.add({"..."});
    table.add(cells_of(array, row, length, options));
    last = row;
  }
  table.print(out, terminal_width());
}

void print_outputs(std::ostream &out, const std::vector<NamedOutput> &outputs,
                   const OutputOptions &options) {
  for (const NamedOutput &output : outputs) {
    out << inert(output.name) << " " << type_text(output.array.shape(), output.array.dtype())
        << "\n";
    if (is_classification(output.array))
      print_classes(out, output.array, options);
    else
      print_numbers(out, output.array, options);
  }
}

} // namespace horn::cli
