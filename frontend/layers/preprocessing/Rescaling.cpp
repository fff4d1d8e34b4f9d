// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Rescaling.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Rescaling)
HORN_DEFINE_LAYER(Normalization)

static void flatten(const ConfigValue &value, std::vector<double> &numbers) {
  if (!value.is_list())
    numbers.push_back(value.as_number());
  else
    for (const ConfigValue &item : value.as_list())
      flatten(item, numbers);
}

/// Numbers of a configuration, however nested, as a constant vector; one number as a scalar.
static Tensor constant_of(const ConfigValue &value, DType dtype) {
  std::vector<double> numbers;
  flatten(value, numbers);
  Array array(numbers.size() == 1 ? Shape{} : Shape{static_cast<int64_t>(numbers.size())}, dtype);
  for (size_t i = 0; i < numbers.size(); ++i)
    array.set(i, numbers[i]);
  return current_tracer().constant(array);
}

void RescalingLayer::check_config() {
  std::vector<double> numbers;
  flatten(config.scale, numbers);
  flatten(config.offset, numbers);
}

Tensor RescalingLayer::call(const Tensor &x) {
  DType dtype = is_floating(compute_dtype()) ? compute_dtype() : DType::float32;
  return ops::cast(x, dtype) * constant_of(config.scale, dtype) + constant_of(config.offset, dtype);
}

/// The axes that have statistics of their own, counted from the front and sorted.
static std::vector<int64_t> kept_axes(const ConfigValue &axis, const Shape &shape) {
  if (axis.is_null())
    return {};
  std::vector<int64_t> axes;
  for (int64_t index : axis.as_ints())
    axes.push_back(static_cast<int64_t>(shape.axis(index)));
  std::sort(axes.begin(), axes.end());
  return axes;
}

void NormalizationLayer::build(const Shape &input_shape) {
  if (!config.mean.is_null() || !config.variance.is_null()) {
    require(!config.mean.is_null() && !config.variance.is_null(),
            {.what = "mean and variance must be given together"});
    return;
  }
  Shape shape;
  for (int64_t axis : kept_axes(config.axis, input_shape))
    shape.push_back(input_shape[static_cast<size_t>(axis)]);
  mean = add_weight("mean", shape, {.initializer = "zeros", .trainable = false});
  variance = add_weight("variance", shape, {.initializer = "ones", .trainable = false});
  count =
      add_weight("count", {}, {.initializer = "zeros", .trainable = false, .dtype = DType::int32});
}

/// The statistics in a shape that broadcasts against x.
Tensor NormalizationLayer::shaped(const Tensor &x, const Weight &weight,
                                  const ConfigValue &given) const {
  Tensor value = weight.defined() ? weight.read() : constant_of(given, x.dtype());
  if (value.rank() == 0)
    return value;
  std::vector<int64_t> codes(x.rank(), 1);
  for (int64_t axis : kept_axes(config.axis, x.shape()))
    codes[static_cast<size_t>(axis)] = x.shape()[static_cast<size_t>(axis)];
  return ops::reshape(value, Shape(codes));
}

Tensor NormalizationLayer::call(const Tensor &input) {
  Tensor x = ops::cast(input, ops::to_floating(compute_dtype()));
  Tensor center = shaped(x, mean, config.mean);
  Tensor scale = ops::maximum(ops::sqrt(shaped(x, variance, config.variance)), 1e-7);
  return config.invert ? x * scale + center : (x - center) / scale;
}

} // namespace horn::layers
