// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What math=fast changes: Winograd's convolution against the sum of products, in double precision.
#include "tests/numeric/Support.h"

#include <algorithm>
#include <cmath>

namespace horn::numeric {

namespace {
/// The largest error of a run, relative to the largest element of the exact result.
double relative_error(const Arrays &got, const Arrays &exact) {
  double error = 0, largest = 0;
  for (size_t i = 0; i < exact[0].size(); ++i) {
    error = std::max(error, std::abs(got[0].at(i) - exact[0].at(i)));
    largest = std::max(largest, std::abs(exact[0].at(i)));
  }
  return error / largest;
}

struct Errors {
  double exact, fast;
};

/// Compiles a model in both ways and compares each with the interpreter.
Errors errors_of(const Model &model, int64_t batch) {
  std::mt19937 generator(5);
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, batch, generator);
  Arrays expected = interpret(model, inputs, /*in_double=*/true);
  CompiledModel exact(model), fast(model, {.math = "fast"});
  bool applied = std::ranges::any_of(fast.remarks(), [](const Remark &remark) {
    return remark.applied && remark.pass == "horn-winograd";
  });
  EXPECT_TRUE(applied) << "no convolution by Winograd";
  Session alone(fast), shared(fast, std::make_shared<ThreadPool>(2));
  Arrays outputs = alone.run(inputs);
  EXPECT_TRUE(same_bits(shared.run(inputs), outputs)) << "two threads";
  for (int64_t row = 0; row < batch; ++row)
    EXPECT_TRUE(same_bits(alone.run(rows(inputs, row, 1)), rows(outputs, row, 1))) << "row " << row;
  return {relative_error(Session(exact).run(inputs), expected), relative_error(outputs, expected)};
}

/// Of a result whose largest element is 1 (docs/numerics.md).
constexpr double kMostError = 2e-5;
} // namespace

TEST(FastMath, winogradSizes) {
  struct Case {
    const char *padding;
    int64_t height, width, channels, filters;
  };
  for (const Case &c : {Case{"same", 12, 12, 48, 65}, Case{"same", 13, 15, 49, 48},
                        Case{"valid", 14, 14, 65, 48}, Case{"valid", 17, 16, 48, 48}}) {
    SCOPED_TRACE(std::string(c.padding) + " " + std::to_string(c.height) + " x " +
                 std::to_string(c.width) + " x " + std::to_string(c.channels));
    Tensor x = Input({c.height, c.width, c.channels});
    Tensor y = layers::Conv2D(
        {.filters = c.filters, .kernel_size = 3, .padding = c.padding, .activation = "relu"})(x);
    EXPECT_LE(errors_of(Model(x, y), 2).fast, kMostError);
  }
}

TEST(FastMath, winogradEpilogues) {
  Tensor x = Input({12, 13, 50});
  auto convolution = [](const char *activation) {
    return layers::Conv2D(
        {.filters = 50, .kernel_size = 3, .padding = "same", .activation = activation});
  };
  for (const char *activation : {"linear", "silu", "softmax"}) {
    SCOPED_TRACE(activation);
    EXPECT_LE(errors_of(Model(x, convolution(activation)(x)), 3).fast, kMostError);
  }
  Tensor residual = layers::Add()({convolution("linear")(x), x});
  EXPECT_LE(errors_of(Model(x, convolution("relu")(residual)), 2).fast, kMostError);
  Tensor padded = layers::ZeroPadding2D({.padding = 2})(convolution("relu")(x));
  EXPECT_LE(errors_of(Model(x, padded), 2).fast, kMostError);
}

