// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Model::summary: the table that Keras prints.
#include "frontend/core/Model.h"

#include "frontend/core/Node.h"

#include <algorithm>
#include <array>
#include <ostream>

namespace horn {

/// 1234567 as "1,234,567".
static std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

static std::string readable_size(int64_t bytes) {
  static constexpr std::array<const char *, 4> units = {"B", "KB", "MB", "GB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit)
    size /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %s", size, units[unit]);
  return text;
}

/// Characters of UTF-8 text, which is what a column is wide.
static size_t display_width(const std::string &text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

static std::string fit(std::string text, size_t width, bool to_right) {
  size_t length = display_width(text);
  if (length > width) {
    size_t bytes = 0;
    for (size_t shown = 0; bytes < text.size() && shown + 1 < width; ++shown)
      do
        ++bytes;
      while (bytes < text.size() && (text[bytes] & 0xC0) == 0x80);
    return text.substr(0, bytes) + "…";
  }
  std::string space(width - length, ' ');
  return to_right ? space + text : text + space;
}

static std::string rule(const std::vector<size_t> &widths, const char *left, const char *middle,
                        const char *right, const char *line) {
  std::string text = left;
  for (size_t i = 0; i < widths.size(); ++i) {
    for (size_t j = 0; j < widths[i] + 2; ++j)
      text += line;
    text += i + 1 < widths.size() ? middle : right;
  }
  return text + "\n";
}

namespace {
using Row = std::vector<std::string>;
} // namespace

static std::string output_shapes(const Layer &layer) {
  std::vector<std::shared_ptr<Node>> nodes = layer.inbound_nodes();
  if (nodes.empty())
    return "?";
  std::vector<Shape> shapes = nodes.front()->output_shapes();
  std::string text;
  for (const Shape &shape : shapes)
    (text += text.empty() ? "" : ", ") += shape.str();
  return shapes.size() == 1 ? text : "[" + text + "]";
}

static std::string connections(const Layer &layer) {
  std::string text;
  for (const std::shared_ptr<Node> &node : layer.inbound_nodes())
    for (const Tensor &input : node->input_tensors())
      if (input.node())
        (text += text.empty() ? "" : ", ") += input.node()->layer()->name() + "[" +
                                              std::to_string(input.node()->index()) + "][" +
                                              std::to_string(input.tensor_index()) + "]";
  return text.empty() ? "-" : text;
}

static void add_rows(const Network &network, const std::string &indent, bool connected,
                     std::vector<Row> &rows) {
  auto *stack = dynamic_cast<const SequentialNetwork *>(&network);
  for (const LayerPtr &layer : stack ? stack->stacked_layers() : network.layers()) {
    Row row{indent + layer->name() + " (" + layer->class_name() + ")", output_shapes(*layer),
            layer->built() ? grouped(layer->count_params()) : "0 (unbuilt)"};
    if (connected)
      row.push_back(connections(*layer));
    rows.push_back(std::move(row));
    if (auto *inner = dynamic_cast<const Network *>(layer.get()))
      add_rows(*inner, indent + "   ", connected, rows);
  }
}

static int64_t count(const std::vector<Weight> &weights, int64_t &bytes) {
  int64_t elements = 0;
  for (const Weight &weight : weights) {
    int64_t size = weight->shape().num_elements().value_or(0);
    elements += size;
    bytes += size * static_cast<int64_t>(dtype_bytes(weight->dtype()));
  }
  return elements;
}

static void print_count(std::ostream &out, const char *what, const std::vector<Weight> &weights) {
  int64_t bytes = 0, elements = count(weights, bytes);
  out << " " << what << ": " << grouped(elements) << " (" << readable_size(bytes) << ")\n";
}

/// Whether every layer takes the output of the one before it: then connections say nothing.
static bool is_chain(const Network &network) {
  if (dynamic_cast<const SequentialNetwork *>(&network))
    return true;
  std::vector<std::shared_ptr<Node>> nodes = network.nodes();
  for (size_t i = 1; i < nodes.size(); ++i)
    if (nodes[i]->input_tensors().size() != 1 ||
        nodes[i]->input_tensors()[0].node() != nodes[i - 1])
      return false;
  return true;
}

static void print_table(std::ostream &out, const std::vector<Row> &rows, size_t width) {
  size_t columns = rows.front().size();
  std::vector<size_t> shares =
      columns == 3 ? std::vector<size_t>{45, 35, 20} : std::vector<size_t>{32, 25, 16, 27};
  std::vector<size_t> widths;
  size_t inner = std::max<size_t>(width, 40) - columns - 1;
  for (size_t share : shares)
    widths.push_back(std::max<size_t>(inner * share / 100, 6) - 2);
  auto print = [&](const Row &row) {
    out << "│";
    for (size_t i = 0; i < columns; ++i)
      out << " " << fit(row[i], widths[i], i == 2) << " │";
    out << "\n";
  };
  out << rule(widths, "┏", "┳", "┓", "━");
  out << "┃";
  for (size_t i = 0; i < columns; ++i)
    out << " " << fit(rows[0][i], widths[i], i == 2) << " ┃";
  out << "\n" << rule(widths, "┡", "╇", "┩", "━");
  for (size_t i = 1; i < rows.size(); ++i) {
    print(rows[i]);
    out << (i + 1 < rows.size() ? rule(widths, "├", "┼", "┤", "─")
                                : rule(widths, "└", "┴", "┘", "─"));
  }
}

void Model::summary(std::ostream &out, size_t width) const {
  bool connected = !is_chain(*network_);
  Row header{"Layer (type)", "Output Shape", "Param #"};
  if (connected)
    header.push_back("Connected to");
  std::vector<Row> rows{std::move(header)};
  add_rows(*network_, "", connected, rows);
  out << "Model: \"" << name() << "\"\n";
  print_table(out, rows, width);
  print_count(out, "Total params", network_->weights());
  print_count(out, "Trainable params", network_->trainable_weights());
  print_count(out, "Non-trainable params", network_->non_trainable_weights());
}

} // namespace horn
