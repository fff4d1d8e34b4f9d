// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in recurrent layers and their wrappers.
// Weights and inputs are simple patterns; the numbers expected are Keras's.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

TEST(Traps, BidirectionalMergesBySum) {
  Tensor x = Input({3, 2});
  Model model(x, Bidirectional({.layer = SimpleRNN({.units = 2}), .merge_mode = "sum"})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {0.07429492, 0.42548, -1.563242, 0.8007176});
}

TEST(Traps, BidirectionalMergesByMul) {
  Tensor x = Input({3, 2});
  Model model(x, Bidirectional({.layer = SimpleRNN({.units = 2}), .merge_mode = "mul"})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {-0.3226687, -0.2169711, 0.5980985, 0.1403756});
}

TEST(Traps, BidirectionalMergesByAve) {
  Tensor x = Input({3, 2});
  Model model(x, Bidirectional({.layer = SimpleRNN({.units = 2}), .merge_mode = "ave"})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {0.03714746, 0.21274, -0.781621, 0.4003588});
}

TEST(Traps, BidirectionalTurnsTheBackwardSequenceAround) {
  Tensor x = Input({3, 2});
  Model model(x, Bidirectional({.layer = SimpleRNN({.units = 1, .return_sequences = true})})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 3, 2})}), {1, 3, 2},
         {0.2449187, 0.6537253, -0.9292784, -0.8508427, 0.1727976, -0.3852839});
}

TEST(Traps, BidirectionalWithoutMergeGivesTwoTensors) {
  Tensor x = Input({3, 2});
  std::vector<Tensor> both =
      Bidirectional({.layer = GRU({.units = 2}), .merge_mode = nullptr}).outputs(x);
  EXPECT_EQ(both.size(), 2u);
  Model model(x, TensorStructure(both));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}, 1), {2, 2},
         {0.1308679, -0.1365193, 0.05212644, -0.486327});
}

TEST(Traps, BidirectionalGivesForwardStatesFirst) {
  Tensor x = Input({3, 2});
  std::vector<Tensor> all =
      Bidirectional({.layer = LSTM({.units = 1, .return_state = true})}).outputs(x);
  EXPECT_EQ(all.size(), 5u);
  Model model(x, Concatenate()({all[1], all[2], all[3], all[4]}));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 4},
         {0.06435318, 0.09637924, -0.006927236, -0.01660475, -0.06236536, -0.07745695, 0.05936905,
          0.1033464});
}

TEST(Traps, GruResetsAfterTheProductByDefault) {
  Tensor x = Input({3, 2});
  Model model(x, GRU({.units = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {0.1118872, -0.5059389, 0.2521078, -0.3800992});
}

TEST(Traps, GruResetsBeforeTheProductIfAsked) {
  // One bias of 3 units instead of two.
  Tensor x = Input({3, 2});
  Model model(x, GRU({.units = 2, .reset_after = false})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {0.1150278, -0.3425669, 0.3072125, -0.1506625});
}

TEST(Traps, GruKeepsTheOldStateByTheUpdateGate) {
  Tensor x = Input({4, 1});
  Model model(x, GRU({.units = 1, .return_sequences = true})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 4, 1})}), {1, 4, 1},
         {-0.01756498, -0.184084, -0.450938, -0.3589593});
}

TEST(Traps, LstmGatesAreInputForgetCandidateOutput) {
  Tensor x = Input({3, 2});
  Model model(x, LSTM({.units = 2, .recurrent_activation = "hard_sigmoid"})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 2}, {0.08041424, -0.2469489, 0.0232437, -0.1653831});
}

TEST(Traps, LstmStatesAreOutputThenCell) {
  Tensor x = Input({3, 2});
  std::vector<Tensor> all = LSTM({.units = 2, .return_state = true}).outputs(x);
  Model model(x, Concatenate()({all[1], all[2]}));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 4},
         {0.0624538, -0.270151, 0.07640793, -0.544164, 0.01865605, -0.1702433, 0.02848269,
          -0.3744497});
}

TEST(Traps, LastOutputIsTheStateWhenStepsAtTheEndAreMasked) {
  Tensor x = Input({3, 2});
  Model model(x, GRU({.units = 2})(Masking()(x)));
  set_pattern(model);
  expect(run(model, {padded({2, 3, 2})}), {2, 2}, {0.2911576, -0.5563741, 0.2927553, -0.5136486});
}

