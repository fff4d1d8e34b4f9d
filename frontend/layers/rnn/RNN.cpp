// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/RNN.h"

#include "frontend/core/LayerRegistry.h"

namespace horn::layers {

HORN_DEFINE_LAYER(RNN)

static std::shared_ptr<RnnCell> as_cell(const LayerPtr &layer) {
  auto cell = std::dynamic_pointer_cast<RnnCell>(layer);
  if (!cell)
    throw UnsupportedError({.what = "a recurrent layer needs a cell",
                            .expected = "LSTMCell, GRUCell, SimpleRNNCell, StackedRNNCells or a "
                                        "class derived from RnnCell",
                            .found = layer ? layer->class_name() : "nothing"});
  return cell;
}

void RNNLayer::check_config() { set_cell(as_cell(config.cell)); }

StackedRNNCellsLayer::StackedRNNCellsLayer(Config given)
    : RnnCell(given.name, given.trainable, given.dtype), config(std::move(given)) {
  require(!config.cells.empty(), {.what = "StackedRNNCells needs a cell"});
  for (const LayerPtr &cell : config.cells)
    cells_.push_back(as_cell(cell));
}

ConfigValue StackedRNNCellsLayer::get_config() const {
  return write_config(*this, const_cast<Config &>(config).fields());
}

LayerPtr StackedRNNCellsLayer::from_config(const ConfigValue &value, LayerReader &reader) {
  Config config;
  read_fields(config.fields(), value, "StackedRNNCells", reader);
  return std::make_shared<StackedRNNCellsLayer>(std::move(config));
}

void StackedRNNCellsLayer::build(const Shape &step_shape) {
  Shape shape = step_shape;
  for (const auto &cell : cells_) {
    track("cells/*", cell);
    cell->ensure_name();
    cell->ensure_built({shape});
    shape = shape.slice(0, 1).concat(cell->output_shape(shape));
  }
}

std::vector<Shape> StackedRNNCellsLayer::state_shapes(const Shape &step_shape) const {
  std::vector<Shape> shapes;
  Shape shape = step_shape;
  for (const auto &cell : cells_) {
    for (const Shape &state : cell->state_shapes(shape))
      shapes.push_back(state);
    shape = shape.slice(0, 1).concat(cell->output_shape(shape));
  }
  return shapes;
}

Shape StackedRNNCellsLayer::output_shape(const Shape &step_shape) const {
  Shape shape = step_shape;
  for (const auto &cell : cells_)
    shape = shape.slice(0, 1).concat(cell->output_shape(shape));
  return shape.slice(1, shape.rank());
}

size_t StackedRNNCellsLayer::state_before_output(const Shape &step_shape) const {
  size_t before_last = 0;
  Shape shape = step_shape;
  for (const auto &cell : cells_) {
    if (cell == cells_.back())
      return before_last;
    before_last += cell->state_shapes(shape).size();
    shape = shape.slice(0, 1).concat(cell->output_shape(shape));
  }
  return before_last;
}

ScanStep StackedRNNCellsLayer::step(const Tensor &x, const std::vector<Tensor> &states) {
  ScanStep result;
  Tensor input = x;
  size_t next = 0;
  for (const auto &cell : cells_) {
    size_t count = cell->state_shapes(input.shape()).size();
    Arguments arguments = Arguments::positionals({input});
    for (size_t i = 0; i < count; ++i)
      arguments.add(states.at(next + i));
    std::vector<Tensor> outputs = cell->invoke(std::move(arguments));
    next += count;
    input = outputs.front();
    result.carried.insert(result.carried.end(), outputs.begin() + 1, outputs.end());
  }
  result.outputs = {input};
  return result;
}

} // namespace horn::layers
