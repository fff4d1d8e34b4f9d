// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activation functions by name, each at points on both sides of its bends.
// Weights and inputs are simple patterns; the numbers expected are Keras's.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

TEST(Traps, IsCelu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "celu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-0.7768698, -0.2211992, 1, -0.6321205, 0.25, 1.5});
}

TEST(Traps, IsElu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "elu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-0.7768698, -0.2211992, 1, -0.6321205, 0.25, 1.5});
}

TEST(Traps, IsExponential) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "exponential"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {0.2231302, 0.7788008, 2.718282, 0.3678795, 1.284025, 4.481689});
}

TEST(Traps, IsHardShrink) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "hard_shrink"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-1.5, 0, 1, -1, 0, 1.5});
}

TEST(Traps, IsHardSilu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "hard_silu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.375, -0.1145833, 0.6666667, -0.3333333, 0.1354167, 1.125});
}

TEST(Traps, IsHardSwish) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "hard_swish"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.375, -0.1145833, 0.6666667, -0.3333333, 0.1354167, 1.125});
}

TEST(Traps, IsHardTanh) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "hard_tanh"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-1, -0.25, 1, -1, 0.25, 1});
}

TEST(Traps, IsLeakyRelu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "leaky_relu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-0.3, -0.05, 1, -0.2, 0.25, 1.5});
}

TEST(Traps, IsLinear) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "linear"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-1.5, -0.25, 1, -1, 0.25, 1.5});
}

TEST(Traps, IsLogSigmoid) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "log_sigmoid"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-1.701413, -0.8259394, -0.3132617, -1.313262, -0.5759394, -0.2014133});
}

TEST(Traps, IsLogSoftmax) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "log_softmax"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-3.787858, -2.537858, -1.287858, -3.287858, -2.037858, -0.7878579});
}

TEST(Traps, IsMish) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "mish"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.2980997, -0.129927, 0.8650985, -0.3034014, 0.1695724, 1.403378});
}

TEST(Traps, IsRelu6) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "relu6"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {0, 0, 1, 0, 0.25, 1.5});
}

TEST(Traps, IsSelu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "selu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-1.365814, -0.3888902, 1.050701, -1.111331, 0.2626753, 1.576051});
}

TEST(Traps, IsSilu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "silu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.2736383, -0.1094559, 0.7310586, -0.2689414, 0.1405441, 1.226362});
}

TEST(Traps, IsSwish) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "swish"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.2736383, -0.1094559, 0.7310586, -0.2689414, 0.1405441, 1.226362});
}

TEST(Traps, IsSoftShrink) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "soft_shrink"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-1, 0, 0.5, -0.5, 0, 1});
}

TEST(Traps, IsSoftplus) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "softplus"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {0.2014133, 0.5759394, 1.313262, 0.3132617, 0.8259394, 1.701413});
}

TEST(Traps, IsSoftsign) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "softsign"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {-0.6, -0.2, 0.5, -0.5, 0.2, 0.6});
}

TEST(Traps, IsSparsePlus) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "sparse_plus"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {0, 0.140625, 1, 0, 0.390625, 1.5});
}

TEST(Traps, IsSparseSigmoid) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "sparse_sigmoid"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {0, 0.375, 1, 0, 0.625, 1});
}

TEST(Traps, IsSquareplus) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "squareplus"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6}, {0.5, 0.8827822, 1.618034, 0.618034, 1.132782, 2});
}

TEST(Traps, IsTanhShrink) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "tanh_shrink"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 6},
         {-0.5948518, -0.005081341, 0.2384058, -0.2384058, 0.005081341, 0.5948518});
}

TEST(Traps, IsGlu) {
  Tensor x = Input({6});
  Model model(x, layers::Activation({.activation = "glu"})(x));
  set_pattern(model);
  expect(run(model, {numbers({1, 6})}), {1, 3}, {-0.4034122, -0.1405441, 0.8175744});
}