TEST(Traps, MaskedStatesAreCarriedOver) {
  Tensor x = Input({4, 2});
  std::vector<Tensor> all =
      LSTM({.units = 1, .return_sequences = true, .return_state = true}).outputs(Masking()(x));
  Model model(x, Concatenate()({all[1], all[2]}));
  set_pattern(model);
  expect(run(model, {padded({3, 4, 2})}), {3, 2},
         {0.134927, 0.163674, 0.1290933, 0.1528288, -0.05891498, -0.06474044});
}

TEST(Traps, BackwardsLayersReverseTheMaskToo) {
  Tensor x = Input({4, 2});
  Model model(
      x, SimpleRNN({.units = 1, .return_sequences = true, .go_backwards = true})(Masking()(x)));
  set_pattern(model);
  expect(run(model, {padded({3, 4, 2})}), {3, 4, 1},
         {-0.7039056, -0.7039056, -0.9478379, 0.09213664, -0.7481545, -0.9208978, -0.9208978,
          -0.01818683, 0, -0.9735543, -0.9497309, -0.9497309});
}

TEST(Traps, ZeroOutputForMaskGivesZeros) {
  Tensor x = Input({4, 2});
  Model model(x, RNN({.cell = GRUCell({.units = 1}),
                      .return_sequences = true,
                      .zero_output_for_mask = true})(Masking()(x)));
  set_pattern(model);
  expect(run(model, {padded({2, 4, 2})}), {2, 4, 1},
         {-0.269261, -0.7576609, 0, -0.7993564, -0.281121, 0, -0.7109547, -0.767673});
}

TEST(Traps, MaskedFirstStepRepeatsTheInitialState) {
  Tensor a = Input({3, 1}), b = Input({2}), c = Input({3}, {.dtype = DType::boolean});
  Arguments call(a);
  call.with("initial_state", b).with("mask", c);
  Model model({a, b, c}, SimpleRNN({.units = 2, .return_sequences = true}).outputs(call).front());
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 1}), numbers({2, 2}), flags({2, 3})}), {2, 3, 2},
         {-1.5, -0.25, 0.4863361, -0.3308211, -0.8998166, 0.3925583, 1, -1, -0.819814, -0.06241874,
          -0.7757115, 0.3636058});
}

TEST(Traps, StackedCellsGiveOneStateACell) {
  Tensor x = Input({3, 2});
  std::vector<Tensor> all =
      RNN({.cell = StackedRNNCells({.cells = {LSTMCell({.units = 1}), GRUCell({.units = 2})}}),
           .return_state = true})
          .outputs(x);
  EXPECT_EQ(all.size(), 4u);
  Model model(x, Concatenate()({all[1], all[2], all[3]}));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 4},
         {0.06435318, 0.09637924, 0.0916307, -0.492134, -0.06236536, -0.07745695, 0.08849327,
          -0.4865903});
}

TEST(Traps, TimeDistributedConvolutionSeesOneStep) {
  Tensor x = Input({2, 3, 2});
  Model model(x, TimeDistributed({.layer = Conv1D({.filters = 1, .kernel_size = 2})})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 3, 2})}), {1, 2, 2, 1}, {-0.625, -0.625, 0.1875, -0.625});
}

TEST(Traps, ConvLstmRecurrentPartIsAlwaysSame) {
  Tensor x = Input({2, 5, 1});
  Model model(x, ConvLSTM1D({.filters = 1, .kernel_size = 2, .strides = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 5, 1})}), {1, 2, 1}, {-0.09794675, -0.2082077});
}

TEST(Traps, ConvLstmDilatesTheInputPartAlone) {
  Tensor x = Input({2, 5, 1});
  Model model(x, ConvLSTM1D({.filters = 1, .kernel_size = 2, .dilation_rate = 2})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 2, 5, 1})}), {1, 3, 1}, {0.1217443, -0.2079194, -0.1120846});
}

TEST(Traps, SimpleRnnAddsBiasOnce) {
  Tensor x = Input({3, 1});
  Model model(x, SimpleRNN({.units = 2, .activation = "linear"})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 1})}), {2, 2}, {-0.9013672, 0.4589844, -1.152344, 0.625});
}

TEST(Traps, DropoutOfRecurrentLayersIsOffAtInference) {
  Tensor x = Input({3, 2});
  Model model(x, LSTM({.units = 1, .dropout = 0.5, .recurrent_dropout = 0.5})(x));
  set_pattern(model);
  expect(run(model, {numbers({2, 3, 2})}), {2, 1}, {0.06435318, -0.06236536});
}
