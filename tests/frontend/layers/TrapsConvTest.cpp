// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in convolutions, pooling and resizing of grids.
// Weights and inputs are simple patterns; the numbers expected are Keras's.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

TEST(Traps, ConvolutionIsACorrelation) {
  // The kernel is not turned around.
  Tensor x = Input({5, 1});
  Model model(x, Conv1D({.filters = 1, .kernel_size = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 5, 1})}), {2, 3, 1},
         {0, 0.03125, -1.5625, -1.875, 0.1875, -1.40625});
}

TEST(Traps, SamePaddingDependsOnTheStride) {
  // Four rows get one row after them, five columns one column on both sides.
  Tensor x = Input({4, 5, 1});
  Model model(x, Conv2D({.filters = 1, .kernel_size = 3, .strides = 2, .padding = "same"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 4, 5, 1})}), {1, 2, 3, 1},
         {-0.1875, 0.65625, -1.46875, 0.375, -0.8125, 1.125});
}

TEST(Traps, SamePaddingCountsDilation) {
  Tensor x = Input({5, 1});
  Model model(x,
              Conv1D({.filters = 1, .kernel_size = 2, .padding = "same", .dilation_rate = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 5, 1})}), {1, 5, 1}, {-0.375, 0.0625, -0.40625, -1.25, 0});
}

TEST(Traps, CausalPaddingIsAllInFront) {
  Tensor x = Input({5, 1});
  Model model(x,
              Conv1D({.filters = 1, .kernel_size = 2, .padding = "causal", .dilation_rate = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 5, 1})}), {1, 5, 1}, {-1, -0.6875, 0.5625, -0.71875, -1.1875});
}

TEST(Traps, CausalPaddingWithStrides) {
  Tensor x = Input({6, 1});
  Model model(x, Conv1D({.filters = 1, .kernel_size = 3, .strides = 2, .padding = "causal"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6, 1})}), {1, 3, 1}, {-0.25, 0, -1.5625});
}

TEST(Traps, GroupsTakeNeighbouringChannelsAndFilters) {
  Tensor x = Input({1, 4});
  Model model(x, Conv1D({.filters = 4, .kernel_size = 1, .groups = 2, .use_bias = false})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 1, 4})}), {2, 1, 4},
         {0.90625, -0.28125, -0.75, 0.625, 0.03125, -0.5, 0.5, -0.3125});
}

TEST(Traps, ChannelsFirstKeepsTheKernelAsItIs) {
  Tensor x = Input({3, 3, 2});
  Model model(x, Conv2D({.filters = 2, .kernel_size = 2, .data_format = "channels_first"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 3, 2})}), {1, 2, 2, 1}, {-0.875, -0.8125, 0.8125, -1.8125});
}

TEST(Traps, TransposedKernelHasFiltersBeforeChannels) {
  Tensor x = Input({2, 3});
  Model model(x, Conv1DTranspose({.filters = 2, .kernel_size = 2, .strides = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 4, 2},
         {0, -1.09375, -1.875, -0.90625, -0.3125, -0.90625, -1.875, -1.09375});
}

TEST(Traps, TransposedSamePadsTheLargerHalfInFront) {
  Tensor x = Input({3, 1});
  Model model(
      x, Conv1DTranspose({.filters = 1, .kernel_size = 3, .strides = 2, .padding = "same"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 1})}), {1, 6, 1},
         {0.3125, -1, -0.09375, -0.6875, -1.1875, -0.375});
}

TEST(Traps, TransposedSameWithOutputPadding) {
  Tensor x = Input({3, 1});
  Model model(
      x,
      Conv1DTranspose(
          {.filters = 1, .kernel_size = 4, .strides = 3, .padding = "same", .output_padding = 1})(
          x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 1})}), {1, 7, 1},
         {-1, -0.25, -1.40625, -0.6875, -0.5625, -1.40625, -0.375});
}

TEST(Traps, TransposedValidWithOutputPadding) {
  Tensor x = Input({3, 1});
  Model model(
      x, Conv1DTranspose({.filters = 1, .kernel_size = 3, .strides = 2, .output_padding = 0})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 1})}), {1, 7, 1},
         {0.3125, -1, -0.09375, -0.6875, -1.1875, -0.375, -0.875});
}

TEST(Traps, TransposedDilationSpreadsTheKernel) {
  Tensor x = Input({3, 1});
  Model model(x, Conv1DTranspose({.filters = 1, .kernel_size = 2, .dilation_rate = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 1})}), {1, 5, 1}, {0.3125, -0.46875, -1.625, -0.6875, -0.375});
}

