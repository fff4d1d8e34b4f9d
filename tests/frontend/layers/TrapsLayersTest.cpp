// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in dense, normalizing, attention, merging and preprocessing layers.
// Weights and inputs are simple patterns; the numbers expected are Keras's.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

TEST(Traps, DenseWorksOnTheLastAxisOfAnyRank) {
  Tensor x = Input({2, 1, 3});
  Model model(x, Dense({.units = 1})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 1, 3})}), {1, 2, 1, 1}, {0, -0.3125});
}

TEST(Traps, DenseActivationMayBeALayer) {
  Tensor x = Input({2});
  Model model(x,
              Dense({.units = 2, .activation = LayerPtr(LeakyReLU({.negative_slope = 0.1}))})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 2})}), {2, 2}, {0.375, -0.028125, -0.1, -0.0125});
}

TEST(Traps, BatchNormalizationEpsilonIsAThousandth) {
  Tensor x = Input({2});
  Model model(x, BatchNormalization()(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 2})}), {2, 2}, {-0.1961279, 0.1382413, -1.421477, -0.02939676});
}

TEST(Traps, BatchNormalizationAlongAnotherAxis) {
  Tensor x = Input({2, 3});
  Model model(x, BatchNormalization({.axis = 1})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 2, 3},
         {-0.1961279, -0.8088024, -1.421477, -0.02939676, 0.25, 0.5293968});
}

TEST(Traps, LayerNormalizationEpsilonIsAThousandth) {
  Tensor x = Input({3});
  Model model(x, LayerNormalization()(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3})}), {2, 3},
         {0.1400985, 0.25, -0.5560393, 0.1400984, 0.25, -0.5560393});
}

TEST(Traps, LayerNormalizationOverSeveralAxes) {
  Tensor x = Input({2, 3});
  Model model(x, LayerNormalization({.axis = std::vector<int64_t>{1, 2}})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 2, 3},
         {0.2667793, 0.190548, -0.4878078, 0.03048044, 0.154726, -0.9100676});
}

TEST(Traps, InstanceNormalizationIsOneChannelAGroup) {
  Tensor x = Input({3, 2});
  Model model(x, GroupNormalization({.groups = -1})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 2})}), {1, 3, 2},
         {0.2198946, 0.1704805, -1.271096, -0.008438364, -0.8237987, 0.5879579});
}

TEST(Traps, GroupStatisticsSpanSpaceAndChannels) {
  Tensor x = Input({2, 4});
  Model model(x, GroupNormalization({.groups = 2})(x));
  set_pattern(model);
  expect(
      run(model, {numbers({1, 2, 4})}), {1, 2, 4},
      {0.2464805, 0.1919013, -0.5300879, -0.1685825, -0.7702467, 0.5985922, -0.08194724, 1.138494});
}

TEST(Traps, RmsNormalizationHasEpsilonInsideAndNoMean) {
  Tensor x = Input({3});
  Model model(x, RMSNormalization({.epsilon = 0.5})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3})}), {2, 3},
         {0.7401956, -0.04934638, -0.1973855, 0.4934638, 0.04934638, -0.2960783});
}

TEST(Traps, UnitNormalizationOverSeveralAxes) {
  Tensor x = Input({2, 2});
  Model model(x, UnitNormalization({.axis = std::vector<int64_t>{1, 2}})(x));
  set_pattern(model);
  expect(
      run(model, {numbers({2, 2, 2})}), {2, 2, 2},
      {-0.7223151, -0.1203859, 0.4815434, -0.4815434, 0.1414214, 0.8485281, -0.2828427, 0.4242641});
}

TEST(Traps, SpectralNormalizationUsesTheKernelAsItStands) {
  Tensor x = Input({3});
  Model model(x, SpectralNormalization({.layer = Dense({.units = 2})})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3})}), {2, 2}, {0.5, -0.65625, 0.125, -0.40625});
}

TEST(Traps, PReluHasASlopeForEachElement) {
  Tensor x = Input({2, 3});
  Model model(x, PReLU()(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 2, 3}, {0.9375, -0.0625, 1, -0.625, 0.25, 1.5});
}

