// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/DType.h"

#include "frontend/core/Error.h"

namespace horn {

namespace {
struct DTypeRow {
  std::string_view name;
  size_t bytes;
  std::string_view safetensors;
};
} // namespace

static constexpr DTypeRow kRows[] = {
#define HORN_DTYPE(name, bytes, safetensors) {#name, bytes, #safetensors},
#include "frontend/core/DTypes.def"
};

static const DTypeRow &row(DType dtype) { return kRows[static_cast<size_t>(dtype)]; }

std::string_view dtype_name(DType dtype) {
  return dtype == DType::boolean ? "bool" : row(dtype).name;
}

DType dtype_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (dtype_name(static_cast<DType>(i)) == name)
      return static_cast<DType>(i);
  throw UnsupportedError({.what = "unknown dtype \"" + std::string(name.substr(0, 64)) + "\"",
                          .hint = "use one of float32, float64, float16, bfloat16, bool, int8 to "
                                  "int64, uint8 to uint64"});
}

size_t dtype_bytes(DType dtype) { return row(dtype).bytes; }

std::string_view dtype_safetensors_name(DType dtype) { return row(dtype).safetensors; }

bool is_floating(DType dtype) { return dtype <= DType::bfloat16; }

bool is_integer(DType dtype) { return dtype > DType::bfloat16 && dtype != DType::boolean; }

} // namespace horn
