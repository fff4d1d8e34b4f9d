// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers, nodes, weights and the errors of wrong use.
#include "tests/frontend/core/Support.h"

#include "frontend/core/Node.h"

#include <gtest/gtest.h>

using namespace horn;
using horn::test::message;

namespace {
struct Scale : Layer {
  void build(const Shape &input) override {
    gamma = add_weight("gamma", {input.back()}, {.initializer = "ones"});
  }
  Tensor call(const Tensor &x) override { return x * gamma; }
  Weight gamma;
};

struct Block : Layer {
  layers::Dense first{{.units = 3}}, second{{.units = 2}};
  Tensor call(const Tensor &x) override { return second(first(x)); }
};
} // namespace

TEST(Layer, OwnLayerIsBuiltOnFirstCall) {
  auto scale = make_layer<Scale>();
  EXPECT_FALSE(scale->built());
  Tensor y = scale(Input({4}));
  EXPECT_TRUE(scale->built());
  EXPECT_EQ(y.shape(), (Shape{None, 4}));
  EXPECT_EQ(scale->class_name(), "Scale");
  EXPECT_EQ(scale->count_params(), 4);
}

TEST(Layer, StaysAliveThroughTheGraph) {
  Tensor x = Input({4});
  Tensor y = layers::Dense({.units = 3})(x);
  EXPECT_EQ(Model(x, y).count_params(), 15);
}

TEST(Layer, SharedLayerHasTwoNodes) {
  auto dense = layers::Dense({.units = 3});
  Tensor a = Input({4}), b = Input({4});
  Tensor y = dense(a), z = dense(b);
  EXPECT_EQ(dense->inbound_nodes().size(), 2u);
  EXPECT_TRUE(dense->get_output_at(1)[0].same_as(z));
  EXPECT_EQ(dense->weights().size(), 2u);
  EXPECT_NE(message([&] { dense->output(); }).find("ambiguous"), std::string::npos);
}

TEST(Layer, NodeSaysWhereTensorsComeFrom) {
  Tensor a = Input({4}, {.name = "left"}), b = Input({4}, {.name = "right"});
  Tensor sum = layers::Add()({a, b});
  const Node &node = *sum.node();
  ASSERT_EQ(node.inbound_layers().size(), 2u);
  EXPECT_EQ(node.inbound_layers()[1]->name(), "right");
  EXPECT_EQ(node.output_shapes()[0], (Shape{None, 4}));
}

TEST(Layer, LayersCalledInsideAreTracked) {
  auto block = make_layer<Block>();
  block(Input({4}));
  EXPECT_EQ(block->weights().size(), 4u);
}

TEST(Layer, NoRandomNumbersUntilAskedFor) {
  auto dense = layers::Dense({.units = 3});
  dense(Input({4}));
  EXPECT_FALSE(dense->kernel->has_value());
  Array first = dense->kernel->value();
  EXPECT_TRUE(dense->kernel->has_value());
  EXPECT_NE(first.at(0), 0);
}

TEST(Layer, SetWeightsChecksAllFirst) {
  auto dense = layers::Dense({.units = 2});
  dense(Input({3}));
  std::vector<Array> values = dense->get_weights();
  double before = values[0].at(0);
  values[0].set(0, before + 1);
  values[1] = Array({5}, DType::float32);
  EXPECT_THROW(dense->set_weights(values), Error);
  EXPECT_EQ(dense->kernel->value().at(0), before);
}

TEST(Layer, ErrorsNameTheLayer) {
  Tensor x = Input({8, 8, 3});
  EXPECT_EQ(message([&] {
              layers::Conv2D({.filters = 4, .kernel_size = {3, 3}, .groups = 2, .name = "conv"})(x);
            }),
            "conv: channels of the input are not a multiple of groups; expected a multiple of 2, "
            "found 3");
  EXPECT_EQ(message([&] { layers::Dense({.units = -1}); }),
            "Dense: wrong number of units; expected a positive integer, found -1");
  EXPECT_EQ(message([&] { layers::Conv1D({.filters = 2, .kernel_size = 3, .name = "c"})(x); }),
            "c: input 0 is incompatible with the layer; expected ndim=3, found ndim=4, full shape "
            "(None, 8, 8, 3)");
}

TEST(Layer, ConfigIsReadBack) {
  auto conv = layers::Conv2D({.filters = 4, .kernel_size = 3, .padding = "same"});
  ConfigValue config = conv->get_config();
  EXPECT_EQ(config.at("kernel_size").as_ints(), (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(config.at("activation").as_string(), "linear");
  struct NoLayers : LayerReader {
    LayerPtr read_layer(const ConfigValue &) override { return nullptr; }
  } reader;
  LayerPtr copy = layers::Conv2DLayer::from_config(config, reader);
  EXPECT_EQ(copy->get_config(), config);
}

TEST(Layer, NamesAreKerass) {
  EXPECT_EQ(snake_case("BatchNormalization"), "batch_normalization");
  EXPECT_EQ(snake_case("Conv2DTranspose"), "conv2d_transpose");
  EXPECT_EQ(snake_case("ReLU"), "re_lu");
  EXPECT_EQ(snake_case("PReLU"), "p_re_lu");
  EXPECT_EQ(snake_case("LSTM"), "lstm");
  EXPECT_EQ(snake_case("SimpleRNN"), "simple_rnn");
  EXPECT_EQ(snake_case("ConvLSTM2D"), "conv_lstm2d");
  EXPECT_EQ(snake_case("RMSNormalization"), "rms_normalization");
  EXPECT_EQ(snake_case("MultiHeadAttention"), "multi_head_attention");
}
