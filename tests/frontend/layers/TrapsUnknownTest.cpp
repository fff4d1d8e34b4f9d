// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sizes that are unknown until a model runs: one compilation gives, for every size, what a model of
// that size gives.
#include "tests/frontend/layers/Traps.h"

#include <functional>

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

using Build = std::function<Tensor(const Tensor &)>;

/// `build` on an input of shape `open`, run on each of `shapes`, against models of those shapes.
static void expect_same(const Shape &open, const std::vector<Shape> &shapes, const Build &build) {
  Tensor x = Input(open);
  Model model(x, build(x));
  set_pattern(model);
  CompiledModel compiled(model);
  for (const Shape &shape : shapes) {
    Tensor fixed_input = Input(shape);
    Model fixed(fixed_input, build(fixed_input));
    set_pattern(fixed);
    Array input = numbers(Shape{2}.concat(shape));
    Array expected = run(fixed, {input});
    std::vector<double> values;
    for (size_t i = 0; i < expected.size(); ++i)
      values.push_back(expected.at(i));
    SCOPED_TRACE(shape.str());
    expect(Session(compiled).run({input}).front(), expected.shape(), values);
    expect(interpret(model, {input}).front(), expected.shape(), values);
  }
}

static const Shape open_image{None, None, 2};
static const std::vector<Shape> images{{3, 4, 2}, {5, 2, 2}, {1, 1, 2}};

TEST(UnknownSizes, UpSamplingInterpolates) {
  for (const char *interpolation : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}) {
    SCOPED_TRACE(interpolation);
    expect_same(open_image, images, [&](const Tensor &x) {
      return UpSampling2D({.size = {2, 3}, .interpolation = interpolation})(x);
    });
  }
}

TEST(UnknownSizes, ResizingInterpolates) {
  for (const char *interpolation : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}) {
    SCOPED_TRACE(interpolation);
    expect_same(open_image, images, [&](const Tensor &x) {
      return Resizing({.height = 4, .width = 3, .interpolation = interpolation})(x);
    });
  }
}

TEST(UnknownSizes, ResizingOfChannelsFirstWithAntialias) {
  expect_same({2, None, None}, {{2, 9, 4}, {2, 3, 8}}, [](const Tensor &x) {
    return Resizing({.height = 2, .width = 5, .antialias = true, .data_format = "channels_first"})(
        x);
  });
}

TEST(UnknownSizes, IndexOfTheLastStep) {
  Build last = [](const Tensor &x) {
    return ops::get_item(x, {ops::SliceAxis::all(), ops::SliceAxis::index(-1)});
  };
  expect_same({None, 3}, {{1, 3}, {4, 3}, {7, 3}}, last);
}

TEST(UnknownSizes, ConvolutionsAndPooling) {
  expect_same(open_image, {{7, 5, 2}, {4, 9, 2}}, [](const Tensor &x) {
    Tensor y = Conv2D({.filters = 3, .kernel_size = 3, .strides = 2, .padding = "same"})(x);
    y = DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(ZeroPadding2D()(y));
    return MaxPooling2D({.pool_size = 2, .padding = "same"})(y);
  });
}

TEST(UnknownSizes, TransposedConvolutions) {
  expect_same(open_image, images, [](const Tensor &x) {
    return Conv2DTranspose({.filters = 1, .kernel_size = 3, .strides = 2, .padding = "same"})(x);
  });
}

TEST(UnknownSizes, GlobalPooling) {
  expect_same(open_image, images, [](const Tensor &x) { return GlobalAveragePooling2D()(x); });
  expect_same(open_image, images, [](const Tensor &x) { return GlobalMaxPooling2D()(x); });
}

TEST(UnknownSizes, RecurrentLayers) {
  expect_same({None, 2}, {{1, 2}, {5, 2}}, [](const Tensor &x) {
    return Bidirectional({.layer = GRU({.units = 2, .return_sequences = true})})(x);
  });
}

TEST(UnknownSizes, AttentionOverUnknownTime) {
  expect_same({None, 2}, {{1, 2}, {5, 2}}, [](const Tensor &x) {
    Arguments call = Arguments::positionals({x, x});
    call.with("use_causal_mask", true);
    return MultiHeadAttention({.num_heads = 2, .key_dim = 2}).outputs(call).front();
  });
}

TEST(UnknownSizes, ReshapeInfersFromUnknownTime) {
  expect_same({None, 4}, {{1, 4}, {3, 4}},
              [](const Tensor &x) { return Reshape({.target_shape = {-1, 2}})(x); });
}
