// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of neural networks: activations, convolutions, pooling, normalisation.
// Source: keras.ops.nn, keras.activations.
#pragma once

#include "frontend/core/Tensor.h"
#include "frontend/ops/Axes.h"

#include <string>

namespace horn::ops {

/// max(x, 0).
Tensor relu(const Tensor &x);
Tensor relu6(const Tensor &x);
/// The general form: negative_slope * (x - threshold) below the threshold, at most max_value.
Tensor relu(const Tensor &x, double negative_slope, std::optional<double> max_value,
            double threshold);
Tensor leaky_relu(const Tensor &x, double negative_slope = 0.2);
Tensor elu(const Tensor &x, double alpha = 1);
Tensor celu(const Tensor &x, double alpha = 1);
Tensor gelu(const Tensor &x, bool approximate = true);
Tensor glu(const Tensor &x, int64_t axis = -1);
Tensor hard_sigmoid(const Tensor &x);
Tensor hard_silu(const Tensor &x);
Tensor hard_tanh(const Tensor &x);
Tensor hard_shrink(const Tensor &x, double threshold = 0.5);
Tensor soft_shrink(const Tensor &x, double threshold = 0.5);
Tensor tanh_shrink(const Tensor &x);
Tensor log_sigmoid(const Tensor &x);
Tensor softsign(const Tensor &x);
Tensor squareplus(const Tensor &x, double b = 4);
Tensor mish(const Tensor &x);
Tensor sparse_plus(const Tensor &x);
Tensor sparse_sigmoid(const Tensor &x);
Tensor sparsemax(const Tensor &x, int64_t axis = -1);
Tensor threshold(const Tensor &x, double threshold, double value);
Tensor softmax(const Tensor &x, const Axes &axis = -1);
Tensor log_softmax(const Tensor &x, const Axes &axis = -1);

/// Arguments of convolutions; lists have one entry for each spatial axis.
struct ConvOptions {
  std::vector<int64_t> strides, dilation_rate;
  std::string padding = "valid"; ///< "valid", "same", or "causal" for one spatial axis
  std::string data_format = "channels_last";
  int64_t groups = 1;
  std::vector<int64_t> output_padding = {}; ///< of conv_transpose; empty: Keras's default
};

/// Cross-correlation. **Shapes** x [N, spatial..., C] (channels_first: [N, C, spatial...]),
/// kernel [spatial..., C/groups, filters].
Tensor conv(const Tensor &x, const Tensor &kernel, const ConvOptions &options);
/// **Shapes** kernel [spatial..., C, multiplier]; output channel c * multiplier + m.
Tensor depthwise_conv(const Tensor &x, const Tensor &kernel, const ConvOptions &options);
/// **Shapes** kernel [spatial..., filters, C].
Tensor conv_transpose(const Tensor &x, const Tensor &kernel, const ConvOptions &options);

/// Arguments of pooling.
struct PoolOptions {
  std::vector<int64_t> pool_size, strides;
  std::string padding = "valid";
  std::string data_format = "channels_last";
};
Tensor max_pool(const Tensor &x, const PoolOptions &options);
/// With "same" padding, the mean of the elements that are there.
Tensor average_pool(const Tensor &x, const PoolOptions &options);
/// Pools to a given size: window i of n over L elements is [floor(i L / n), ceil((i + 1) L / n)).
/// The sizes of the input must be known where that of the output is not 1.
Tensor adaptive_average_pool(const Tensor &x, const std::vector<int64_t> &output_size,
                             const std::string &data_format = "channels_last");
Tensor adaptive_max_pool(const Tensor &x, const std::vector<int64_t> &output_size,
                         const std::string &data_format = "channels_last");

/// (x - mean) * gamma * rsqrt(variance + epsilon) + beta along `axis`; undefined gamma or beta
/// count as 1 and 0.
Tensor batch_normalization(const Tensor &x, const Tensor &mean, const Tensor &variance,
                           const Tensor &gamma, const Tensor &beta, double epsilon, int64_t axis);
/// Normalises over `axes` with the population variance; gamma and beta have those axes' shape.
Tensor layer_normalization(const Tensor &x, const Tensor &gamma, const Tensor &beta,
                           const Axes &axes, double epsilon);

/// Channels moved last, and back; the tensor itself for "channels_last".
Tensor to_channels_last(const Tensor &x, const std::string &data_format);
Tensor from_channels_last(const Tensor &x, const std::string &data_format);
/// Adds a vector along the channel axis.
Tensor add_bias(const Tensor &x, const Tensor &bias, const std::string &data_format);

} // namespace horn::ops
