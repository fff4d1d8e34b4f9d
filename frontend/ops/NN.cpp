// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/NN.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

using detail::record;
using detail::recording;

static Tensor floats(const Tensor &x) { return cast(x, to_floating(x.dtype())); }

Tensor softmax(const Tensor &x, const Axes &axis) {
  if (recording({x}))
    return record("Softmax", x,
                  {{"axis", axis.list()->size() == 1 ? ConfigValue(axis.list()->front())
                                                     : ConfigValue(*axis.list())}});
  return emit("softmax", {floats(x)}, {{"axes", axis.resolve(x.shape())}});
}

Tensor log_softmax(const Tensor &x, const Axes &axis) {
  if (recording({x}))
    return record("LogSoftmax", x, {{"axis", axis.list()->front()}});
  return emit("log_softmax", {floats(x)}, {{"axes", axis.resolve(x.shape())}});
}

/// Permutation that moves axis 1 to the end, and its inverse.
static std::vector<int64_t> channels_permutation(size_t rank, bool to_last) {
  std::vector<int64_t> axes{0};
  int64_t last = static_cast<int64_t>(rank) - 1;
  if (!to_last)
    axes.push_back(last);
  for (int64_t i = to_last ? 2 : 1; i < last + to_last; ++i)
    axes.push_back(i);
  if (to_last)
    axes.push_back(1);
  return axes;
}

static bool channels_first(const std::string &data_format) {
  require(data_format == "channels_last" || data_format == "channels_first" || data_format.empty(),
          {.what = "unknown data_format",
           .expected = "channels_last or channels_first",
           .found = data_format});
  return data_format == "channels_first";
}

Tensor to_channels_last(const Tensor &x, const std::string &data_format) {
  return channels_first(data_format) ? transpose(x, channels_permutation(x.rank(), true)) : x;
}

Tensor from_channels_last(const Tensor &x, const std::string &data_format) {
  return channels_first(data_format) ? transpose(x, channels_permutation(x.rank(), false)) : x;
}

Tensor add_bias(const Tensor &x, const Tensor &bias, const std::string &data_format) {
  if (!channels_first(data_format))
    return x + bias;
  std::vector<int64_t> shape(x.rank() - 1, 1);
  shape[0] = bias.shape().back();
  return x + reshape(bias, Shape(shape));
}

static std::vector<int64_t> or_ones(const std::vector<int64_t> &values, const Tensor &x) {
  return values.empty() ? std::vector<int64_t>(x.rank() - 2, 1) : values;
}

/// Causal padding is zeros in front, then "valid".
static Tensor pad_causal(const Tensor &x, const Tensor &kernel, const ConvOptions &options) {
  if (options.padding != "causal")
    return x;
  require(x.rank() == 3, {.what = "causal padding needs one spatial axis"});
  int64_t reach = or_ones(options.dilation_rate, x)[0] * (kernel.shape()[0] - 1);
  return pad(x, {0, reach, 0}, {0, 0, 0});
}

static Attributes conv_attributes(const Tensor &x, const ConvOptions &options) {
  return {{"strides", or_ones(options.strides, x)},
          {"dilations", or_ones(options.dilation_rate, x)},
          {"padding", options.padding == "causal" ? std::string("valid") : options.padding}};
}

/// A result of windows over the spatial axes of `x` (channels last), if there is one.
static Tensor not_empty(const Tensor &result, const Tensor &x) {
  for (size_t axis = 1; axis + 1 < result.rank(); ++axis)
    require(result.shape()[axis] != 0, {.what = "the result would be empty",
                                        .expected = "a window that fits into the input",
                                        .found = "an input of shape " + x.shape().str()});
  return result;
}

Tensor conv(const Tensor &x, const Tensor &kernel, const ConvOptions &options) {
  Tensor input = pad_causal(to_channels_last(x, options.data_format), kernel, options);
  Attributes attributes = conv_attributes(x, options);
  attributes.push_back({"groups", options.groups});
  return from_channels_last(not_empty(emit("conv", {input, kernel}, attributes), input),
                            options.data_format);
}

Tensor depthwise_conv(const Tensor &x, const Tensor &kernel, const ConvOptions &options) {
  Tensor input = pad_causal(to_channels_last(x, options.data_format), kernel, options);
  Tensor y = emit("depthwise_conv", {input, kernel}, conv_attributes(x, options));
  return from_channels_last(not_empty(y, input), options.data_format);
}

Tensor conv_transpose(const Tensor &x, const Tensor &kernel, const ConvOptions &options) {
  Attributes attributes = conv_attributes(x, options);
  std::vector<int64_t> padding = options.output_padding;
  if (padding.empty())
    padding.assign(x.rank() - 2, -1);
  attributes.push_back({"output_padding", padding});
  Tensor input = to_channels_last(x, options.data_format);
  return from_channels_last(emit("conv_transpose", {input, kernel}, attributes),
                            options.data_format);
}

static Tensor pool(const char *op, const char *class_name, const Tensor &x,
                   const PoolOptions &options) {
  if (recording({x}))
    return record(class_name, x,
                  {{"pool_size", options.pool_size},
                   {"strides", options.strides},
                   {"padding", options.padding},
                   {"data_format", options.data_format}});
  Tensor input = to_channels_last(x, options.data_format);
  Tensor pooled = emit(op, {input},
                       {{"pool_size", options.pool_size},
                        {"strides", options.strides.empty() ? options.pool_size : options.strides},
                        {"padding", options.padding}});
  return from_channels_last(not_empty(pooled, input), options.data_format);
}

Tensor max_pool(const Tensor &x, const PoolOptions &options) {
  return pool("max_pool", "MaxPool", x, options);
}
Tensor average_pool(const Tensor &x, const PoolOptions &options) {
  return pool("average_pool", "AveragePool", x, options);
}

static Tensor or_full(const Tensor &given, const Tensor &like, double value) {
  return given.defined() ? given : full_like(like, value, like.dtype());
}

Tensor batch_normalization(const Tensor &x, const Tensor &mean, const Tensor &variance,
                           const Tensor &gamma, const Tensor &beta, double epsilon, int64_t axis) {
  return emit("batch_norm", {x, or_full(gamma, mean, 1), or_full(beta, mean, 0), mean, variance},
              {{"epsilon", epsilon}, {"axis", static_cast<int64_t>(x.shape().axis(axis))}});
}

Tensor layer_normalization(const Tensor &x, const Tensor &gamma, const Tensor &beta,
                           const Axes &axes, double epsilon) {
  std::vector<int64_t> resolved = axes.resolve(x.shape());
  Shape shape;
  for (int64_t axis : resolved)
    shape.push_back(x.shape()[static_cast<size_t>(axis)]);
  auto filled = [&](const Tensor &given, double value) {
    return given.defined() ? given : broadcast_to(scalar(value, x.dtype()), shape);
  };
  return emit("layer_norm", {x, filled(gamma, 1), filled(beta, 0)},
              {{"axes", resolved}, {"epsilon", epsilon}});
}

} // namespace horn::ops