TEST(Traps, PReluSharesSlopesAlongAxes) {
  Tensor x = Input({2, 3});
  Model model(x, PReLU({.shared_axes = {1}})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 2, 3}, {0.9375, -0.0625, 1, 0.625, 0.25, 1.5});
}

TEST(Traps, SoftmaxOverSeveralAxes) {
  Tensor x = Input({2, 2});
  Model model(x, Softmax({.axis = std::vector<int64_t>{1, 2}})(x));
  set_pattern(model);
  expect(
      run(model, {numbers({2, 2, 2})}), {2, 2, 2},
      {0.05458051, 0.1905047, 0.6649267, 0.08998805, 0.1512532, 0.5279255, 0.07144694, 0.2493743});
}

TEST(Traps, ConcatenateCountsTheBatchAxis) {
  Tensor a = Input({2, 1}), b = Input({1, 1});
  Model model({a, b}, Concatenate({.axis = 1})({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({2, 2, 1}), numbers({2, 1, 1})}), {2, 3, 1},
         {-1.5, -0.25, -1.5, 1, -1, -0.25});
}

TEST(Traps, DotNormalizesAlongTheAxesFirst) {
  Tensor a = Input({3}), b = Input({3});
  Model model({a, b}, Dot({.axes = 1, .normalize = true})({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({2, 3}), numbers({2, 3})}), {2, 1}, {0.9999999, 0.9999999});
}

TEST(Traps, DotKeepsTheOtherAxesOfBoth) {
  Tensor a = Input({2, 3}), b = Input({3, 2});
  Model model({a, b}, Dot({.axes = {2, 1}})({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3}), numbers({1, 3, 2})}), {1, 2, 2},
         {2.25, 2.125, 2.125, 2.25});
}

TEST(Traps, AverageDividesByTheNumberOfInputs) {
  Tensor a = Input({2}), b = Input({2});
  Model model({a, b}, Average()({a, b, a}));
  set_pattern(model);
  expect(run(model, {numbers({2, 2}), numbers({2, 2})}), {2, 2}, {-1.5, -0.25, 1, -1});
}

TEST(Traps, MergedRanksMayDiffer) {
  Tensor a = Input({2, 2}), b = Input({2});
  Model model({a, b}, Add()({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({2, 2, 2}), numbers({2, 2})}), {2, 2, 2},
         {-3, -0.5, -0.5, -1.25, 1.25, 0.5, 0.5, -0.25});
}

TEST(Traps, EinsumDenseBiasAxesBroadcast) {
  Tensor x = Input({2, 2});
  Model model(x, EinsumDense({.equation = "abc,cde->abde",
                              .output_shape = ConfigValue::List{nullptr, 2, 2},
                              .bias_axes = "d"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2})}), {1, 2, 2, 2},
         {0.28125, -0.90625, 0.5, -0.6875, -1.375, 0, -0.5, 0.875});
}

TEST(Traps, AdditiveAttentionScalesEachFeature) {
  Tensor a = Input({1, 2}), b = Input({2, 2});
  Model model({a, b}, AdditiveAttention()({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({2, 1, 2}), numbers({2, 2, 2})}), {2, 1, 2},
         {-0.5144619, -0.5456614, -0.1371074, 1.112893});
}

TEST(Traps, AttentionScaleIsOneNumber) {
  Tensor a = Input({2, 2}), b = Input({3, 2});
  Model model({a, b}, Attention({.use_scale = true, .score_mode = "concat"})({a, b}));
  set_pattern(model);
  expect(run(model, {numbers({2, 2, 2}), numbers({2, 3, 2})}), {2, 2, 2},
         {0.0579662, 0.4166829, 0.1868311, 0.4718266, 0.08599067, -0.07840669, 0.02659774,
          -0.04538575});
}

TEST(Traps, MultiHeadAttentionDividesByTheRootOfKeyDim) {
  Tensor a = Input({2, 2}), b = Input({3, 2});
  Model model({a, b}, MultiHeadAttention({.num_heads = 2, .key_dim = 3})
                          .outputs(Arguments::positionals({a, b}))
                          .front());
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2}), numbers({1, 3, 2})}), {1, 2, 2},
         {-0.2550101, 0.4975994, 0.5587939, 0.6622996});
}

