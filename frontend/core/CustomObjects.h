// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activations, regularizers, constraints and initializers of one's own. Registered once, they are
// taken by name wherever Keras's own are, written into files and found again when these are loaded.
// They are ops or plain numbers, so that they are fused and compiled like all others. Layers and
// models are registered with HORN_REGISTER_LAYER. Source: keras.saving.register_keras_serializable.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/ConfigValue.h"
#include "frontend/core/Tensor.h"

#include <functional>

namespace horn {

/// From a tensor to one of the same shape.
using ActivationFunction = std::function<Tensor(const Tensor &x)>;
/// From a weight, with the object's arguments, to a penalty (a scalar) or to the weight brought
/// back to a condition.
using WeightFunction = std::function<Tensor(const Tensor &weight, const ConfigValue &config)>;
/// First values of a weight; `seed` selects the random stream.
using InitializerFunction =
    std::function<Array(const Shape &shape, DType dtype, uint64_t seed, const ConfigValue &config)>;

/// Register under Keras's registered name, "package>Name"; the part after the last '>' will do
/// where the object is used. A name given twice means the later function.
void register_activation(std::string name, ActivationFunction function);
void register_regularizer(std::string name, WeightFunction function);
void register_constraint(std::string name, WeightFunction function);
void register_initializer(std::string name, InitializerFunction function);

/// A registered object: its full name and what it does; null when there is none of that name.
template <class Function> struct CustomObject {
  std::string name;  ///< with its package, as files have it
  Function function; ///< what the name stands for
};
const CustomObject<ActivationFunction> *find_custom_activation(std::string_view name);
const CustomObject<WeightFunction> *find_custom_regularizer(std::string_view name);
const CustomObject<WeightFunction> *find_custom_constraint(std::string_view name);
const CustomObject<InitializerFunction> *find_custom_initializer(std::string_view name);

/// The envelope of such an object: class name, arguments and registered name.
ConfigValue custom_envelope(const std::string &registered_name, const ConfigValue &config);
/// The name that an envelope, or a name itself, gives: the registered one if there is one.
std::string_view object_name(const ConfigValue &value);

} // namespace horn
