// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in Keras's layers: one test each, named after it, with numbers small
// enough to be worked out by hand.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

static Array array(Shape shape, std::vector<float> values) {
  return Array(std::move(shape), std::span<const float>(values));
}

static Array counting(Shape shape) {
  Array values(std::move(shape), DType::float32);
  for (size_t i = 0; i < values.size(); ++i)
    values.set(i, static_cast<double>(i + 1));
  return values;
}

TEST(Traps, ConvolutionSamePadsTheOddElementAtTheEnd) {
  Tensor x = Input({4, 1});
  auto conv = Conv1D({.filters = 1, .kernel_size = 2, .padding = "same", .use_bias = false});
  Model model(x, conv(x));
  conv->set_weights({array({2, 1, 1}, {1, 10})});
  expect(run(model, {counting({1, 4, 1})}), {1, 4, 1}, {21, 32, 43, 4});
}

TEST(Traps, TransposedConvolutionValidIsLongerWhereStrideExceedsKernel) {
  Tensor x = Input({3, 1});
  EXPECT_EQ(Conv1DTranspose({.filters = 1, .kernel_size = 2, .strides = 3})(x).dim(1), 9);
  EXPECT_EQ(Conv1DTranspose({.filters = 1, .kernel_size = 4, .strides = 3})(x).dim(1), 10);
}

TEST(Traps, AveragePoolingSameLeavesPaddingOut) {
  Tensor x = Input({3, 1});
  Model model(x, AveragePooling1D({.pool_size = 2, .padding = "same"})(x));
  expect(run(model, {counting({1, 3, 1})}), {1, 2, 1}, {1.5, 3});
}

TEST(Traps, DepthwiseChannelsComeBeforeMultipliers) {
  Tensor x = Input({1, 2});
  auto conv = DepthwiseConv1D({.kernel_size = 1, .depth_multiplier = 2, .use_bias = false});
  Model model(x, conv(x));
  conv->set_weights({array({1, 2, 2}, {1, 10, 100, 1000})});
  expect(run(model, {array({1, 1, 2}, {1, 2})}), {1, 1, 4}, {1, 10, 200, 2000});
}

TEST(Traps, FlattenOfChannelsFirstMovesChannelsLast) {
  Tensor x = Input({2, 3});
  Model model(x, Flatten({.data_format = "channels_first"})(x));
  expect(run(model, {counting({1, 2, 3})}), {1, 6}, {1, 4, 2, 5, 3, 6});
}

TEST(Traps, PermuteCountsFromOne) {
  Tensor x = Input({2, 3});
  Model model(x, Permute({.dims = {2, 1}})(x));
  expect(run(model, {counting({1, 2, 3})}), {1, 3, 2}, {1, 4, 2, 5, 3, 6});
}

TEST(Traps, LeakyReluSlopeOfLayerAndOfFunctionDiffer) {
  Tensor x = Input({1});
  expect(run(Model(x, LeakyReLU()(x)), {array({1, 1}, {-10})}), {1, 1}, {-3});
  expect(run(Model(x, layers::Activation({.activation = "leaky_relu"})(x)), {array({1, 1}, {-10})}),
         {1, 1}, {-2});
}

TEST(Traps, ReluSlopeCountsFromTheThreshold) {
  Tensor x = Input({4});
  Model model(x, ReLU({.max_value = 3, .negative_slope = 0.5, .threshold = 1})(x));
  expect(run(model, {array({1, 4}, {-1, 1, 2, 5})}), {1, 4}, {-1, 0, 2, 3});
}

TEST(Traps, GeluOfTheNameIsExactAndOfTheOperationApproximate) {
  Tensor x = Input({1});
  Array two = array({1, 1}, {2});
  double exact = 1 + std::erf(std::sqrt(2.0));
  double approximate = 1 + std::tanh(std::sqrt(2 / M_PI) * (2 + 0.044715 * 8));
  expect(run(Model(x, layers::Activation({.activation = "gelu"})(x)), {two}), {1, 1}, {exact});
  expect(run(Model(x, ops::gelu(x)), {two}), {1, 1}, {approximate});
}

TEST(Traps, HardSigmoidIsKeras3s) {
  Tensor x = Input({1});
  Model model(x, layers::Activation({.activation = "hard_sigmoid"})(x));
  expect(run(model, {array({1, 1}, {1})}), {1, 1}, {4.0 / 6});
}

TEST(Traps, SparsemaxAddsUpRunningSums) {
  Tensor x = Input({2});
  Model model(x, layers::Activation({.activation = "sparsemax"})(x));
  // Support {0.6, 0.4}, running sums 0.6 and 1.0: the threshold is (1.6 - 1) / 2, not (1 - 1) / 2.
  expect(run(model, {array({1, 2}, {0.6F, 0.4F})}), {1, 2}, {0.3, 0.1});
}