TEST(Traps, MultiHeadAttentionTakesValueBeforeKey) {
  Tensor a = Input({2, 2}), b = Input({3, 1}), c = Input({3, 2});
  Model model({a, b, c}, MultiHeadAttention({.num_heads = 1, .key_dim = 2})
                             .outputs(Arguments::positionals({a, b, c}))
                             .front());
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2}), numbers({1, 3, 1}), numbers({1, 3, 2})}), {1, 2, 2},
         {-0.4752837, 0.25, -0.2742224, 0.25});
}

TEST(Traps, MultiHeadAttentionSlidingWindowLooksBothWays) {
  Tensor x = Input({4, 2});
  Model model(x, MultiHeadAttention({.num_heads = 1, .key_dim = 2, .sliding_window = 2})
                     .outputs(Arguments::positionals({x, x}))
                     .front());
  set_pattern(model);
  expect(run(model, {numbers({1, 4, 2})}), {1, 4, 2},
         {-0.4590084, 0.06895252, -0.2039308, 0.3036131, -0.2251241, 0.5566571, -0.3073184,
          0.6497129});
}

TEST(Traps, MultiHeadAttentionGateComesBeforeTheOutput) {
  Tensor x = Input({2, 2});
  Model model(x, MultiHeadAttention({.num_heads = 1, .key_dim = 2, .use_gate = true})
                     .outputs(Arguments::positionals({x, x}))
                     .front());
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2})}), {1, 2, 2},
         {-0.5354952, 0.1648813, -0.5012498, 0.1590762});
}

TEST(Traps, MultiHeadAttentionScoresAreHeadsByQueriesByKeys) {
  Tensor a = Input({2, 2}), b = Input({3, 2});
  Arguments call = Arguments::positionals({a, b});
  call.with("return_attention_scores", true);
  Model model({a, b}, MultiHeadAttention({.num_heads = 2, .key_dim = 1}).outputs(call).back());
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2}), numbers({1, 3, 2})}), {1, 2, 2, 3},
         {0.4629047, 0.276413, 0.2606823, 0.1043947, 0.4128891, 0.4827162, 0.3835704, 0.3670793,
          0.2493504, 0.3563214, 0.3494295, 0.2942491});
}

TEST(Traps, MultiHeadAttentionCausalMaskAndAttentionMaskBothHold) {
  Tensor a = Input({3, 2}), b = Input({3, 3}, {.dtype = DType::boolean});
  Arguments call = Arguments::positionals({a, a});
  call.with("attention_mask", b).with("use_causal_mask", true);
  Model model(
      {a, b},
      MultiHeadAttention({.num_heads = 1, .key_dim = 2, .dropout = 0.1}).outputs(call).front());
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 2}), flags({1, 3, 3})}), {1, 3, 2},
         {-0.625, 0.25, 0.03125, -0.078125, -0.2148438, 0.7421875});
}

TEST(Traps, GroupedQueriesRepeatHeadsAndDoNotTileThem) {
  Tensor a = Input({2, 2}), b = Input({3, 2});
  Model model({a, b},
              GroupedQueryAttention({.head_dim = 1, .num_query_heads = 4, .num_key_value_heads = 2})
                  .outputs(Arguments::positionals({a, b}))
                  .front());
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2}), numbers({1, 3, 2})}), {1, 2, 2},
         {-0.08164418, -0.349067, 0.4727466, -0.06846154});
}

TEST(Traps, NormalizationDividesByTheDeviation) {
  Tensor x = Input({2});
  Model model(x, Normalization()(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 2})}), {2, 2}, {-0.6864065, -0.4472136, 1.274755, -1.118034});
}

TEST(Traps, NormalizationInvertMultiplies) {
  Tensor x = Input({2});
  Model model(x, Normalization({.mean = 2, .variance = 4, .invert = true})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 2})}), {2, 2}, {-1, 1.5, 4, 0});
}

TEST(Traps, RescalingTakesListsForChannels) {
  Tensor x = Input({1, 2});
  Model model(x, Rescaling({.scale = std::vector<double>{1, 2},
                            .offset = std::vector<double>{0.5, -1}})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 1, 2})}), {2, 1, 2}, {-1, -1.5, 1.5, -3});
}

