// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in the way masks travel.
// Weights and inputs are simple patterns; the numbers expected are Keras's.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

TEST(Traps, PassesThroughDense) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Dense({.units = 2})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-2.0625, 1.546875, -2.609375, 2.09375});
}

TEST(Traps, PassesThroughActivation) {
  Tensor x = Input({3, 2});
  Model model(x,
              GlobalAveragePooling1D()(layers::Activation({.activation = "tanh"})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {0.728586, 0.8514849, 0.9510729, 0.9200717});
}

TEST(Traps, PassesThroughReLU) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(ReLU()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughLeakyReLU) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(LeakyReLU()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughPReLU) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(PReLU()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughELU) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(ELU()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughDropout) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Dropout({.rate = 0.5})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughSpatialDropout) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(SpatialDropout1D({.rate = 0.5})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughGaussianNoise) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(GaussianNoise({.stddev = 1})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughBatchNormalization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(BatchNormalization()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-1.789081, 0.5014571, -2.095419, 0.6411554});
}

TEST(Traps, PassesThroughLayerNormalization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(LayerNormalization()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-0.6252432, 0.2499028, -0.6252431, 0.2499027});
}

TEST(Traps, PassesThroughGroupNormalization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(GroupNormalization({.groups = 1})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-1.040605, 0.3282315, -1.088098, 0.3594595});
}

TEST(Traps, PassesThroughUnitNormalization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(UnitNormalization()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {0.6117022, 0.6388758, 0.7060989, 0.6184373});
}

TEST(Traps, PassesThroughRescaling) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Rescaling({.scale = 2})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {3.5, 2.75, 4.75, 4});
}

TEST(Traps, PassesThroughIdentity) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Identity()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, PassesThroughActivityRegularization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(ActivityRegularization()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.75, 1.375, 2.375, 2});
}

TEST(Traps, IsDroppedByConvolutions) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(
                     Conv1D({.filters = 1, .kernel_size = 2, .padding = "same"})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 1}, {-1.166667, -1.291667});
}

TEST(Traps, IsDroppedByRMSNormalization) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(RMSNormalization()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-0.3604489, 0.1505844, -0.4160727, 0.1457671});
}

TEST(Traps, IsDroppedByEinsumDense) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(
                     EinsumDense({.equation = "abc,cd->abd",
                                  .output_shape = ConfigValue::List{nullptr, 2}})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {-0.9583334, 0.8645834, -1.322917, 1.229167});
}

TEST(Traps, IsDroppedByPooling) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(MaxPooling1D({.pool_size = 1})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.166667, 0.9166667, 1.583333, 1.333333});
}

TEST(Traps, IsDroppedByPermute) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Permute({.dims = {2, 1}})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 3}, {1.125, 2, 0, 2.125, 0, 2.25});
}

TEST(Traps, IsDroppedByZeroPadding) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(ZeroPadding1D({.padding = 1})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {0.7, 0.55, 0.95, 0.8});
}

TEST(Traps, IsDroppedByCropping) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Cropping1D({.cropping = {1, 0}})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.5, 0.5, 1.625, 0.625});
}

TEST(Traps, IsDroppedByUpSampling) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(UpSampling1D()(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {1.166667, 0.9166667, 1.583333, 1.333333});
}

TEST(Traps, IsDroppedByReshape) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Reshape({.target_shape = {2, 3}})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 3}, {0.75, 0.875, 1.5, 0.75, 3, 0.625});
}

TEST(Traps, MaskingZeroesMaskedSteps) {
  Tensor x = Input({4, 1});
  Model model(x, Masking({.mask_value = -1.5})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 4, 1})}), {2, 4, 1}, {0, -0.25, 1, -1, 0.25, 1.5, -0.5, 0.75});
}

TEST(Traps, MaskingKeepsAStepWithOneOtherValue) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(Masking({.mask_value = -0.25})(x)));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {-0.08333334, 0.08333334, -0.1666667, 0});
}

TEST(Traps, EmbeddingMasksIdZero) {
  Tensor x = Input({4}, {.dtype = DType::int32});
  Model model(x, GlobalAveragePooling1D()(
                     Embedding({.input_dim = 7, .output_dim = 2, .mask_zero = true})(x)));
  set_pattern(model);
  expect(run(model, {ids({2, 4})}), {2, 2}, {0.04166667, 0, -0.04166667, -0.08333334});
}

TEST(Traps, ConcatenatedMasksAreAnyOverTheLastAxis) {
  Tensor a = Input({3, 2}), b = Input({3, 1});
  Model model({a, b}, GlobalAveragePooling1D()(Concatenate()({Masking()(a), Masking()(b)})));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), padded({2, 3, 1})}), {2, 3},
         {1.75, 1.375, 1.125, 2.375, 2, 2.25});
}

TEST(Traps, ConcatenateCountsAMissingMaskAsAllTrue) {
  Tensor a = Input({3, 2}), b = Input({3, 1});
  Model model({a, b}, GlobalAveragePooling1D()(Concatenate()({Masking()(a), b})));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), padded({2, 3, 1})}), {2, 3},
         {1.166667, 0.9166667, 0.75, 1.583333, 1.333333, 1.5});
}

