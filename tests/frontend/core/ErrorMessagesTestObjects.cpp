// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Weights, names and predictions that are asked for or given wrongly.
#include "tests/frontend/core/ErrorMessages.h"

using namespace horn;
using namespace horn::test;

static Model small() {
  Tensor x = Input({3}, {.name = "x"});
  return Model(x, layers::Dense({.units = 2, .name = "head"})(x), {.name = "small"});
}

TEST(Errors, Weights) {
  Model model = small();
  struct Own : Layer {
    explicit Own(Shape shape) : Layer("own"), shape(std::move(shape)) {}
    void build(const Shape &) override { add_weight("weight", shape); }
    Tensor call(const Tensor &x) override { return x; }
    Shape shape;
  };
  register_initializer("errors>short", [](const Shape &, DType dtype, uint64_t,
                                          const ConfigValue &) { return Array({1}, dtype); });
  auto with_short = layers::Dense({.units = 2, .kernel_initializer = "short", .name = "d"});
  with_short(Input({3}));
  expect_messages({
      {"number", [&] { model.set_weights({floats({2}, {1, 2})}); },
       "small: wrong number of weights; expected 2, found 1"},
      {"shape",
       [&] { model.set_weights({floats({2, 3}, std::vector<float>(6)), floats({2}, {1, 2})}); },
       "head/kernel: wrong shape for a weight; expected (3, 2), found (2, 3)"},
      {"number for a layer", [&] { model.get_layer("head")->set_weights({}); },
       "head: wrong number of weights; expected 2, found 0"},
      {"count of what is not built",
       [] { layers::Dense({.units = 1, .name = "d"})->count_params(); },
       "d: count_params of a layer that is not built; call it on a tensor, or build it with "
       "ensure_built({input_shape})"},
      {"count of a stack that is not built",
       [] { Sequential({layers::Dense({.units = 1})}, {.name = "stack"}).count_params(); },
       "stack: count_params of a layer that is not built; call it on a tensor, or build it with "
       "ensure_built({input_shape})"},
      {"unknown size", [] { make_layer<Own>(Shape{None})(Input({3})); },
       "own: weight weight needs a known shape; expected sizes that are known when the layer is "
       "built, found (None,); give the input a fixed size on that axis"},
      {"size without bounds",
       [] { make_layer<Own>(Shape{int64_t(1) << 40, int64_t(1) << 40})(Input({3})); },
       "own: weight weight is too large; found (1099511627776, 1099511627776)"},
      {"type of a value", [&] { model.weights()[1]->assign(Array({2}, DType::int32)); },
       "head/bias: wrong value for a weight; expected (2,) float32, found (2,) int32"},
      {"initializer of another shape", [&] { with_short->kernel->value(); },
       "errors>short: the initializer gave another shape; expected (3, 2), found (1,)"},
      {"array of another size", [] { floats({2, 2}, {1, 2, 3}); },
       "wrong number of values for shape (2, 2); expected 4, found 3"},
      {"array of another type", [] { Array({2}, DType::int32).values<float>(); },
       "wrong element type of an array; expected float32, found int32"},
  });
}

