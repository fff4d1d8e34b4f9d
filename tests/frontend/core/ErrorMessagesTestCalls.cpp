// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers, models and functions called on tensors that do not fit.
#include "tests/frontend/core/ErrorMessages.h"

using namespace horn;
using namespace horn::test;

namespace {
struct Silent : Layer {};
struct Unbuilt : Layer {
  Unbuilt() : Layer("unbuilt") {}
  Tensor call(const Tensor &x) override { return x * weight; }
  Weight weight;
};
struct Empty : Layer {
  Empty() : Layer("empty") {}
  std::vector<Tensor> call_with(const Arguments &) override { return {}; }
};
struct WrongMask : Layer {
  WrongMask() : Layer("wrong_mask") {}
  Tensor call(const Tensor &x) override { return x; }
  std::vector<Tensor> compute_mask(const Arguments &, const std::vector<Tensor> &) override {
    return {};
  }
};
/// Does in its call what it is told.
struct Doing : Layer {
  explicit Doing(std::function<void(Doing &, const Tensor &)> what)
      : Layer("doing"), what(std::move(what)) {}
  void build(const Shape &) override {
    weight = add_weight("weight", {2}, {.trainable = false});
    state = add_state("state", {2}, DType::float32);
  }
  Tensor call(const Tensor &x) override {
    what(*this, x);
    return x;
  }
  using Layer::add_state;
  using Layer::add_weight;
  std::function<void(Doing &, const Tensor &)> what;
  Weight weight, state;
};

void doing(std::function<void(Doing &, const Tensor &)> what) {
  make_layer<Doing>(std::move(what))(Input({2}));
}
} // namespace

TEST(Errors, Calls) {
  Tensor x = Input({4}), picture = Input({8, 8, 3}), series = Input({5, 2});
  auto dense = layers::Dense({.units = 2, .name = "dense"});
  dense(x);
  expect_messages({
      {"rank", [&] { layers::Conv2D({.filters = 1, .kernel_size = 1, .name = "conv"})(x); },
       "conv: input 0 is incompatible with the layer; expected ndim=4, found ndim=2, full shape "
       "(None, 4)"},
      {"rank at least", [&] { layers::LSTM({.units = 1, .name = "lstm"})(x); },
       "lstm: input 0 is incompatible with the layer; expected min_ndim=3, found ndim=2, full "
       "shape (None, 4)"},
      {"size of an axis", [&] { dense(Input({5})); },
       "dense: input 0 is incompatible with the layer; expected axis -1 to have value 4, found "
       "shape (None, 5)"},
      {"a scalar a row", [&] { layers::Dense({.units = 1, .name = "d"})(Input({})); },
       "d: input 0 is incompatible with the layer; expected min_ndim=2, found ndim=1, full shape "
       "(None,)"},
      {"an unknown last axis", [&] { layers::Dense({.units = 1, .name = "d"})(Input({None})); },
       "d: weight kernel needs a known shape; expected sizes that are known when the layer is "
       "built, found (None, 1); give the input a fixed size on that axis"},
      {"channels and groups",
       [&] {
         layers::Conv2D({.filters = 4, .kernel_size = 1, .groups = 2, .name = "conv"})(picture);
       },
       "conv: channels of the input are not a multiple of groups; expected a multiple of 2, found "
       "3"},
      {"kernel larger than the picture",
       [&] { layers::Conv2D({.filters = 1, .kernel_size = 9, .name = "conv"})(picture); },
       "conv: the result would be empty; expected a window that fits into the input, found an "
       "input of shape (None, 8, 8, 3)"},
      {"pool larger than the picture",
       [&] { layers::MaxPooling2D({.pool_size = 9, .name = "pool"})(picture); },
       "pool: the result would be empty; expected a window that fits into the input, found an "
       "input of shape (None, 8, 8, 3)"},
      {"two tensors for one", [&] { dense({x, x}); },
       "dense: Dense takes one input; expected 1, found 2"},
      {"one tensor for two", [&] { layers::Subtract({.name = "minus"})(x); },
       "minus: Subtract needs two tensors; expected 2, found 1"},
      {"shapes of a sum", [&] { layers::Add({.name = "add"})({x, Input({5})}); },
       "add: shapes cannot be broadcast together: sizes 4 and 5 on axis 1"},
      {"shapes of a concatenation",
       [&] { layers::Concatenate({.name = "join"})({series, Input({6, 2})}); },
       "join: concatenate needs equal sizes on axis 1, not 5 and 6"},
      {"axes of a product", [&] { layers::Dot({.axes = 1, .name = "dot"})({x, Input({5})}); },
       "dot: matmul's inner sizes differ: 4 and 5"},
      {"attention without values",
       [&] { layers::MultiHeadAttention({.num_heads = 1, .key_dim = 2, .name = "mha"})(series); },
       "mha: MultiHeadAttention needs a query and a value"},
      {"number of initial states",
       [&] {
         layers::LSTM({.units = 3, .name = "lstm"})(Arguments(series).with("initial_state", x));
       },
       "lstm: wrong number of initial states; expected 2, found 1"},
      {"tensor never set", [&] { dense(Tensor()); }, "dense: a tensor is used that was never set"},
      {"elements of a reshape",
       [&] { layers::Reshape({.target_shape = {3}, .name = "reshape"})(x); },
       "reshape: the number of elements must stay the same; expected a target_shape of 4 elements, "
       "found (3,)"},
      {"sizes of a flat layer",
       [&] { layers::Embedding({.input_dim = 3, .output_dim = 2, .name = "e"})(Tensor()); },
       "e: a tensor is used that was never set"},
  });
}

