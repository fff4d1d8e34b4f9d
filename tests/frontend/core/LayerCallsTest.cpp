// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a layer knows of its calls, and what the nodes of these calls hold.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::test;

TEST(LayerCalls, PlainPropertiesAreThoseOfTheOnlyCall) {
  auto dense = layers::Dense({.units = 3});
  Tensor x = Input({4}), y = dense(x);
  EXPECT_TRUE(dense->input().same_as(x));
  EXPECT_TRUE(dense->output().same_as(y));
  EXPECT_EQ(dense->input_shape(), (Shape{None, 4}));
  EXPECT_EQ(dense->output_shape(), (Shape{None, 3}));
  EXPECT_FALSE(dense->input_mask().defined());
}

TEST(LayerCalls, MasksOfCalls) {
  auto masking = layers::Masking();
  auto dense = layers::Dense({.units = 3});
  Tensor y = dense(masking(Input({5, 4})));
  EXPECT_FALSE(masking->input_mask().defined());
  EXPECT_EQ(masking->output_mask().shape(), (Shape{None, 5}));
  EXPECT_TRUE(dense->input_mask().same_as(masking->output_mask()));
  EXPECT_EQ(dense->output_mask().dtype(), DType::boolean);
  EXPECT_EQ(dense->get_input_mask_at(0)[0].shape(), (Shape{None, 5}));
  EXPECT_EQ(dense->get_output_mask_at(0)[0].shape(), (Shape{None, 5}));
}

TEST(LayerCalls, SharedLayersAreAskedByNode) {
  auto dense = layers::Dense({.units = 3, .name = "shared"});
  Tensor a = Input({4}), b = Input({7, 4}), y = dense(a), z = dense(b);
  EXPECT_TRUE(dense->get_input_at(1)[0].same_as(b));
  EXPECT_TRUE(dense->get_output_at(0)[0].same_as(y));
  EXPECT_EQ(dense->get_input_shape_at(1)[0], (Shape{None, 7, 4}));
  EXPECT_EQ(dense->get_output_shape_at(1)[0], (Shape{None, 7, 3}));
  EXPECT_FALSE(dense->get_input_mask_at(0)[0].defined());
  EXPECT_FALSE(dense->get_output_mask_at(1)[0].defined());
  EXPECT_EQ(message([&] { dense->input(); }),
            "shared: input of a layer that was called 2 times is ambiguous; use "
            "get_input_at(node_index)");
  EXPECT_EQ(message([&] { dense->output_mask(); }),
            "shared: output_mask of a layer that was called 2 times is ambiguous; use "
            "get_output_mask_at(node_index)");
  EXPECT_EQ(message([&] { dense->input_shape(); }),
            "shared: input_shape of a layer that was called with different shapes is ill-defined; "
            "use get_input_shape_at(node_index)");
}

TEST(LayerCalls, EqualShapesNeedNoNodeIndex) {
  auto dense = layers::Dense({.units = 3});
  Tensor y = dense(Input({4})), z = dense(Input({4}));
  EXPECT_EQ(dense->input_shape(), (Shape{None, 4}));
  EXPECT_EQ(dense->output_shape(), (Shape{None, 3}));
}

TEST(LayerCalls, OutboundNodesAreThoseWhoTakeTheOutputs) {
  auto first = layers::Dense({.units = 3}), second = layers::Dense({.units = 2});
  Tensor y = second(first(Input({4})));
  ASSERT_EQ(first->outbound_nodes().size(), 1u);
  EXPECT_EQ(first->outbound_nodes()[0]->outbound_layer(), LayerPtr(second));
  EXPECT_EQ(second->outbound_nodes().size(), 0u);
  EXPECT_EQ(second->inbound_nodes().size(), 1u);
}

TEST(Node, HoldsTheWholeCall) {
  auto lstm = layers::LSTM({.units = 3, .return_state = true, .name = "lstm"});
  auto add = layers::Add({.name = "sum"});
  Tensor a = Input({5, 2}, {.name = "a"});
  std::vector<Tensor> states = lstm.outputs(a);
  Tensor sum = add({states[0], states[2]});
  const Node &node = *sum.node();
  EXPECT_EQ(node.outbound_layer()->name(), "sum");
  EXPECT_EQ(node.inbound_layers()[1]->name(), "lstm");
  EXPECT_EQ(node.node_indices(), (std::vector<size_t>{0, 0}));
  EXPECT_EQ(node.tensor_indices(), (std::vector<size_t>{0, 2}));
  EXPECT_TRUE(node.input_tensors()[1].same_as(states[2]));
  EXPECT_TRUE(sum.node()->output_tensors()[0].same_as(sum));
  EXPECT_EQ(node.input_masks().size(), 2u);
  EXPECT_EQ(node.output_masks().size(), 1u);
  EXPECT_EQ(node.input_shapes()[1], (Shape{None, 3}));
  EXPECT_EQ(node.output_shapes()[0], (Shape{None, 3}));
  EXPECT_EQ(node.arguments().positional.as_list().size(), 1u);
  EXPECT_EQ(node.get_config().str(500),
            "{\"outbound_layer\": \"sum\", \"inbound_layers\": [\"lstm\", \"lstm\"], "
            "\"node_indices\": [0, 0], \"tensor_indices\": [0, 2], \"args\": [[tensor 0, "
            "tensor 1]], \"kwargs\": {}}");
}

TEST(Node, KeepsArgumentsThatAreNoTensors) {
  auto attention = layers::Attention();
  Tensor q = Input({3, 4}), v = Input({5, 4});
  Tensor y = attention(Arguments({q, v}).with("use_causal_mask", true)).front();
  EXPECT_TRUE(y.node()->arguments().flag("use_causal_mask", false));
}
