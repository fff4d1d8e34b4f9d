// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Small models at sizes around the edges of vectors (16 lanes) and register tiles (6 rows, panels
// of 16 to 64 columns), compiled and compared with the interpreter in double precision.
#include "tests/numeric/Support.h"

#include <functional>

namespace horn::numeric {

using layers::Activation;

TEST(Edges, denseUnits) {
  for (int64_t units = 1; units <= 70; ++units) {
    SCOPED_TRACE("units " + std::to_string(units));
    Tensor x = Input({units % 37 + 1});
    Tensor y = layers::Dense({.units = units, .activation = "relu"})(x);
    check_model(Model(x, y), {7});
  }
}

TEST(Edges, denseBatchesAndDepths) {
  for (int64_t features : {1, 15, 16, 17, 300})
    for (int64_t units : {1, 16, 31, 48, 65}) {
      SCOPED_TRACE(std::to_string(features) + " to " + std::to_string(units));
      Tensor x = Input({features});
      check_model(Model(x, layers::Dense({.units = units, .use_bias = units != 31})(x)));
    }
}

TEST(Edges, denseOnMoreAxes) {
  Tensor x = Input({3, 2, 9});
  check_model(Model(x, layers::Dense({.units = 17, .activation = "tanh"})(x)));
}

TEST(Edges, convolutions) {
  for (const char *padding : {"valid", "same"})
    for (int64_t stride : {1, 2, 3})
      for (int64_t dilation : {1, 2})
        for (int64_t size : {5, 8}) {
          if (stride > 1 && dilation > 1)
            continue; // Keras refuses both
          SCOPED_TRACE(std::string(padding) + " stride " + std::to_string(stride) + " dilation " +
                       std::to_string(dilation) + " size " + std::to_string(size));
          Tensor x = Input({size, size + 1, 3});
          Tensor y = layers::Conv2D({.filters = 18,
                                     .kernel_size = {3, 2},
                                     .strides = stride,
                                     .padding = padding,
                                     .dilation_rate = dilation,
                                     .activation = "relu"})(x);
          check_model(Model(x, y), {1, 0, 3});
        }
}

TEST(Edges, convolutionsOfManyChannels) {
  for (int64_t filters : {1, 16, 64, 70})
    for (int64_t kernel : {1, 3}) {
      SCOPED_TRACE(std::to_string(filters) + " filters, kernel " + std::to_string(kernel));
      Tensor x = Input({7, 7, 19});
      check_model(Model(x, layers::Conv2D({.filters = filters,
                                           .kernel_size = {kernel, kernel},
                                           .padding = "same"})(x)),
                  {1, 2});
    }
}

TEST(Edges, convolutionsOfOtherRanks) {
  Tensor line = Input({11, 3});
  check_model(
      Model(line, layers::Conv1D({.filters = 5, .kernel_size = 4, .padding = "causal"})(line)));
  Tensor volume = Input({4, 5, 3, 2});
  check_model(
      Model(volume, layers::Conv3D({.filters = 3, .kernel_size = 2, .padding = "same"})(volume)),
      {2});
}

TEST(Edges, groupedAndDepthwiseConvolutions) {
  Tensor x = Input({6, 7, 12});
  check_model(Model(x, layers::Conv2D({.filters = 8, .kernel_size = 3, .groups = 4})(x)), {2});
  for (const char *padding : {"valid", "same"})
    for (int64_t stride : {1, 2}) {
      SCOPED_TRACE(std::string(padding) + " stride " + std::to_string(stride));
      check_model(Model(x, layers::DepthwiseConv2D(
                               {.kernel_size = 3, .strides = stride, .padding = padding})(x)),
                  {1, 3});
      check_model(
          Model(x,
                layers::SeparableConv2D(
                    {.filters = 17, .kernel_size = 3, .strides = stride, .padding = padding})(x)),
          {1, 3});
    }
  check_model(Model(x, layers::DepthwiseConv2D({.kernel_size = 2, .depth_multiplier = 3})(x)), {2});
}

TEST(Edges, transposedConvolutions) {
  for (const char *padding : {"valid", "same"})
    for (int64_t stride : {1, 2, 3}) {
      SCOPED_TRACE(std::string(padding) + " stride " + std::to_string(stride));
      Tensor x = Input({4, 3, 5});
      check_model(
          Model(x, layers::Conv2DTranspose(
                       {.filters = 6, .kernel_size = 3, .strides = stride, .padding = padding})(x)),
          {1, 2});
    }
}

TEST(Edges, imagesOfUnknownSize) {
  Tensor x = Input({None, None, 3});
  Tensor y = layers::Conv2D({.filters = 9, .kernel_size = 3, .strides = 2, .padding = "same"})(x);
  y = layers::MaxPooling2D({.pool_size = 2, .padding = "same"})(y);
  Model model(x, layers::GlobalAveragePooling2D()(y));
  check_model(model, {1, 4, 9, 16}); // also the height and width
}

TEST(Edges, pooling) {
  for (const char *padding : {"valid", "same"})
    for (int64_t window : {2, 3})
      for (int64_t stride : {1, 2, 3}) {
        SCOPED_TRACE(std::string(padding) + " window " + std::to_string(window) + " stride " +
                     std::to_string(stride));
        Tensor x = Input({7, 5, 17});
        Tensor largest =
            layers::MaxPooling2D({.pool_size = window, .strides = stride, .padding = padding})(x);
        Tensor mean = layers::AveragePooling2D(
            {.pool_size = window, .strides = stride, .padding = padding})(x);
        check_model(Model(x, {largest, mean}), {1, 0, 3});
      }
}

TEST(Edges, globalPooling) {
  Tensor x = Input({7, 3, 18});
  check_model(Model(x, {layers::GlobalAveragePooling2D()(x), layers::GlobalMaxPooling2D()(x)}));
}

TEST(Edges, softmaxAndNormalisation) {
  for (int64_t size : {1, 2, 15, 16, 17, 33, 70}) {
    SCOPED_TRACE("size " + std::to_string(size));
    Tensor x = Input({size});
    check_model(Model(x, ops::softmax(x)));
    check_model(Model(x, ops::log_softmax(3 * x)));
    if (size > 1)
      check_model(Model(x, layers::LayerNormalization()(2 * x + 1)));
  }
  Tensor x = Input({5, 6, 7});
  check_model(Model(x, {ops::softmax(x, 1), ops::softmax(x, 2), ops::softmax(x, {1, 3})}));
  check_model(
      Model(x, layers::BatchNormalization()(layers::ReLU()(layers::BatchNormalization()(x)))));
}

TEST(Edges, reductions) {
  for (int64_t size : {1, 15, 17, 64, 70}) {
    SCOPED_TRACE("size " + std::to_string(size));
    Tensor x = Input({3, size});
    for (Axes axis : {Axes(-1), Axes(1), Axes({1, 2})})
      check_model(Model(x, {ops::sum(x, axis), ops::mean(x, axis), ops::max(x, axis),
                            ops::min(x, axis), ops::prod(x, axis), ops::std(x + 0.5, axis)}),
                  {1, 6});
  }
  Tensor x = Input({5, 4});
  check_model(Model(x, {ops::argmax(x, -1), ops::argmin(x, 1), ops::logsumexp(x, -1)}));
}

TEST(Edges, broadcasting) {
  for (int64_t size : {1, 7, 16, 17, 70}) {
    SCOPED_TRACE("size " + std::to_string(size));
    Tensor a = Input({4, size}), b = Input({size}), c = Input({4, 1}), d = Input({1, 1});
    check_model(Model({a, b, c, d}, {a + ops::expand_dims(b, 1), a * c, c - ops::expand_dims(b, 1),
                                     ops::maximum(a, d), ops::where(a > d, a, c), a / (c + 3)}));
  }
}

TEST(Edges, movesOfElements) {
  for (int64_t size : {1, 5, 17}) {
    SCOPED_TRACE("size " + std::to_string(size));
    Tensor x = Input({4, size}), y = Input({4, 2 * size});
    check_model(Model({x, y}, {ops::concatenate({x, y, x}, -1), ops::transpose(x, {0, 2, 1}),
                               ops::flip(y, 1), ops::pad(x, {0, 1, 2}, {0, 0, 3}),
                               ops::reshape(y, {-1, 2 * size * 4}), ops::repeat(x, 2, 1),
                               ops::stack({x, x}, 1), ops::roll(y, 1, 2)}));
    std::vector<Tensor> parts = ops::split(y, 2, -1);
    check_model(
        Model({x, y}, {parts[0] + x, ops::tanh(parts[1]),
                       ops::get_item(y, {ops::SliceAxis::all(), ops::SliceAxis::index(-1),
                                         ops::SliceAxis::range(0, ops::SliceAxis::open, 2)})}));
  }
}

TEST(Edges, functions) {
  Tensor x = Input({37});
  std::vector<Tensor> outputs;
  for (std::string_view name : horn::Activation::names())
    if (name != "glu" && name != "sparsemax") // needs an even axis; has no kernel yet
      outputs.push_back(horn::Activation(std::string(name))(2 * x));
  check_model(Model(x, outputs), {3});
  check_model(
      Model(x, {ops::exp(5 * x), ops::log(x + 2), ops::sqrt(x + 1), ops::erf(x), ops::sin(9 * x),
                ops::cos(9 * x), ops::power(x + 2, x), ops::arctan2(x, x + 0.5), ops::expm1(x),
                ops::log1p(x + 1), ops::rsqrt(x + 2), ops::floor(4 * x), ops::sign(x)}),
      {3});
}

TEST(Edges, products) {
  for (int64_t n : {1, 6, 17}) {
    SCOPED_TRACE("size " + std::to_string(n));
    Tensor a = Input({n, 9}), b = Input({9, n + 3}), c = Input({n + 3, 9});
    check_model(Model({a, b, c}, {ops::matmul(a, b), ops::matmul_transposed(a, c),
                                  ops::einsum("bij,bjk->bki", {a, b})}));
  }
}

TEST(Edges, recurrentLayers) {
  for (int64_t units : {1, 7, 16, 19}) {
    SCOPED_TRACE("units " + std::to_string(units));
    Tensor x = Input({None, 3});
    check_model(
        Model(x, {layers::LSTM({.units = units, .return_sequences = true})(x),
                  layers::GRU({.units = units})(x), layers::SimpleRNN({.units = units})(x)}),
        {1, 0, 5, 8}); // also the number of steps
  }
}

TEST(Edges, attention) {
  for (int64_t steps : {1, 7, 17}) {
    SCOPED_TRACE("steps " + std::to_string(steps));
    Tensor x = Input({steps, 12});
    Tensor y =
        layers::MultiHeadAttention({.num_heads = 3, .key_dim = 5})(Arguments::positionals({x, x}))
            .front();
    check_model(Model(x, y), {1, 3});
  }
}

TEST(Edges, infinitiesAndNaN) {
  Tensor x = Input({4});
  Model model(x, {ops::relu(x), ops::maximum(x, 0), ops::exp(x), ops::sigmoid(x), ops::tanh(x),
                  ops::sum(x, -1), ops::max(x, -1), ops::softmax(x), ops::log(x), x * 0});
  const float inf = std::numeric_limits<float>::infinity(), nan = std::nanf("");
  const std::vector<float> rows = {inf, 1, 2, 3, -inf, 1, 2, 3, nan, 1, 2, 3, 100, -100, 0, -0.0f};
  Array input({4, 4}, std::span<const float>(rows));
  EXPECT_TRUE(is_close(model.predict(Arrays{input}), interpret(model, {input}), kRtol, kAtol));
}

/// Sorts, and picks by the order found: the same twice.
struct SortBoth : Layer {
  explicit SortBoth(int64_t axis) : axis(axis) {}
  Tensor call(const Tensor &x) override {
    return ops::sort(x, axis) + ops::take_along_axis(x, ops::argsort(x, axis), axis);
  }
  int64_t axis;
};

TEST(Edges, sortsLines) {
  for (int64_t size : {1, 2, 3, 7, 16, 33, 100})
    for (int64_t axis : {1, 2}) {
      SCOPED_TRACE("size " + std::to_string(size) + ", axis " + std::to_string(axis));
      Tensor x = Input(axis == 1 ? Shape{size, 3} : Shape{3, size});
      check_model(Model(x, make_layer<SortBoth>(axis)(x)), {1, 0, 5});
    }
}

TEST(Edges, adaptivePooling) {
  for (int64_t size : {1, 2, 3, 5, 7}) {
    SCOPED_TRACE("size " + std::to_string(size));
    Tensor x = Input({7, 5, 3});
    Tensor y = layers::AdaptiveMaxPooling2D({.output_size = {size, 2}})(x);
    Tensor z = layers::AdaptiveAveragePooling2D({.output_size = {size, 2}})(x);
    check_model(Model(x, layers::Add()({y, z})), {1, 3});
  }
}

} // namespace horn::numeric