TEST(Errors, OwnLayers) {
  Tensor x = Input({2});
  expect_messages({
      {"no call", [&] { make_layer<Silent>()(x); },
       "silent: Silent does not say what it computes; override call, call_many or call_with"},
      {"weight not added", [&] { make_layer<Unbuilt>()(x); },
       "unbuilt: a weight is used that was not added; add it in build() with add_weight"},
      {"no outputs", [&] { make_layer<Empty>()(x); }, "empty: the layer gave no tensor"},
      {"masks", [&] { make_layer<WrongMask>()(x); },
       "wrong_mask: compute_mask gave the wrong number of masks; expected 1, found 0; give an "
       "undefined Tensor for no mask"},
      {"on the stack",
       [&] {
         Empty layer;
         layer(x);
       },
       "Empty: a layer is called that no shared pointer owns; make layers with "
       "make_layer<Empty>(...)"},
      {"loss that is no scalar",
       [] { doing([](Doing &layer, const Tensor &x) { layer.add_loss(x); }); },
       "doing: a loss must be a scalar; expected shape (), found shape (None, 2); take ops::mean "
       "or ops::sum of it"},
      {"metric without a name",
       [] { doing([](Doing &layer, const Tensor &x) { layer.add_metric(ops::sum(x), ""); }); },
       "doing: a metric needs a name"},
      {"update of another shape",
       [] {
         doing([](Doing &layer, const Tensor &x) { layer.add_update(layer.weight, ops::sum(x)); });
       },
       "doing: an update of weight has the wrong shape; expected (2,), found ()"},
      {"state of another shape",
       [] { doing([](Doing &layer, const Tensor &x) { layer.state.assign(ops::sum(x)); }); },
       "doing: state state is assigned a tensor of another shape; expected (2,), found ()"},
      {"weight added in call",
       [] { doing([](Doing &layer, const Tensor &) { layer.add_weight("late", {2}); }); },
       "doing: weight late is added to a layer that is built already; add weights in the "
       "constructor or in build()"},
      {"loss outside of call",
       [&] { layers::Dense({.units = 1, .name = "d"})->add_loss(ops::sum(x)); },
       "d: add_loss of a tensor outside of the layer's call; call it in call(), give a function "
       "for a loss of weights alone, or use model.add_loss(tensor)"},
      {"metric outside of call",
       [&] { layers::Dense({.units = 1, .name = "d"})->add_metric(ops::sum(x), "m"); },
       "d: add_metric of a tensor outside of the layer's call; call it in call(), or use "
       "model.add_metric(tensor, name)"},
      {"update outside of call",
       [&] { layers::Dense({.units = 1, .name = "d"})->add_update(Weight(), x); },
       "d: add_update of a tensor outside of the layer's call; call it in call(), or give a "
       "function for an update that depends on no input"},
      {"update of nothing",
       [&] { layers::Dense({.units = 1, .name = "d"})->add_update(Weight(), [x] { return x; }); },
       "d: an update needs a variable; see add_weight"},
  });
}

