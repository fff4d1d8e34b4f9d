// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers and models made with wrong arguments.
#include "tests/frontend/core/ErrorMessages.h"

using namespace horn;
using namespace horn::test;

TEST(Errors, LayerArguments) {
  expect_messages({
      {"no units", [] { layers::Dense({.units = 0}); },
       "Dense: wrong number of units; expected a positive integer, found 0"},
      {"negative units, named layer", [] { layers::Dense({.units = -1, .name = "head"}); },
       "head: wrong number of units; expected a positive integer, found -1"},
      {"no filters", [] { layers::Conv2D({.kernel_size = 3}); },
       "Conv2D: wrong filters or groups; expected positive filters that are a multiple of groups, "
       "found 0 filters, 1 groups"},
      {"kernel of another rank", [] { layers::Conv2D({.filters = 4, .kernel_size = {3, 3, 3}}); },
       "Conv2D: wrong kernel_size; expected 2 integers of at least 1, or one for all, found [3, 3, "
       "3]"},
      {"no stride", [] { layers::Conv1D({.filters = 4, .kernel_size = 3, .strides = 0}); },
       "Conv1D: wrong strides; expected 1 integers of at least 1, or one for all, found [0]"},
      {"padding", [] { layers::Conv2D({.filters = 4, .kernel_size = 3, .padding = "full"}); },
       "Conv2D: unknown padding; expected valid or same, found full"},
      {"data_format",
       [] { layers::Conv2D({.filters = 4, .kernel_size = 3, .data_format = "nhwc"}); },
       "Conv2D: unknown data_format; expected channels_last or channels_first, found nhwc"},
      {"strides and dilation",
       [] { layers::Conv2D({.filters = 4, .kernel_size = 3, .strides = 2, .dilation_rate = 2}); },
       "Conv2D: strides and dilation_rate are both above 1; Keras takes one of them only"},
      {"groups", [] { layers::Conv2D({.filters = 4, .kernel_size = 3, .groups = 3}); },
       "Conv2D: wrong filters or groups; expected positive filters that are a multiple of groups, "
       "found 4 filters, 3 groups"},
      {"no vocabulary", [] { layers::Embedding({.input_dim = 0, .output_dim = 3}); },
       "Embedding: wrong input_dim or output_dim; expected positive integers, found 0 and 3"},
      {"no heads", [] { layers::MultiHeadAttention({.num_heads = 0, .key_dim = 2}); },
       "MultiHeadAttention: wrong num_heads, key_dim or value_dim; expected positive integers, "
       "found 0 heads of 2 and 2"},
      {"no units of a recurrent layer", [] { layers::LSTM({.units = 0}); },
       "LSTM: lstm_cell: wrong number of units; expected a positive integer, found 0"},
      {"no cell", [] { layers::RNN(layers::RNNConfig{}); },
       "RNN: a recurrent layer needs a cell; expected LSTMCell, GRUCell, SimpleRNNCell, "
       "StackedRNNCells or a class derived from RnnCell, found nothing"},
      {"cell that is none", [] { layers::RNN({.cell = layers::Dense({.units = 1})}); },
       "RNN: a recurrent layer needs a cell; expected LSTMCell, GRUCell, SimpleRNNCell, "
       "StackedRNNCells or a class derived from RnnCell, found Dense"},
      {"no cells", [] { layers::StackedRNNCells(layers::StackedRNNCellsConfig{}); },
       "StackedRNNCells needs a cell"},
      {"both directions of a dense layer",
       [] { layers::Bidirectional({.layer = layers::Dense({.units = 1})}); },
       "Bidirectional: Bidirectional needs a recurrent layer; expected LSTM, GRU, SimpleRNN or "
       "RNN, found Dense"},
      {"rate", [] { layers::Dropout({.rate = 1.5}); },
       "Dropout: wrong rate; expected a number from 0 to 1, found 1.5"},
      {"interpolation",
       [] { layers::UpSampling2D({.interpolation = "cubicle"})(Input({4, 4, 1})); },
       "up_sampling2d: unknown interpolation cubicle; expected nearest, bilinear, bicubic, "
       "lanczos3 or lanczos5"},
      {"padding of another rank",
       [] { layers::ZeroPadding2D({.padding = {{1, 1}, {1, 1}, {1, 1}}}); },
       "ZeroPadding2D: wrong padding; expected one integer, or 2 integers or pairs of integers, "
       "none negative, found 3 entries"},
      {"axes of a permutation", [] { layers::Permute({.dims = {1, 1}})(Input({3, 4})); },
       "permute: wrong dims of Permute; expected each of 1 to 2 once, found [1, 1]"},
      {"slash in a name", [] { layers::Dense({.units = 1, .name = "a/b"}); },
       "a/b: a name must not contain a slash; use _ or - in its place"},
  });
}

