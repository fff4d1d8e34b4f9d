// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/normalization/SpectralNormalization.h"

#include "frontend/ops/Elementwise.h"

namespace horn::layers {

HORN_DEFINE_LAYER(SpectralNormalization)

void SpectralNormalizationLayer::check_config() {
  require(config.layer != nullptr, {.what = "SpectralNormalization needs a layer"});
  config.layer->ensure_name();
}

void SpectralNormalizationLayer::build(const Shape &input_shape) {
  track("layer", config.layer);
  config.layer->ensure_built({input_shape});
  for (const Weight &weight : config.layer->own_weights())
    if (weight->name() == "kernel" || weight->name() == "embeddings")
      kernel = weight;
  require(kernel.defined(), {.what = "SpectralNormalization needs a layer with a kernel",
                             .found = config.layer->class_name()});
  share_weight(kernel);
  vector_u = add_weight(
      "vector_u", {1, kernel->shape().back()},
      {.initializer = Initializer("truncated_normal", ConfigValue::Dict{{"stddev", 0.02}}),
       .trainable = false,
       .dtype = kernel->dtype()});
}

Tensor SpectralNormalizationLayer::call(const Tensor &x) {
  Tensor y = config.layer->invoke(x).front();
  return y.dtype() == x.dtype() ? y : ops::cast(y, x.dtype()); // an integer's, too, as in Keras
}

} // namespace horn::layers