TEST(Errors, Functions) {
  Tensor x = Input({4}), y = Input({5});
  expect_messages({
      {"broadcast", [&] { x + y; },
       "add: shapes cannot be broadcast together: sizes 4 and 5 on axis 1"},
      {"axis", [&] { ops::sum(x, 3); },
       "sum: axis out of range; expected -2 to 1 for a shape (None, 4), found 3"},
      {"reshape", [&] { ops::reshape(Input({4}, {.batch_size = 2}), {3}); },
       "reshape: cannot reshape 8 elements into 3"},
      {"matmul", [&] { ops::matmul(Input({3, 4}), Input({3, 4})); },
       "matmul: matmul's inner sizes differ: 4 and 3"},
      {"transpose", [&] { ops::transpose(x, {0, 0}); },
       "transpose: an axis is named twice in a permutation; expected each of 0 to 1 once, found "
       "[0, 0]"},
      {"concatenate nothing", [&] { ops::concatenate({}); },
       "nothing to concatenate; expected one tensor or more, found none"},
      {"split", [&] { ops::split(x, 3, 1); },
       "split: an axis cannot be split into equal parts; expected a divisor of 4, found 3"},
      {"squeeze", [&] { ops::squeeze(x, 1); },
       "squeeze: only axes of size 1 can be squeezed; found (None, 4)"},
  });
}

TEST(Errors, CallsOfModels) {
  Tensor a = Input({3}, {.name = "a"}), b = Input({3}, {.name = "b"});
  Model model({a, b}, layers::Add({.name = "add"})({a, b}), {.name = "model"});
  expect_messages({
      {"number of inputs", [&] { model(a); }, "model: wrong number of inputs; expected 2, found 1"},
      {"shape of an input", [&] { model({a, Input({4})}); },
       "model: input b does not fit the model; expected (None, 3), found (None, 4)"},
      {"rank of an input", [&] { model({a, Input({2, 3})}); },
       "model: input b does not fit the model; expected (None, 3), found (None, 2, 3)"},
      {"loss of other inputs", [&] { model.add_loss(ops::sum(Input({3}, {.name = "c"}))); },
       "model: graph disconnected: cannot obtain a value for tensor c of shape (None, 3) at layer "
       "sum; expected tensors computed from the inputs of the model; layers that were reached "
       "before: a, b, add"},
      {"loss that is no scalar", [&] { model.add_loss(a); },
       "model: a loss or metric of a model must be a scalar; expected shape (), found shape (None, "
       "3); take ops::mean or ops::sum of it"},
      {"metric without a name", [&] { model.add_metric(ops::sum(a), ""); },
       "model: a metric needs a name"},
      {"shape without a batch", [&] { Sequential({}, {.name = "s"}).build({}); },
       "s: build needs a shape with a batch axis"},
      {"stateful with an open batch",
       [&] { layers::GRU({.units = 1, .stateful = true, .name = "gru"})(Input({5, 2})); },
       "gru: a stateful recurrent layer needs a batch size; expected a fixed first axis, found "
       "shape (None, 5, 2); make the input with Input(shape, {.batch_size = 32})"},
  });
}