TEST(Errors, NamesOfParts) {
  expect_messages({
      {"activation", [] { layers::Dense({.units = 1, .activation = "rellu"}); },
       "unknown activation function rellu; see Activation::names() for those there are"},
      {"initializer", [] { layers::Dense({.units = 1, .kernel_initializer = "glorrot"}); },
       "unknown initializer glorrot; expected one of keras.initializers, such as glorot_uniform or "
       "zeros"},
      {"regularizer", [] { layers::Dense({.units = 1, .kernel_regularizer = "l3"}); },
       "unknown regularizer l3; expected one of L1, L2, L1L2, OrthogonalRegularizer"},
      {"constraint", [] { layers::Dense({.units = 1, .kernel_constraint = "positive"}); },
       "unknown constraint positive; expected one of MaxNorm, MinMaxNorm, NonNeg, UnitNorm"},
      {"dtype", [] { layers::Dense({.units = 1, .dtype = "float12"}); },
       "unknown dtype \"float12\"; use one of float32, float64, float16, bfloat16, bool, int8 to "
       "int64, uint8 to uint64"},
      {"object without a name", [] { register_activation("pkg>", [](Tensor x) { return x; }); },
       "an object is registered without a name; expected \"package>Name\""},
      {"object without a function", [] { register_regularizer("pkg>none", nullptr); },
       "pkg>none: an object is registered without a function"},
      {"shape of an input", [] { Input({3, -2}); },
       "negative size in the shape of an input; expected sizes of at least 0, or None, found -2"},
      {"orthogonal vector", [] { Initializer("orthogonal")({3}, DType::float32, 0); },
       "initializer Orthogonal needs a shape of rank 2 or more; found (3,)"},
      {"identity of rank 3", [] { Initializer("identity")({3, 3, 3}, DType::float32, 0); },
       "initializer Identity needs a shape of rank 2; found (3, 3, 3)"},
  });
}

TEST(Errors, Construction) {
  auto dense = [] { return layers::Dense({.units = 2, .name = "dense"}); };
  Tensor a = Input({3}, {.name = "a"}), b = Input({3}, {.name = "b"});
  expect_messages({
      {"input that is no Input", [&] { Model(dense()(a), a); },
       "an input of a model must come from Input(); found tensor dense of shape (None, 2); for a "
       "part of a model, call its layers on a new Input()"},
      {"input never set", [&] { Model(Tensor(), a); },
       "an input of a model must come from Input(); found a tensor that was never set; for a part "
       "of a model, call its layers on a new Input()"},
      {"output never set", [&] { Model(a, Tensor()); },
       "an output of a model is a tensor that was never set"},
      {"no outputs", [&] { Model(a, std::vector<Tensor>{}); }, "a model needs an output"},
      {"input twice", [&] { Model({a, a}, dense()(a)); },
       "an input is given twice to a model; found tensor a of shape (None, 3); give each input "
       "once, and inputs names of their own"},
      {"disconnected", [&] { Model(a, layers::Concatenate({.name = "join"})({dense()(a), b})); },
       "graph disconnected: cannot obtain a value for tensor b of shape (None, 3) at layer join; "
       "expected tensors computed from the inputs of the model; layers that were reached before: "
       "a, dense"},
      {"output of other inputs", [&] { Model(a, b); },
       "graph disconnected: cannot obtain a value for tensor b of shape (None, 3), an output of "
       "the model; expected tensors computed from the inputs of the model; layers that were "
       "reached before: a"},
      {"a name twice", [&] { Model(a, dense()(dense()(a))); },
       "the name dense is used by two layers of the model; expected unique names of layers; give "
       "one of them another name"},
      {"slash in a name", [&] { Model(a, dense()(a), {.name = "m/n"}); },
       "m/n: a name must not contain a slash; use _ or - in its place"},
      {"InputLayer in the middle",
       [&] {
         Sequential({dense(),
                     make_layer<layers::InputLayer>(layers::InputConfig{.batch_shape = {None, 3}})},
                    {.name = "stack"});
       },
       "stack: an InputLayer must be the first layer"},
      {"pop of an empty stack", [] { Sequential({}, {.name = "stack"}).pop(); },
       "stack: there is no layer to take away"},
      {"layer that does not fit the stack",
       [&] {
         Sequential stack({}, {.name = "stack"});
         stack.add(make_layer<layers::InputLayer>(
             layers::InputConfig{.batch_shape = {None, 3}, .name = "in"}));
         stack.add(layers::Conv1D({.filters = 1, .kernel_size = 1, .name = "conv"}));
       },
       "conv: input 0 is incompatible with the layer; expected ndim=3, found ndim=2, full shape "
       "(None, 3)"},
  });
}