TEST(Traps, SeparableHasBiasAndActivationAtTheEndAlone) {
  Tensor x = Input({3, 2});
  Model model(
      x, SeparableConv1D(
             {.filters = 2, .kernel_size = 2, .depth_multiplier = 2, .activation = "relu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 2})}), {1, 2, 2}, {0, 0.2109375, 0, 0});
}

TEST(Traps, SeparableStridesAreThoseOfTheDepthwisePart) {
  Tensor x = Input({3, 3, 2});
  Model model(
      x, SeparableConv2D({.filters = 1, .kernel_size = 2, .strides = 2, .padding = "same"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 3, 2})}), {1, 2, 2, 1}, {-0.8671875, -0.4609375, -0.40625, -1});
}

TEST(Traps, PoolingStridesAreThePoolSize) {
  Tensor x = Input({7, 1});
  Model model(x, MaxPooling1D({.pool_size = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 7, 1})}), {1, 2, 1}, {1, 1.5});
}

TEST(Traps, PoolingSameSplitsPaddingAsConvolutionsDo) {
  Tensor x = Input({4, 3, 1});
  Model model(x, AveragePooling2D({.pool_size = {3, 2}, .strides = 2, .padding = "same"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 4, 3, 1})}), {1, 2, 2, 1}, {-0.375, 0.4166667, 0.375, -1});
}

TEST(Traps, AdaptiveWindowsOverlap) {
  // Window i of n over L elements is [floor(i L / n), ceil((i + 1) L / n)).
  Tensor x = Input({5, 1});
  Model model(x, AdaptiveAveragePooling1D({.output_size = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 5, 1})}), {1, 3, 1}, {-0.875, -0.08333334, -0.375});
}

TEST(Traps, AdaptiveMaxHasTheSameWindows) {
  Tensor x = Input({5, 1});
  Model model(x, AdaptiveMaxPooling1D({.output_size = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 5, 1})}), {1, 3, 1}, {-0.25, 1, 0.25});
}

TEST(Traps, GlobalPoolingKeepsSpatialOnes) {
  Tensor x = Input({2, 2, 3});
  Model model(x, GlobalAveragePooling2D({.data_format = "channels_first", .keepdims = true})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2, 3})}), {1, 2, 1, 1}, {0, -0.08333334});
}

TEST(Traps, GlobalMaxPoolingIgnoresMasks) {
  Tensor x = Input({4, 2});
  Model model(x, GlobalMaxPooling1D()(Masking()(x)));
  set_pattern(model);
  expect(run(model, {padded({2, 4, 2})}), {2, 2}, {3, 2.75, 2.5, 3});
}

TEST(Traps, UpSamplingNearestRepeats) {
  Tensor x = Input({2, 1, 2});
  Model model(x, UpSampling2D({.size = {2, 3}})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 1, 2})}), {1, 4, 3, 2},
         {-1.5, -0.25, -1.5, -0.25, -1.5, -0.25, -1.5, -0.25, -1.5, -0.25, -1.5, -0.25,
          1,    -1,    1,    -1,    1,    -1,    1,    -1,    1,    -1,    1,    -1});
}

TEST(Traps, UpSamplingBilinearHasHalfPixelCentres) {
  Tensor x = Input({1, 3, 1});
  Model model(x, UpSampling2D({.size = {1, 2}, .interpolation = "bilinear"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 1, 3, 1})}), {1, 1, 6, 1},
         {-1.5, -1.1875, -0.5625, 0.0625, 0.6875, 1});
}

TEST(Traps, ZeroPaddingTakesThreeForms) {
  Tensor x = Input({1, 2, 1});

  Model model(x, ZeroPadding2D({.padding = 1})(ZeroPadding2D({.padding = {1, 0}})(
                     ZeroPadding2D({.padding = {{0, 1}, {0, 0}}})(x))));
  set_pattern(model);
  expect(run(model, {numbers({1, 1, 2, 1})}), {1, 6, 4, 1},
         {0, 0, 0, 0, 0, 0, 0, 0, 0, -1.5, -0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST(Traps, DepthwiseBiasHasInputTimesMultiplierValues) {
  Tensor x = Input({1, 1, 2});
  Model model(x, DepthwiseConv2D({.kernel_size = 1, .depth_multiplier = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 1, 1, 2})}), {2, 1, 1, 4},
         {0.3125, -0.125, -0.1875, 0.46875, -1.25, 0.5, 0, 0});
}
