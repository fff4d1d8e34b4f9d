// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// keras.ops.nn but for activations.
#include "frontend/ops/NN.h"

#include "frontend/ops/Attention.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

static Tensor inputs(Call c) { return c.tensor("inputs", 0); }

/// One number for each spatial axis.
static std::vector<int64_t> spatial(Call c, const char *name, const Tensor &x, int64_t otherwise) {
  std::vector<int64_t> values = c.find(name) ? c.integers(name) : std::vector<int64_t>{otherwise};
  if (values.size() == 1)
    values.assign(x.rank() < 3 ? 1 : x.rank() - 2, values[0]);
  return values;
}

static ops::ConvOptions conv_options(Call c, const Tensor &x) {
  return {spatial(c, "strides", x, 1), spatial(c, "dilation_rate", x, 1),
          c.text("padding", "valid"), c.text("data_format", "channels_last")};
}

static int64_t channels(const Tensor &x, const ops::ConvOptions &options) {
  return x.dim(options.data_format == "channels_first" ? 1 : -1);
}

static Tensor conv(Call c) {
  Tensor x = inputs(c), kernel = c.tensor("kernel", 1);
  ops::ConvOptions options = conv_options(c, x);
  options.groups =
      std::max<int64_t>(1, channels(x, options) / std::max<int64_t>(1, kernel.dim(-2)));
  return ops::conv(x, kernel, options);
}

static Tensor separable_conv(Call c) {
  Tensor x = inputs(c);
  ops::ConvOptions options = conv_options(c, x);
  Tensor y = ops::depthwise_conv(x, c.tensor("depthwise_kernel", 1), options);
  return ops::conv(y, c.tensor("pointwise_kernel", 2), {.data_format = options.data_format});
}

static Tensor conv_transpose(Call c) {
  Tensor x = inputs(c);
  ops::ConvOptions options = conv_options(c, x);
  if (c.find("output_padding"))
    options.output_padding = spatial(c, "output_padding", x, -1);
  return ops::conv_transpose(x, c.tensor("kernel", 1), options);
}

static ops::PoolOptions pool_options(Call c) {
  Tensor x = inputs(c);
  std::vector<int64_t> sizes = spatial(c, "pool_size", x, 1);
  return {sizes, c.find("strides") ? spatial(c, "strides", x, 1) : sizes,
          c.text("padding", "valid"), c.text("data_format", "channels_last")};
}

static Tensor multi_hot(Call c) {
  Tensor x = inputs(c);
  Tensor hot = ops::one_hot(ops::cast(x, DType::int32), c.integer("num_classes", 0),
                            c.integer("axis", -1), c.dtype("dtype").value_or(DType::float32));
  return ops::max(hot, x.rank() > 1 ? 1 : 0);
}

static Tensor normalize(Call c) {
  Tensor x = x_of(c);
  double order = c.number("order", 2), epsilon = c.number("epsilon", 1e-7);
  Axes axis = c.has("axis") ? c.axes("axis") : Axes(-1);
  Tensor norm =
      order == 2 ? ops::sqrt(ops::sum(ops::square(x), axis, true))
                 : ops::power(ops::sum(ops::power(ops::absolute(x), order), axis, true), 1 / order);
  return x / ops::maximum(norm, epsilon);
}

static Tensor optional(Call c, const char *name, size_t position) {
  return c.find(name, position) ? c.tensor(name, position) : Tensor();
}

static Tensor batch_norm(Call c) {
  return ops::batch_normalization(x_of(c), c.tensor("mean", 1), c.tensor("variance", 2),
                                  optional(c, "scale", 4), optional(c, "offset", 3),
                                  c.number("epsilon", 1e-3), c.integers("axis").at(0));
}

static Axes axis_or_last(Call c) { return c.has("axis") ? c.axes("axis") : Axes(-1); }

static Tensor layer_norm(Call c) {
  return ops::layer_normalization(x_of(c), optional(c, "gamma", 1), optional(c, "beta", 2),
                                  axis_or_last(c), c.number("epsilon", 1e-7));
}

static Tensor rms_norm(Call c) {
  Tensor x = x_of(c), scale = optional(c, "scale", 1);
  Tensor mean = ops::mean(ops::square(x), axis_or_last(c), true);
  Tensor y = x * ops::rsqrt(mean + c.number("epsilon", 1e-7));
  return scale.defined() ? y * scale : y;
}

static Tensor attention(Call c) {
  ops::AttentionOptions options{.bias = optional(c, "bias", 3), .mask = optional(c, "mask", 4)};
  if (const ConfigValue *scale = c.find("scale", 5))
    options.scale = scale->as_number();
  options.is_causal = c.flag("is_causal", false);
  if (const ConfigValue *cap = c.find("attn_logits_soft_cap"))
    options.soft_cap = cap->as_number();
  return ops::dot_product_attention(c.tensor("query", 0), c.tensor("key", 1), c.tensor("value", 2),
                                    options);
}

static Tensor binary_crossentropy(Call c) {
  Tensor target = c.tensor("target", 0), output = c.tensor("output", 1);
  if (c.flag("from_logits", false))
    return ops::maximum(output, 0) - output * target + ops::log1p(ops::exp(-ops::absolute(output)));
  output = ops::clip(output, 1e-7, 1 - 1e-7);
  return -(target * ops::log(output) + (1 - target) * ops::log(1 - output));
}

/// Logarithms of probabilities from logits or from what should be probabilities.
static Tensor log_probabilities(Call c) {
  Tensor output = c.tensor("output", 1);
  int64_t axis = c.integer("axis", -1);
  if (c.flag("from_logits", false))
    return ops::log_softmax(output, axis);
  output = output / ops::sum(output, axis, true);
  return ops::log(ops::clip(output, 1e-7, 1 - 1e-7));
}

