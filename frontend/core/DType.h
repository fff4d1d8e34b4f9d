// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element types, with Keras's names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace horn {

enum class DType {
#define HORN_DTYPE(name, bytes, safetensors) name,
#include "frontend/core/DTypes.def"
};

/// Keras's name of a type: "float32", "bool", ...
std::string_view dtype_name(DType dtype);
/// The type of a Keras name; throws Error for unknown names.
DType dtype_from_name(std::string_view name);
/// Bytes of one element; a bool takes one byte.
size_t dtype_bytes(DType dtype);
/// The name that safetensors files use: "F32", "I64", ...
std::string_view dtype_safetensors_name(DType dtype);
bool is_floating(DType dtype);
bool is_integer(DType dtype); ///< signed and unsigned integers, not bool

} // namespace horn
