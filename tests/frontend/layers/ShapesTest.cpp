// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every layer once: shape of the output and number of weights.
#include <horn/horn.h>

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::layers;

namespace {
struct Case {
  const char *name;
  LayerPtr layer;
  Shape input, output;
  int64_t parameters;
};
} // namespace

static void check(const Case &c) {
  SCOPED_TRACE(c.name);
  Tensor y = (*c.layer)(Input(c.input)).front();
  EXPECT_EQ(y.shape(), Shape{None}.concat(c.output)) << y.shape().str();
  EXPECT_EQ(c.layer->count_params(), c.parameters);
}

TEST(Layers, ConvolutionAndPooling) {
  const Case cases[] = {
      {"same",
       Conv2D({.filters = 4, .kernel_size = {3, 3}, .padding = "same"}),
       {8, 8, 3},
       {8, 8, 4},
       112},
      {"valid", Conv2D({.filters = 4, .kernel_size = 3, .strides = 2}), {9, 8, 3}, {4, 3, 4}, 112},
      {"groups", Conv2D({.filters = 4, .kernel_size = 1, .groups = 2}), {8, 8, 2}, {8, 8, 4}, 8},
      {"channels_first",
       Conv2D({.filters = 4, .kernel_size = 3, .data_format = "channels_first"}),
       {3, 8, 8},
       {4, 6, 6},
       112},
      {"causal",
       Conv1D({.filters = 2, .kernel_size = 3, .padding = "causal", .dilation_rate = 2}),
       {8, 3},
       {8, 2},
       20},
      {"3d", Conv3D({.filters = 2, .kernel_size = 2}), {4, 4, 4, 1}, {3, 3, 3, 2}, 18},
      {"depthwise",
       DepthwiseConv2D({.kernel_size = 3, .depth_multiplier = 2}),
       {8, 8, 3},
       {6, 6, 6},
       60},
      {"separable", SeparableConv2D({.filters = 5, .kernel_size = 3}), {8, 8, 3}, {6, 6, 5}, 47},
      {"transpose",
       Conv2DTranspose({.filters = 4, .kernel_size = 3, .strides = 2, .padding = "same"}),
       {4, 4, 3},
       {8, 8, 4},
       112},
      {"max", MaxPooling2D(), {8, 7, 3}, {4, 3, 3}, 0},
      {"average", AveragePooling1D({.pool_size = 3, .padding = "same"}), {8, 3}, {3, 3}, 0},
      {"global", GlobalAveragePooling2D(), {8, 7, 3}, {3}, 0},
      {"global kept", GlobalMaxPooling1D({.keepdims = true}), {8, 3}, {1, 3}, 0},
  };
  for (const Case &c : cases)
    check(c);
}

TEST(Layers, Others) {
  const Case cases[] = {
      {"dense", Dense({.units = 3}), {5, 4}, {5, 3}, 15},
      {"batch norm", BatchNormalization(), {5, 4}, {5, 4}, 16},
      {"layer norm", LayerNormalization(), {5, 4}, {5, 4}, 8},
      {"prelu", PReLU(), {5, 4}, {5, 4}, 20},
      {"flatten", Flatten(), {5, 4}, {20}, 0},
      {"reshape", Reshape({.target_shape = {2, -1}}), {5, 4}, {2, 10}, 0},
      {"permute", Permute({.dims = {2, 1}}), {5, 4}, {4, 5}, 0},
      {"repeat", RepeatVector({.n = 3}), {4}, {3, 4}, 0},
      {"pad", ZeroPadding2D({.padding = {{0, 1}, {2, 3}}}), {5, 4, 1}, {6, 9, 1}, 0},
      {"pad 1", ZeroPadding1D({.padding = {1, 2}}), {5, 4}, {8, 4}, 0},
      {"crop", Cropping2D({.cropping = 1}), {5, 4, 1}, {3, 2, 1}, 0},
      {"up", UpSampling2D(), {5, 4, 1}, {10, 8, 1}, 0},
      {"lstm", LSTM({.units = 3}), {5, 4}, {3}, 96},
      {"gru", GRU({.units = 3, .return_sequences = true}), {5, 4}, {5, 3}, 81},
      {"gru v1", GRU({.units = 3, .reset_after = false}), {5, 4}, {3}, 72},
      {"rnn", SimpleRNN({.units = 3}), {5, 4}, {3}, 24},
      {"stacked",
       RNN({.cell = StackedRNNCells({.cells = {LSTMCell({.units = 3}), GRUCell({.units = 2})}})}),
       {5, 4},
       {2},
       138},
      {"bidirectional", Bidirectional({.layer = LSTM({.units = 3})}), {5, 4}, {6}, 192},
      {"time distributed", TimeDistributed({.layer = Dense({.units = 3})}), {5, 4}, {5, 3}, 15},
      {"rescaling", Rescaling({.scale = 0.5}), {5, 4}, {5, 4}, 0},
      {"normalization", Normalization(), {4}, {4}, 9},
      {"softmax", Softmax(), {4}, {4}, 0},
  };
  for (const Case &c : cases)
    check(c);
}

TEST(Layers, RecurrentStatesComeOut) {
  auto lstm = LSTM({.units = 3, .return_state = true});
  Tensor x = Input({5, 4});
  std::vector<Tensor> outputs = lstm.outputs(x);
  ASSERT_EQ(outputs.size(), 3u);
  EXPECT_EQ(outputs[2].shape(), (Shape{None, 3}));
  Arguments next(x);
  next.named.set("initial_state", ConfigValue::list());
  EXPECT_EQ(lstm.outputs(x).size(), 3u);
}

TEST(Layers, EveryRegisteredLayerHasAFreshConfiguration) {
  EXPECT_GE(layer_names().size(), 80u);
  EXPECT_NE(find_layer("MaxPool2D"), nullptr);
  EXPECT_EQ(find_layer("Lambda"), nullptr);
}
