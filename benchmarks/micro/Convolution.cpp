// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions of ResNet50 and MobileNetV2, one picture; by the sum of products and by math=fast.
#include "benchmarks/micro/Layers.h"

using namespace horn;

/// Arguments: height and width, channels, filters, window, stride, fast.
static void convolution(benchmark::State &state) {
  int64_t size = state.range(0), channels = state.range(1), filters = state.range(2),
          window = state.range(3), stride = state.range(4);
  Tensor x = Input({size, size, channels});
  Tensor y = layers::Conv2D({.filters = filters,
                             .kernel_size = window,
                             .strides = stride,
                             .padding = "same",
                             .activation = "relu"})(x);
  int64_t out = (size + stride - 1) / stride;
  double flops = 2.0 * static_cast<double>(out * out * filters * window * window * channels);
  micro::run_model(state, Model(x, y), 1, /*threads=*/1, flops,
                   {.math = state.range(5) ? "fast" : "exact"});
}
BENCHMARK(convolution)
    ->ArgNames({"size", "channels", "filters", "window", "stride", "fast"})
    ->Args({224, 3, 64, 7, 2, 0})
    ->Args({56, 64, 64, 1, 1, 0})
    ->Args({56, 64, 256, 1, 1, 0})
    ->Args({56, 64, 64, 3, 1, 0})
    ->Args({56, 64, 64, 3, 1, 1})
    ->Args({28, 128, 128, 3, 1, 0})
    ->Args({28, 128, 128, 3, 1, 1})
    ->Args({14, 256, 256, 3, 1, 0})
    ->Args({14, 256, 256, 3, 1, 1})
    ->Args({14, 1024, 256, 1, 1, 0})
    ->Args({7, 512, 512, 3, 1, 0})
    ->Args({112, 16, 96, 1, 1, 0})
    ->Args({28, 192, 32, 1, 1, 0})
    ->UseRealTime();

/// Arguments: height and width, channels, window, stride.
static void depthwise(benchmark::State &state) {
  int64_t size = state.range(0), channels = state.range(1), window = state.range(2),
          stride = state.range(3);
  Tensor x = Input({size, size, channels});
  Tensor y = layers::DepthwiseConv2D(
      {.kernel_size = window, .strides = stride, .padding = "same", .activation = "relu6"})(x);
  int64_t out = (size + stride - 1) / stride;
  double flops = 2.0 * static_cast<double>(out * out * channels * window * window);
  micro::run_model(state, Model(x, y), 1, /*threads=*/1, flops);
}
BENCHMARK(depthwise)
    ->ArgNames({"size", "channels", "window", "stride"})
    ->Args({112, 32, 3, 1})
    ->Args({112, 96, 3, 2})
    ->Args({28, 192, 3, 1})
    ->Args({28, 240, 5, 1})
    ->Args({14, 576, 3, 1})
    ->Args({7, 960, 3, 1})
    ->UseRealTime();
