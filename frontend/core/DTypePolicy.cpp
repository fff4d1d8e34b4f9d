// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/DTypePolicy.h"

#include "frontend/core/ConfigValue.h"
#include "frontend/core/Error.h"

namespace horn {

DTypePolicy::DTypePolicy(std::string name) : name_(std::move(name)) {
  if (name_ == "mixed_float16" || name_ == "mixed_bfloat16") {
    compute_ = name_ == "mixed_float16" ? DType::float16 : DType::bfloat16;
    return;
  }
  if (name_.find("_from_") != std::string::npos)
    throw UnsupportedError({.what = "quantized dtype policy " + name_,
                            .expected = "a plain policy such as float32 or mixed_bfloat16",
                            .hint = "save the model before it is quantized"});
  variable_ = compute_ = dtype_from_name(name_);
}

DTypePolicy DTypePolicy::from_config(const ConfigValue &value) {
  if (value.is_null())
    return {};
  if (value.is_string())
    return DTypePolicy(value.as_string());
  std::string_view class_name = value.string_or("class_name", "");
  if (class_name == "DTypePolicyMap")
    return from_config(value.at("config").at("default_policy"));
  const ConfigValue *name = value.at("config").find("name");
  return name ? from_config(*name) : DTypePolicy();
}

ConfigValue DTypePolicy::get_config() const {
  return ConfigValue::envelope("keras", "DTypePolicy", ConfigValue::Dict{{"name", name_}});
}

} // namespace horn