TEST(Traps, ConcatenateAlongTimeJoinsMasks) {
  Tensor a = Input({3, 2}), b = Input({2, 2});
  Model model({a, b},
              GlobalAveragePooling1D()(Concatenate({.axis = 1})({Masking()(a), Masking()(b)})));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), padded({2, 2, 2})}), {2, 2}, {1.75, 1.375, 2.333333, 2.5});
}

TEST(Traps, SoftmaxGivesZeroWhereMasked) {
  Tensor a = Input({4}), b = Input({4}, {.dtype = DType::boolean});
  Arguments call(a);
  call.with("mask", b);
  Model model({a, b}, Softmax().outputs(call).front());
  set_pattern(model);
  expect(run(model, {numbers({2, 4}), flags({2, 4})}), {2, 4},
         {0, 0.2227001, 0.7772999, 0, 0.2227001, 0.7772999, 0, 0});
}

TEST(Traps, AttentionValueMaskActsOnScores) {
  Tensor a = Input({2, 2}), b = Input({3, 2});
  Model model({a, b}, Attention()({a, Masking()(b)}));
  set_pattern(model);
  expect(run(model, {numbers({2, 2, 2}), padded({2, 3, 2})}), {2, 2, 2},
         {0.5689632, 1.729311, 2.906682, 1.027995, 1.745588, 2.539495, 1.708605, 2.571196});
}

TEST(Traps, AttentionQueryMaskZeroesTheOutput) {
  Tensor a = Input({3, 2}), b = Input({2, 2});
  Model model({a, b}, Attention()({Masking()(a), b}));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), numbers({2, 2, 2})}), {2, 3, 2},
         {-0.2890498, -0.6132851, 0.9970762, -0.9991229, 0, 0, 0.2202709, 1.470271, 0, 0, 0.2251855,
          1.475186});
}

TEST(Traps, MultiHeadAttentionPassesTheQuerysMask) {
  Tensor a = Input({3, 2}), b = Input({2, 2});
  Model model({a, b},
              GlobalAveragePooling1D()(MultiHeadAttention({.num_heads = 1, .key_dim = 2})
                                           .outputs(Arguments::positionals({Masking()(a), b}))
                                           .front()));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), numbers({2, 2, 2})}), {2, 2},
         {-0.0659833, -0.04895501, -0.2398057, 0.7172256});
}

TEST(Traps, NameOfAMaskOverridesTheOneThatTravels) {
  Tensor a = Input({3, 2}), b = Input({3}, {.dtype = DType::boolean});
  Arguments call(Masking()(a));
  call.with("mask", b);
  Model model({a, b}, GlobalAveragePooling1D().outputs(call).front());
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), flags({2, 3})}), {2, 2}, {1.5, 0.5, 1.625, 0.625});
}

TEST(Traps, MaskGivenByNameIsPassedOn) {
  Tensor a = Input({3, 2}), b = Input({3}, {.dtype = DType::boolean});
  Arguments call(a);
  call.with("mask", b);
  Model model({a, b}, GlobalAveragePooling1D()(
                          SimpleRNN({.units = 1, .return_sequences = true}).outputs(call).front()));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2}), flags({2, 3})}), {2, 1}, {-0.3735093, -0.3896176});
}

TEST(Traps, SpectralNormalizationKeepsTheMaskOfItsLayer) {
  Tensor x = Input({3, 2});
  Model model(x, GlobalAveragePooling1D()(
                     SpectralNormalization({.layer = Dense({.units = 1})})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 1}, {-1.375, -1.609375});
}

TEST(Traps, RecurrentLayerOfOneOutputStopsTheMask) {
  Tensor x = Input({3, 2});
  Model model(
      x, GlobalAveragePooling1D()(RepeatVector({.n = 2})(SimpleRNN({.units = 1})(Masking()(x)))));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 1}, {-0.9611795, -0.9565623});
}

TEST(Traps, BidirectionalSequencesPassTheMask) {
  Tensor x = Input({4, 2});
  Model model(x, GlobalAveragePooling1D()(Bidirectional(
                     {.layer = SimpleRNN({.units = 1, .return_sequences = true})})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 4, 2})}), {2, 2}, {-0.5636279, -0.519869, -0.6119759, -0.5624131});
}

TEST(Traps, TimeDistributedPassesTheMask) {
  Tensor x = Input({4, 2});
  Model model(
      x, GlobalAveragePooling1D()(TimeDistributed({.layer = Dense({.units = 1})})(Masking()(x))));
  set_pattern(model);
  expect(run(model, {padded({2, 4, 2})}), {2, 1}, {-1.208333, -1.208333});
}

TEST(Traps, DotStopsMasks) {
  Tensor a = Input({3, 2}), b = Input({3, 2});
  Model model({a, b}, GlobalAveragePooling1D()(Dot({.axes = 2})({Masking()(a), Masking()(b)})));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2}), padded({2, 3, 2})}), {2, 3},
         {2.1875, 4.416667, 0, 6.041667, 0, 6.8125});
}