TEST(Traps, AttentionTakesValueBeforeKeyAndDoesNotScale) {
  Tensor query = Input({1, 2}), value = Input({2, 1}), key = Input({2, 2});
  Model model({query, value, key}, Attention()({query, value, key}));
  double weight = 1 / (1 + std::exp(-4.0)); // scores 4 and 0
  expect(run(model,
             {array({1, 1, 2}, {2, 0}), array({1, 2, 1}, {1, 0}), array({1, 2, 2}, {2, 0, 0, 0})}),
         {1, 1, 1}, {weight});
}

/// [1, steps, 1] with steps that are 0 masked.
static Array steps(std::vector<float> values) {
  Shape shape{1, static_cast<int64_t>(values.size()), 1};
  return array(shape, std::move(values));
}

static layers::SimpleRNN sum_layer(bool sequences, bool backwards = false) {
  return SimpleRNN({.units = 1,
                    .activation = "linear",
                    .use_bias = false,
                    .kernel_initializer = "ones",
                    .recurrent_initializer = "ones",
                    .return_sequences = sequences,
                    .go_backwards = backwards});
}

TEST(Traps, MaskedStepRepeatsTheOutputBefore) {
  Tensor x = Input({4, 1});
  Model model(x, sum_layer(true)(Masking()(x)));
  expect(run(model, {steps({0, 1, 0, 2})}), {1, 4, 1}, {0, 1, 1, 3});
}

TEST(Traps, BackwardsOutputsAreInTheOrderOfProcessing) {
  Tensor x = Input({3, 1});
  Model model(x, sum_layer(true, true)(x));
  expect(run(model, {steps({1, 2, 3})}), {1, 3, 1}, {3, 5, 6});
}

TEST(Traps, BidirectionalGivesZeroAtMaskedSteps) {
  Tensor x = Input({3, 1});
  Model model(x, Bidirectional({.layer = sum_layer(true)})(Masking()(x)));
  expect(run(model, {steps({1, 0, 2})}), {1, 3, 2}, {1, 3, 0, 0, 3, 2});
}

TEST(Traps, InitialStatesMakeARecurrentLayerIgnoreTheMask) {
  Tensor x = Input({2, 1}), state = Input({1});
  auto layer = SimpleRNN(
      {.units = 1,
       .activation = "linear",
       .use_bias = false,
       .kernel_initializer = "ones",
       .recurrent_initializer = Initializer("constant", ConfigValue::Dict{{"value", 2.0}})});
  Tensor y = layer(Arguments(Masking()(x)).with("initial_state", state)).front();
  Model model({x, state}, y);
  expect(run(model, {steps({1, 0}), array({1, 1}, {1})}), {1, 1}, {6});
}

TEST(Traps, MergedMaskKeepsAStepThatAnyInputKeeps) {
  Tensor a = Input({2, 1}), b = Input({2, 1});
  Tensor merged = Add()({Masking()(a), Masking()(b)});
  Model model({a, b}, sum_layer(true)(merged));
  expect(run(model, {steps({0, 0}), steps({1, 0})}), {1, 2, 1}, {1, 1});
}

TEST(Traps, OneInputWithoutMaskMakesTheMergedMaskVanish) {
  Tensor a = Input({2, 1}), b = Input({2, 1});
  EXPECT_FALSE(Add()({Masking()(a), b}).mask().defined());
}

TEST(Traps, MaximumLeavesMaskedStepsOut) {
  Tensor a = Input({2, 1}), b = Input({2, 1});
  Model model({a, b}, Maximum()({Masking()(a), b}));
  expect(run(model, {steps({0, -3}), steps({-1, -5})}), {1, 2, 1}, {-1, -3});
}

TEST(Traps, GlobalAveragePoolingCountsUnmaskedSteps) {
  Tensor x = Input({4, 1});
  Model model(x, GlobalAveragePooling1D()(Masking()(x)));
  expect(run(model, {steps({2, 0, 4, 0})}), {1, 1}, {3});
}

TEST(Traps, OperationsLoseMasks) {
  Tensor x = Input({2, 1});
  EXPECT_FALSE((Masking()(x) + 1).mask().defined());
}

TEST(Traps, ResizingHasHalfPixelCentres) {
  Tensor x = Input({1, 2, 1});
  Model model(x, Resizing({.height = 1, .width = 4})(x));
  expect(run(model, {array({1, 1, 2, 1}, {0, 1})}), {1, 1, 4, 1}, {0, 0.25, 0.75, 1});
}

TEST(Traps, IntegerTensorTimesFractionIsFloat32) {
  Tensor x = Input({1}, {.dtype = DType::int32});
  EXPECT_EQ((x * 0.5).dtype(), DType::float32);
  EXPECT_EQ((x * 2).dtype(), DType::int32);
}

TEST(Traps, DotOfVectorsIsAColumn) {
  Tensor a = Input({3}), b = Input({3});
  EXPECT_EQ(Dot({.axes = 1})({a, b}).shape(), (Shape{None, 1}));
}

TEST(Traps, GroupsAreNeighbouringChannels) {
  Tensor x = Input({4});
  Model model(x,
              GroupNormalization({.groups = 2, .epsilon = 0, .center = false, .scale = false})(x));
  expect(run(model, {array({1, 4}, {1, 3, 10, 30})}), {1, 4}, {-1, 1, -1, 1});
}
