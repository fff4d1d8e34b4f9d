// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels' special cases at the sizes where they begin and end: depthwise blocks of columns,
// depths that are gone through in blocks, epilogues from scratch memory, short rows, shared lanes.
#include "tests/numeric/Support.h"

namespace horn::numeric {

TEST(KernelEdges, depthwiseWidths) {
  // Blocks have 4 to 8 columns; windows reach over both ends of narrow pictures.
  for (int64_t width : {1, 2, 4, 5, 7, 8, 9, 14, 15, 23})
    for (int64_t size : {1, 3, 5, 7}) {
      SCOPED_TRACE(std::to_string(width) + " columns, window " + std::to_string(size));
      Tensor x = Input({4, width, 18});
      check_model(Model(x, layers::DepthwiseConv2D({.kernel_size = size, .padding = "same"})(x)),
                  {2});
    }
}

TEST(KernelEdges, depthwiseChannels) {
  for (int64_t channels : {1, 3, 15, 16, 17, 31, 33, 64, 70}) {
    SCOPED_TRACE(std::to_string(channels) + " channels");
    Tensor x = Input({7, 7, channels});
    Tensor y = layers::DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(x);
    check_model(Model(x, layers::Activation({.activation = "silu"})(y)), {1, 3});
  }
}

TEST(KernelEdges, depthwiseStridesAndDilations) {
  for (const char *padding : {"valid", "same"})
    for (int64_t size : {3, 5}) {
      Tensor x = Input({13, 12, 20});
      for (int64_t stride : {2, 3}) {
        SCOPED_TRACE(std::string(padding) + " stride " + std::to_string(stride));
        check_model(Model(x, layers::DepthwiseConv2D(
                                 {.kernel_size = size, .strides = stride, .padding = padding})(x)),
                    {2});
      }
      SCOPED_TRACE(std::string(padding) + " dilated");
      check_model(Model(x, layers::DepthwiseConv2D(
                               {.kernel_size = size, .padding = padding, .dilation_rate = 2})(x)),
                  {2});
    }
}

TEST(KernelEdges, depthwiseUnknownSize) {
  Tensor x = Input({None, None, 24});
  check_model(Model(x, layers::DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(x)),
              {1, 2, 9});
}

TEST(KernelEdges, depthwiseOneDimension) {
  Tensor x = Input({19, 9});
  check_model(Model(x, layers::DepthwiseConv1D({.kernel_size = 5, .padding = "same"})(x)), {1, 4});
}

TEST(KernelEdges, depthwiseWithSummand) {
  Tensor x = Input({9, 10, 33});
  Tensor y = layers::DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(x);
  check_model(Model(x, layers::Activation({.activation = "tanh"})(layers::Add()({y, x}))), {1, 2});
}

TEST(KernelEdges, squeezeBehindDepthwise) {
  // Blocks of columns inside and at the edges, light and heavy epilogues, shares of channels.
  for (int64_t width : {1, 5, 14, 23})
    for (const char *activation : {"relu", "silu"}) {
      SCOPED_TRACE(std::to_string(width) + " columns, " + activation);
      Tensor x = Input({width, width + 1, 70});
      Tensor y = layers::DepthwiseConv2D(
          {.kernel_size = 3, .padding = "same", .activation = activation})(x);
      Tensor mean = layers::GlobalAveragePooling2D({.keepdims = true})(y);
      Tensor scale =
          layers::Conv2D({.filters = 70, .kernel_size = 1, .activation = "sigmoid"})(mean);
      Tensor scaled = layers::Multiply()({y, scale});
      check_everywhere(Model(x, layers::Conv2D({.filters = 9, .kernel_size = 1})(scaled)), {1, 3});
    }
}

TEST(KernelEdges, squeezeOfPartsAndLines) {
  // Part of a wider result, transposed, on one axis.
  Tensor x = Input({6, 7, 20}), z = Input({13, 20});
  Tensor y = layers::DepthwiseConv2D({.kernel_size = 3})(x);
  Tensor joined = layers::Concatenate()({y, y});
  Tensor turned =
      layers::Permute({.dims = {3, 1, 2}})(layers::DepthwiseConv2D({.kernel_size = 2})(x));
  Tensor line = layers::DepthwiseConv1D({.kernel_size = 3})(z);
  check_everywhere(Model({x, z}, {joined, layers::GlobalAveragePooling2D()(y), turned,
                                  layers::GlobalAveragePooling1D()(line), line}),
                   {1, 0, 3});
}

TEST(KernelEdges, depthwiseBeforeProduct) {
  // One kernel for both from 12 lines on.
  for (int64_t width : {1, 5, 14, 19})
    for (int64_t stride : {1, 2})
      for (int64_t filters : {3, 24, 70}) {
        SCOPED_TRACE(std::to_string(width) + " columns, stride " + std::to_string(stride) + " to " +
                     std::to_string(filters));
        Tensor x = Input({24, width, 18});
        Tensor y = layers::DepthwiseConv2D(
            {.kernel_size = 3, .strides = stride, .padding = "same", .activation = "silu"})(x);
        Tensor z = layers::Conv2D({.filters = filters, .kernel_size = 1, .activation = "tanh"})(y);
        check_model(Model(x, z), {0, 1, 3});
      }
  Tensor x = Input({13, 9, 24});
  Tensor y = layers::DepthwiseConv2D({.kernel_size = 5, .padding = "same"})(x);
  Tensor sum = layers::Activation({.activation = "relu"})(layers::Add()({y, x}));
  check_everywhere(Model(x, layers::Add()({layers::Dense({.units = 24})(sum), x})), {1, 2});
}

TEST(KernelEdges, deepProducts) {
  // A panel of 64 columns outgrows the second cache from some thousand steps of depth on.
  for (int64_t depth : {4096, 4099, 9001})
    for (int64_t units : {1, 64, 70}) {
      SCOPED_TRACE(std::to_string(depth) + " to " + std::to_string(units));
      Tensor x = Input({depth});
      Tensor scaled = layers::Rescaling({.scale = 1.0 / 64})(x);
      check_model(Model(x, layers::Dense({.units = units, .activation = "gelu"})(scaled)),
                  {1, 5, 13, 100});
    }
}

TEST(KernelEdges, deepConvolutions) {
  Tensor x = Input({5, 6, 640});
  Tensor scaled = layers::Rescaling({.scale = 1.0 / 64})(x);
  for (int64_t dilation : {1, 2}) {
    SCOPED_TRACE("dilation " + std::to_string(dilation));
    check_model(Model(x, layers::Conv2D({.filters = 65,
                                         .kernel_size = 3,
                                         .padding = "same",
                                         .dilation_rate = dilation,
                                         .activation = "relu"})(scaled)),
                {1, 3});
  }
}

TEST(KernelEdges, lastPanels) {
  // The tiles of the last panel are as wide as the columns that are left, on each machine.
  for (int64_t units : {20, 28, 40, 56, 68, 80, 100, 112, 130}) {
    SCOPED_TRACE(std::to_string(units) + " units");
    Tensor x = Input({7, 24}), other = Input({24, units});
    Tensor light = layers::Dense({.units = units, .activation = "relu"})(x);
    Tensor heavy = layers::Dense({.units = units, .activation = "gelu"})(x);
    check_everywhere(Model({x, other}, {light, heavy, ops::matmul(x, other)}), {1, 3});
  }
  Tensor x = Input({12, 12, 20}), deep = Input({4, 4, 640});
  Tensor depthwise = layers::DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(x);
  Tensor point = layers::Conv2D({.filters = 112, .kernel_size = 1})(depthwise);
  Tensor scaled = layers::Rescaling({.scale = 1.0 / 64})(deep);
  Tensor window = layers::Conv2D({.filters = 80, .kernel_size = 3, .padding = "same"})(scaled);
  check_everywhere(Model({x, deep}, {point, window}), {1, 2});
}

TEST(KernelEdges, windowsInPadding) {
  // Tiles of rows at the upper and the lower end leave out rows of the window, whole windows too;
  // wide pictures have such tiles, narrow ones few, and none spans two pictures.
  for (int64_t width : {2, 7, 33})
    for (int64_t padding : {1, 4})
      for (int64_t stride : {1, 2}) {
        SCOPED_TRACE(std::to_string(width) + " columns, padding " + std::to_string(padding) +
                     ", stride " + std::to_string(stride));
        Tensor x = Input({5, width, 3});
        Tensor y = layers::ZeroPadding2D({.padding = padding})(x);
        Tensor z = layers::Conv2D({.filters = 5, .kernel_size = 3, .strides = stride})(y);
        check_everywhere(Model(x, z), {1, 3});
      }
  // A depth that is gone through in blocks, of 5 lines.
  Tensor deep = Input({5, 13, 700}), scaled = layers::Rescaling({.scale = 1.0 / 64})(deep);
  check_model(
      Model(deep, layers::Conv2D({.filters = 70, .kernel_size = 3, .padding = "same"})(scaled)),
      {1, 2});
  // What is put around is not 0.
  Tensor x = Input({5, 9, 3});
  Tensor ones = ops::pad(x, {0, 2, 1, 0}, {0, 2, 1, 0}, 1.0);
  check_model(Model(x, layers::Conv2D({.filters = 4, .kernel_size = 3})(ones)), {2});
}

TEST(KernelEdges, heavyEpilogues) {
  for (int64_t filters : {3, 16, 24, 40, 65, 96}) {
    SCOPED_TRACE(std::to_string(filters) + " filters");
    Tensor x = Input({5, 7, 6});
    Tensor y = layers::Conv2D({.filters = filters, .kernel_size = 1})(x);
    Tensor z = layers::Conv2D({.filters = filters, .kernel_size = 1, .use_bias = false})(x);
    check_model(Model(x, layers::Multiply()({layers::Activation({.activation = "silu"})(y), z})),
                {1, 3});
    // The result goes into the middle of a padded picture.
    Tensor padded =
        layers::ZeroPadding2D({.padding = 1})(layers::Activation({.activation = "sigmoid"})(y));
    check_model(Model(x, padded), {2});
  }
}

TEST(KernelEdges, rowsBehindProducts) {
  // Whole rows of a result are in a tile up to one panel of columns.
  for (int64_t units : {1, 2, 10, 16, 17, 31, 48, 64, 65}) {
    SCOPED_TRACE(std::to_string(units) + " units");
    Tensor x = Input({24}), residual = Input({units});
    Tensor y = layers::Dense({.units = units})(x);
    Tensor sum = layers::Add()({y, residual});
    check_everywhere(
        Model({x, residual}, {layers::LayerNormalization()(sum),
                              layers::Dense({.units = units, .activation = "softmax"})(x)}),
        {1, 0, 13, 30});
  }
}

TEST(KernelEdges, rowsOfTwoProducts) {
  Tensor x = Input({24});
  Tensor weights = layers::Dense({.units = 10, .activation = "softmax"})(x);
  Tensor scaled = layers::Multiply()({weights, layers::Dense({.units = 10})(x)});
  check_everywhere(Model(x, layers::LayerNormalization()(scaled)), {1, 13});
}

TEST(KernelEdges, rowsBehindConvolutions) {
  Tensor x = Input({9, 7, 12});
  Tensor pixels = layers::Conv2D({.filters = 21, .kernel_size = 3, .activation = "softmax"})(x);
  Tensor points = layers::Conv2D({.filters = 5, .kernel_size = 1})(x);
  Tensor y = layers::DepthwiseConv2D({.kernel_size = 3, .padding = "same"})(x);
  Tensor scaled = layers::Conv2D({.filters = 5, .kernel_size = 1, .activation = "softmax"})(y);
  check_everywhere(Model(x, {pixels, layers::UnitNormalization()(points), scaled}), {1, 3});
}

TEST(KernelEdges, scaledChannelsBeforeProducts) {
  // Tasks compute their rows of the product's left operand; narrow, wide and deep ones, of which
  // some are too large for that.
  for (int64_t channels : {1, 16, 33, 700})
    for (int64_t filters : {3, 70, 200}) {
      SCOPED_TRACE(std::to_string(channels) + " to " + std::to_string(filters));
      Tensor x = Input({5, 7, channels});
      Tensor gate = layers::GlobalAveragePooling2D({.keepdims = true})(x);
      Tensor scaled = layers::Multiply()({x, gate});
      check_model(
          Model(x, layers::Conv2D({.filters = filters, .kernel_size = 1, .activation = "silu"})(
                       scaled)),
          {1, 2, 9});
    }
}

TEST(KernelEdges, lightOpsBeforeProducts) {
  Tensor x = Input({None, None, 20}), y = Input({20});
  Tensor normal = layers::Activation({.activation = "relu"})(layers::BatchNormalization()(x));
  check_everywhere(Model(x, layers::Conv2D({.filters = 24, .kernel_size = 1})(normal)), {1, 3});
  check_model(Model(x, layers::Dense({.units = 9})(layers::Permute({.dims = {2, 1, 3}})(normal))),
              {1, 3});
  Tensor sum = layers::Add()({y, layers::Activation({.activation = "relu"})(y)});
  check_model(Model(y, layers::Add()({layers::Dense({.units = 20})(sum), sum})), {0, 1, 4, 50});
}

TEST(KernelEdges, colours) {
  for (int64_t width : {1, 5, 224})
    for (int64_t channels : {1, 2, 3, 4, 15}) {
      SCOPED_TRACE(std::to_string(width) + " columns of " + std::to_string(channels));
      Tensor x = Input({6, width, channels});
      check_model(
          Model(x, layers::BatchNormalization()(layers::Activation({.activation = "relu"})(x))),
          {1, 2});
    }
}

TEST(KernelEdges, means) {
  for (int64_t pixels : {1, 3, 4, 5, 50})
    for (int64_t channels : {1, 15, 16, 17, 100}) {
      SCOPED_TRACE(std::to_string(pixels) + " pixels, " + std::to_string(channels) + " channels");
      Tensor x = Input({pixels, 3, channels});
      check_model(Model(x, layers::GlobalAveragePooling2D()(x)), {1, 2, 9});
      check_model(Model(x, layers::GlobalMaxPooling2D()(x)), {1, 2, 9});
    }
}

TEST(KernelEdges, stridedPointwise) {
  Tensor x = Input({7, 8, 5});
  auto pointwise = [](int64_t filters, int64_t stride) {
    return layers::Conv2D({.filters = filters, .kernel_size = 1, .strides = stride});
  };
  Tensor shortcut = pointwise(18, 1)(x);
  Tensor y = pointwise(18, 1)(layers::Activation({.activation = "relu"})(pointwise(9, 1)(x)));
  Tensor block = layers::Activation({.activation = "relu"})(layers::Add()({y, shortcut}));
  Tensor narrow = layers::Add()({pointwise(20, 2)(block), pointwise(20, 2)(block)});
  check_model(Model(x, narrow), {1, 2, 5});
}

TEST(KernelEdges, statesThatAreWrittenInPlace) {
  Tensor x = Input({6, 5});
  for (const char *merge : {"concat", "sum"}) {
    SCOPED_TRACE(merge);
    check_model(Model(x, layers::Bidirectional(
                             {.layer = layers::LSTM({.units = 18, .return_sequences = true}),
                              .merge_mode = merge})(x)),
                {1, 3});
  }
  check_model(Model(x, layers::GRU({.units = 17})(x)), {1, 3});
  check_model(Model(x, layers::SimpleRNN({.units = 17, .return_sequences = true})(x)), {1, 3});
}

} // namespace horn::numeric