TEST(Traps, DiscretizationCountsBoundariesNotAbove) {
  Tensor x = Input({5});
  Model model(x, Discretization({.bin_boundaries = std::vector<double>{-0.25, 0, 1}})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 5})}), {2, 5}, {0, 1, 3, 0, 2, 3, 0, 2, 0, 2});
}

TEST(Traps, CategoryCountsAlongTheSample) {
  Tensor x = Input({4}, {.dtype = DType::int32});
  Model model(x, CategoryEncoding({.num_tokens = 7, .output_mode = "count"})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 4})}), {1, 7}, {1, 1, 0, 1, 0, 1, 0});
}

TEST(Traps, ResizingCropsToTheAspectRatioFirst) {
  Tensor x = Input({2, 4, 1});
  Model model(x, Resizing({.height = 2, .width = 2, .crop_to_aspect_ratio = true})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 4, 1})}), {1, 2, 2, 1}, {-0.25, 1, 1.5, -0.5});
}

TEST(Traps, ResizingPadsToTheAspectRatioFirst) {
  Tensor x = Input({2, 4, 1});
  Model model(x,
              Resizing({.height = 2, .width = 2, .pad_to_aspect_ratio = true, .fill_value = 9})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 4, 1})}), {1, 2, 2, 1}, {4.0625, 4.5, 4.9375, 4.5625});
}

TEST(Traps, ResizingNearestRoundsDown) {
  Tensor x = Input({1, 4, 1});
  Model model(x, Resizing({.height = 1, .width = 3, .interpolation = "nearest"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 1, 4, 1})}), {1, 1, 3, 1}, {-1.5, 1, -1});
}

TEST(Traps, ResizingAntialiasWidensTheKernel) {
  Tensor x = Input({1, 6, 1});
  Model model(x, Resizing({.height = 1, .width = 2, .antialias = true})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 1, 6, 1})}), {1, 1, 2, 1}, {-0.34375, 0.34375});
}

TEST(Traps, CenterCropOfSmallImagesResizes) {
  Tensor x = Input({2, 4, 1});
  Model model(x, CenterCrop({.height = 3, .width = 3})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 4, 1})}), {1, 3, 3, 1},
         {-0.25, 0.375, 1, 0.625, 0.4375, 0.25, 1.5, 0.5, -0.5});
}

TEST(Traps, CenterCropRoundsTheStartDown) {
  Tensor x = Input({3, 5, 1});
  Model model(x, CenterCrop({.height = 2, .width = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 5, 1})}), {1, 2, 2, 1}, {-0.25, 1, -0.5, 0.75});
}

TEST(Traps, AutoContrastWorksAtInference) {
  Tensor x = Input({2, 2, 1});
  Model model(x, AutoContrast({.value_range = std::vector<int64_t>{-2, 2}})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 2, 2, 1})}), {2, 2, 2, 1},
         {-2, 0, 2, -1.2, -0.4999999, 2, -2, 0.5000002});
}

TEST(Traps, SolarizationAndEqualizationAreOffAtInference) {
  Tensor x = Input({1, 2, 1});
  Model model(x, Solarization()(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 1, 2, 1})}), {2, 1, 2, 1}, {-1.5, -0.25, 1, -1});
}

TEST(Traps, IntegerLookupCountsTheUnknownFirst) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.vocabulary = std::vector<int64_t>{5, 3, 6}})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {0, 1, 2, 0, 3, 0, 0});
}

TEST(Traps, IntegerLookupMaskTakesPlaceZero) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.mask_token = 0, .vocabulary = std::vector<int64_t>{5, 3, 6}})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {0, 2, 3, 1, 4, 1, 1});
}

TEST(Traps, IntegerLookupVectorsHaveNoPlaceForTheMask) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.mask_token = 0,
                                .vocabulary = std::vector<int64_t>{5, 3, 6},
                                .output_mode = "count"})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 4}, {3, 1, 1, 1});
}

TEST(Traps, IntegerLookupWeighsByIdf) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.vocabulary = std::vector<int64_t>{5, 3, 6},
                                .idf_weights = std::vector<double>{1, 2, 6},
                                .output_mode = "tf_idf"})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 4}, {12, 1, 2, 6});
}