static Tensor categorical_crossentropy(Call c) {
  return -ops::sum(c.tensor("target", 0) * log_probabilities(c), c.integer("axis", -1));
}

static Tensor sparse_crossentropy(Call c) {
  Tensor target = c.tensor("target", 0), logs = log_probabilities(c);
  int64_t axis = c.integer("axis", -1);
  if (target.rank() == logs.rank() && target.shape().back() == 1)
    target = ops::squeeze(target, -1);
  return -ops::sum(ops::one_hot(target, logs.dim(axis), axis, logs.dtype()) * logs, axis);
}

static Tensor signal_to_noise(Call c) {
  Tensor error = ops::mean(ops::square(c.tensor("x1", 0) - c.tensor("x2", 1)));
  double peak = c.find("max_val") ? c.number("max_val", 1) : c.operand("max_val", 2).number();
  return 10 * ops::log10(peak * peak / error);
}

std::span<const OperationEntry> nn_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Conv, nn, conv(c)),
      HORN_OPERATION(
          DepthwiseConv, nn,
          ops::depthwise_conv(inputs(c), c.tensor("kernel", 1), conv_options(c, inputs(c)))),
      HORN_OPERATION(SeparableConv, nn, separable_conv(c)),
      HORN_OPERATION(ConvTranspose, nn, conv_transpose(c)),
      HORN_OPERATION(MaxPool, nn, ops::max_pool(inputs(c), pool_options(c))),
      HORN_OPERATION(AveragePool, nn, ops::average_pool(inputs(c), pool_options(c))),
      HORN_OPERATION(AdaptiveMaxPool, nn,
                     ops::adaptive_max_pool(inputs(c), c.integers("output_size"),
                                            c.text("data_format", "channels_last"))),
      HORN_OPERATION(AdaptiveAveragePool, nn,
                     ops::adaptive_average_pool(inputs(c), c.integers("output_size"),
                                                c.text("data_format", "channels_last"))),
      HORN_OPERATION(OneHot, nn,
                     ops::one_hot(x_of(c), c.integer("num_classes", 0), c.integer("axis", -1),
                                  c.dtype("dtype").value_or(DType::float32))),
      HORN_OPERATION(MultiHot, nn, multi_hot(c)),
      HORN_OPERATION(Normalize, nn, normalize(c)),
      HORN_OPERATION(BatchNorm, nn, batch_norm(c)),
      HORN_OPERATION(LayerNorm, nn, layer_norm(c)),
      HORN_OPERATION(RMSNorm, nn, rms_norm(c)),
      HORN_OPERATION(DotProductAttention, nn, attention(c)),
      HORN_OPERATION(BinaryCrossentropy, nn, binary_crossentropy(c)),
      HORN_OPERATION(CategoricalCrossentropy, nn, categorical_crossentropy(c)),
      HORN_OPERATION(SparseCategoricalCrossentropy, nn, sparse_crossentropy(c)),
      HORN_OPERATION(PSNR, nn, signal_to_noise(c)),
  };
  return entries;
}

std::span<const OperationEntry> activation_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Relu, nn, ops::relu(x_of(c))),
      HORN_OPERATION(Relu6, nn, ops::relu6(x_of(c))),
      HORN_OPERATION(LeakyRelu, nn, ops::leaky_relu(x_of(c), c.number("negative_slope", 0.2))),
      HORN_OPERATION(Elu, nn, ops::elu(x_of(c), c.number("alpha", 1))),
      HORN_OPERATION(Celu, nn, ops::celu(x_of(c), c.number("alpha", 1))),
      HORN_OPERATION(Gelu, nn, ops::gelu(x_of(c), c.flag("approximate", true))),
      HORN_OPERATION(Glu, nn, ops::glu(x_of(c), c.integer("axis", -1))),
      HORN_OPERATION(HardSigmoid, nn, ops::hard_sigmoid(x_of(c))),
      HORN_OPERATION(HardSilu, nn, ops::hard_silu(x_of(c))),
      HORN_OPERATION(HardTanh, nn, ops::hard_tanh(x_of(c))),
      HORN_OPERATION(HardShrink, nn, ops::hard_shrink(x_of(c), c.number("threshold", 0.5))),
      HORN_OPERATION(SoftShrink, nn, ops::soft_shrink(x_of(c), c.number("threshold", 0.5))),
      HORN_OPERATION(TanhShrink, nn, ops::tanh_shrink(x_of(c))),
      HORN_OPERATION(LogSigmoid, nn, ops::log_sigmoid(x_of(c))),
      HORN_OPERATION(Softsign, nn, ops::softsign(x_of(c))),
      HORN_OPERATION(SoftSign, nn, ops::softsign(x_of(c))),
      HORN_OPERATION(Squareplus, nn, ops::squareplus(x_of(c), c.number("b", 4))),
      HORN_OPERATION(Mish, nn, ops::mish(x_of(c))),
      HORN_OPERATION(SparsePlus, nn, ops::sparse_plus(x_of(c))),
      HORN_OPERATION(SparseSigmoid, nn, ops::sparse_sigmoid(x_of(c))),
      HORN_OPERATION(Sparsemax, nn, ops::sparsemax(x_of(c), c.integer("axis", -1))),
      HORN_OPERATION(
          Threshold, nn,
          ops::threshold(x_of(c), c.number("threshold", 0), c.number("default_value", 0))),
      HORN_OPERATION(Softmax, nn, ops::softmax(x_of(c), axis_or_last(c))),
      HORN_OPERATION(LogSoftmax, nn, ops::log_softmax(x_of(c), axis_or_last(c))),
  };
  return entries;
}

} // namespace horn::tables