TEST(Errors, Names) {
  Model model = small();
  auto shared = layers::Dense({.units = 1, .name = "shared"});
  Tensor y = shared(Input({3})), z = shared(Input({5, 3}));
  auto lstm = layers::LSTM({.units = 2, .return_state = true, .name = "lstm"});
  std::vector<Tensor> outputs = lstm.outputs(Input({4, 2}));
  auto add = layers::Add({.name = "add"});
  Tensor sum = add({Input({2}), Input({2})});
  auto fresh = layers::Dense({.units = 1, .name = "fresh"});
  expect_messages({
      {"name of a layer", [&] { model.get_layer("tail"); },
       "small: no layer named tail; expected one of x, head"},
      {"index of a layer", [&] { model.get_layer(size_t{7}); },
       "small: no layer at index 7; expected an index below 2"},
      {"input of a shared layer", [&] { shared->input(); },
       "shared: input of a layer that was called 2 times is ambiguous; use "
       "get_input_at(node_index)"},
      {"output of a shared layer", [&] { shared->output(); },
       "shared: output of a layer that was called 2 times is ambiguous; use "
       "get_output_at(node_index)"},
      {"mask of a shared layer", [&] { shared->input_mask(); },
       "shared: input_mask of a layer that was called 2 times is ambiguous; use "
       "get_input_mask_at(node_index)"},
      {"shape of a layer shared by shapes", [&] { shared->output_shape(); },
       "shared: output_shape of a layer that was called with different shapes is ill-defined; use "
       "get_output_shape_at(node_index)"},
      {"number of a call", [&] { shared->get_input_at(2); },
       "shared: no call number 2; expected a node_index below 2"},
      {"call of a fresh layer", [&] { fresh->get_output_shape_at(0); },
       "fresh: no call number 0; expected a layer that was called"},
      {"input of a fresh layer", [&] { fresh->input(); },
       "fresh: input of a layer that was not called; call the layer on a tensor first"},
      {"shape of a fresh layer", [&] { fresh->input_shape(); },
       "fresh: input_shape of a layer that was not called; call the layer on a tensor first"},
      {"one of several outputs", [&] { lstm->output(); },
       "lstm: output of a layer with 3 of them is ambiguous; use get_output_at(0), which gives "
       "all"},
      {"one of several inputs", [&] { add->input(); },
       "add: input of a layer with 2 of them is ambiguous; use get_input_at(0), which gives all"},
      {"shape of several outputs", [&] { lstm->output_shape(); },
       "lstm: the layer has 3 tensors there, not one output_shape; use "
       "get_output_shape_at(node_index)"},
      {"call that is gone",
       [] {
         auto layer = layers::Dense({.units = 1, .name = "layer"});
         layer(Input({3}));
         layer->get_output_at(0);
       },
       "layer: call number 0 is gone; keep its outputs, or a model made of them"},
      {"input of an InputLayer", [&] { model.layers()[0]->input(); }, "x: the layer has no input"},
  });
}

TEST(Errors, Predict) {
  Model model = small();
  Tensor a = Input({3}, {.name = "a"}), b = Input({3}, {.name = "b"});
  Model sum({a, b}, layers::Add()({a, b}), {.name = "sum"});
  Model two(a, {a * 1, a * 2}, {.name = "two"});
  Tensor fixed = Input({3}, {.name = "fixed", .batch_size = 2});
  Model of_two(fixed, fixed * 2, {.name = "of_two"});
  Array row = floats({1, 3}, {1, 2, 3});
  expect_messages({
      {"number of inputs", [&] { sum.predict(row); },
       "sum: wrong number of inputs; expected 2, found 1"},
      {"more inputs", [&] { model.predict({row, row}); },
       "small: wrong number of inputs; expected 1, found 2"},
      {"size of an axis", [&] { model.predict(floats({1, 4}, {1, 2, 3, 4})); },
       "small: input 'x': expected shape (None, 3), found (1, 4)"},
      {"rank", [&] { model.predict(floats({3}, {1, 2, 3})); },
       "small: input 'x': expected shape (None, 3), found (3,)"},
      {"nothing", [&] { model.predict(Array()); }, "small: an input of predict is an empty Array"},
      {"one of two outputs", [&] { two.predict(row); },
       "two: the model has 2 outputs, not one; use predict({input}), which gives all"},
      {"batches", [&] { sum.predict({row, floats({2, 3}, std::vector<float>(6))}); },
       "sum: input 'b': expected shape (1, 3), found (2, 3); dimension 0 must equal dimension 0 of "
       "input 'a'"},
      {"batch that is fixed", [&] { of_two.predict(row); },
       "of_two: input 'fixed': expected shape (2, 3), found (1, 3)"},
      {"stack without layers", [&] { Sequential({}, {.name = "stack"}).predict(row); },
       "stack: the model has no inputs yet; build it for an input shape, or call it on an Input()"},
  });
}