TEST(Traps, IntegerLookupSpreadsUnknownValuesByRemainder) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.num_oov_indices = 2, .vocabulary = std::vector<int64_t>{5}})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {0, 2, 1, 1, 0, 0, 0});
}

TEST(Traps, IntegerLookupSpreadsUnknownValuesByHash) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, IntegerLookup({.num_oov_indices = 3,
                                .vocabulary = std::vector<int64_t>{5},
                                .oov_method = "farmhash"})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {1, 3, 0, 0, 2, 2, 1});
}

TEST(Traps, HashingReservesBinZeroForTheMask) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, Hashing({.num_bins = 4, .mask_value = 3})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {2, 2, 0, 1, 3, 3, 2});
}

TEST(Traps, HashingWithSaltIsSipHash) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, Hashing({.num_bins = 5, .salt = std::vector<int64_t>{7, 9}})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {0, 1, 3, 3, 3, 0, 1});
}

TEST(Traps, FlattenOfABatchOfNumbersIsAColumn) {
  Tensor x = Input(Shape{});
  Model model(x, Flatten()(x));
  set_pattern(model);
  expect(run(model, {numbers({2})}), {2, 1}, {-1.5, -0.25});
}

TEST(Traps, ReshapeInfersOneSize) {
  Tensor x = Input({2, 3});
  Model model(x, Reshape({.target_shape = {-1, 2}})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 3, 2}, {-1.5, -0.25, 1, -1, 0.25, 1.5});
}

TEST(Traps, ReversibleEmbeddingProjectsBackAndCaps) {
  Tensor x = Input({2}, {.dtype = DType::int32});
  auto layer = ReversibleEmbedding({.input_dim = 7, .output_dim = 2, .logit_soft_cap = 0.5});
  Arguments back(layer(x));
  back.with("reverse", true);
  Model model(x, layer.outputs(back).front());
  set_pattern(model);
  expect(run(model, {ids({1, 2})}), {1, 2, 7},
         {0.3596638, 0.2772999, -0.1654105, -0.2772999, 0.3354836, -0.07749536, -0.205785,
          -0.07749536, -0.3080672, 0.205785, -0.0621765, -0.1654105, 0.3354836, 0.1224593});
}

TEST(Traps, EmbeddingTakesFloatingIds) {
  Tensor x = Input({4});
  Model model(x, Embedding({.input_dim = 7, .output_dim = 1})(ReLU()(x)));
  set_pattern(model);
  expect(run(model, {numbers({1, 4})}), {1, 4, 1}, {-0.625, -0.625, 0.25, -0.625});
}

TEST(Traps, EinsumDenseDotsMayStandBehind) {
  Tensor x = Input({2, 2});
  Model model(x, EinsumDense({.equation = "ab...,bc->ac...",
                              .output_shape = ConfigValue::List{3, 2},
                              .bias_axes = "c"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 2})}), {1, 3, 2}, {0.9375, -1.09375, 0, 0.0625, -0.25, 0.1875});
}

TEST(Traps, LayerNormalizationAxesKeepTheirOrderInWeights) {
  Tensor x = Input({2, 3});
  Model model(x, LayerNormalization({.axis = std::vector<int64_t>{-1, 1}})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3})}), {1, 2, 3},
         {0.2667793, 0.190548, -0.4878078, 0.03048044, 0.154726, -0.9100676});
}

TEST(Traps, SpectralNormalizationGivesTheTypeOfItsInput) {
  Tensor x = Input({3}, {.dtype = DType::int32});
  Model model(x, SpectralNormalization({.layer = Embedding({.input_dim = 7, .output_dim = 2})})(x));
  set_pattern(model);
  expect(run(model, {ids({1, 3})}), {1, 3, 2}, {0, 0, 0, 0, 0, 0});
}

TEST(Traps, HashedDigitsOfNegativeIntegers) {
  Tensor x = Input({7}, {.dtype = DType::int32});
  Model model(x, Hashing({.num_bins = 1000})(x - 3));
  set_pattern(model);
  expect(run(model, {ids({1, 7})}), {1, 7}, {699, 759, 735, 205, 921, 849, 430});
}