TEST(FastMath, winogradBlocks) {
  // Pictures with tiles enough for blocks of them; the last block is not full.
  struct Case {
    const char *padding;
    int64_t height, width, channels, filters;
  };
  for (const Case &c : {Case{"same", 48, 44, 48, 65}, Case{"valid", 46, 46, 48, 48},
                        Case{"same", 42, 45, 70, 50}}) {
    SCOPED_TRACE(std::string(c.padding) + " " + std::to_string(c.height) + " x " +
                 std::to_string(c.width));
    Tensor x = Input({c.height, c.width, c.channels});
    Tensor y = layers::Conv2D(
        {.filters = c.filters, .kernel_size = 3, .padding = c.padding, .activation = "relu"})(x);
    EXPECT_LE(errors_of(Model(x, y), 2).fast, kMostError);
  }
  Tensor x = Input({42, 43, 50});
  Tensor y = layers::Conv2D({.filters = 50, .kernel_size = 3, .padding = "same"})(x);
  y = layers::Activation({.activation = "silu"})(layers::Add()({y, x}));
  EXPECT_LE(errors_of(Model(x, layers::ZeroPadding2D({.padding = 1})(y)), 1).fast, kMostError);
}

TEST(FastMath, winogradBlocksOfOtherVectors) {
  Tensor x = Input({45, 46, 50});
  Tensor y = layers::Conv2D({.filters = 50, .kernel_size = 3, .padding = "same"})(x);
  Model model(x, y);
  std::mt19937 generator(7);
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, 1, generator);
  Arrays expected = interpret(model, inputs, /*in_double=*/true);
  for (const char *cpu : {"x86-64-v3", "x86-64"}) {
    CompiledModel fast(model, {.cpu = cpu, .math = "fast"});
    EXPECT_LE(relative_error(Session(fast).run(inputs), expected), kMostError) << cpu;
  }
}

TEST(FastMath, smallTiles) {
  // Tiles of 2 x 2: few pixels and many channels.
  Tensor x = Input({7, 7, 512});
  Tensor y = layers::Conv2D(
      {.filters = 256, .kernel_size = 3, .padding = "same", .activation = "relu"})(x);
  Errors errors = errors_of(Model(x, y), 2);
  std::printf("512 channels, F(2x2, 3x3): largest error %.1e exact, %.1e fast\n", errors.exact,
              errors.fast);
  EXPECT_LE(errors.fast, kMostError / 4);
  for (const char *padding : {"same", "valid"}) {
    int64_t more = padding == std::string("same") ? 0 : 2;
    Tensor a = Input({6 + more, 7 + more, 300});
    Tensor b = layers::Conv2D({.filters = 310, .kernel_size = 3, .padding = padding})(a);
    EXPECT_LE(errors_of(Model(a, b), 2).fast, kMostError / 4) << padding;
  }
}

TEST(FastMath, errorsAreMeasured) {
  for (int64_t channels : {64, 256}) {
    Tensor x = Input({16, 16, channels});
    Tensor y = layers::Conv2D({.filters = 48, .kernel_size = 3, .padding = "same"})(x);
    Errors errors = errors_of(Model(x, y), 1);
    std::printf("%3d channels: largest error %.1e exact, %.1e fast (of the largest element)\n",
                static_cast<int>(channels), errors.exact, errors.fast);
    EXPECT_LT(errors.exact, errors.fast);
    EXPECT_LE(errors.fast, kMostError);
  }
}

TEST(FastMath, othersStayExact) {
  // Strides, windows of 5, few channels: the same bits as without the option.
  Tensor x = Input({16, 16, 48});
  Tensor y = layers::Conv2D({.filters = 48, .kernel_size = 3, .strides = 2})(x);
  y = layers::Conv2D({.filters = 16, .kernel_size = 5, .padding = "same"})(y);
  Model model(x, layers::Conv2D({.filters = 64, .kernel_size = 3, .padding = "same"})(y));
  std::mt19937 generator(6);
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, 2, generator);
  CompiledModel exact(model), fast(model, {.math = "fast"});
  EXPECT_TRUE(same_bits(Session(fast).run(inputs), Session(exact).run(inputs)));
}

TEST(FastMath, unknownModeIsAnError) {
  Tensor x = Input({3});
  EXPECT_THROW(CompiledModel(Model(x, layers::Dense({.units = 2})(x)), {.math = "quick"}), Error);
}

} // namespace horn::numeric
