// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tensor.h"

#include <inttypes.h>
#include <stdio.h>

namespace horn::runtime {

namespace {
struct DtypeFacts {
  const char *name;
  int64_t bytes;
};
} // namespace

// In the order of horn_dtype.
static constexpr DtypeFacts kDtypes[] = {
    {"float32", 4}, {"float64", 8}, {"float16", 2}, {"bfloat16", 2}, {"int8", 1},
    {"int16", 2},   {"int32", 4},   {"int64", 8},   {"uint8", 1},    {"uint16", 2},
    {"uint32", 4},  {"uint64", 8},  {"bool", 1}};
static_assert(sizeof(kDtypes) / sizeof(kDtypes[0]) == HORN_BOOL + 1);

static bool isDtype(int32_t dtype) { return dtype >= 0 && dtype <= HORN_BOOL; }

int64_t dtypeBytes(int32_t dtype) { return isDtype(dtype) ? kDtypes[dtype].bytes : 0; }

const char *dtypeName(int32_t dtype) { return isDtype(dtype) ? kDtypes[dtype].name : "unknown"; }

int64_t tensorBytes(int32_t dtype, int32_t rank, const int64_t *shape) {
  if (!isDtype(dtype) || rank < 0 || rank > HORN_MAX_RANK)
    return -1;
  int64_t bytes = kDtypes[dtype].bytes;
  bool empty = false;
  bool overflow = false;
  for (int32_t axis = 0; axis < rank; ++axis) {
    if (shape[axis] < 0 || shape[axis] > kMaxDim)
      return -1;
    empty |= shape[axis] == 0;
    overflow |= __builtin_mul_overflow(bytes, shape[axis], &bytes);
  }
  if (empty)
    return 0;
  return overflow ? -1 : bytes;
}

ShapeText::ShapeText(int32_t rank, const int64_t *shape) {
  if (rank < 0 || rank > HORN_MAX_RANK) {
    snprintf(text, sizeof(text), "of rank %" PRId32, rank);
    return;
  }
  size_t length = 0;
  text[length++] = '(';
  for (int32_t axis = 0; axis < rank; ++axis) {
    const char *separator = axis ? ", " : "";
    size_t room = sizeof(text) - length;
    if (shape[axis] == HORN_UNKNOWN_DIM)
      length += static_cast<size_t>(snprintf(text + length, room, "%sNone", separator));
    else
      length +=
          static_cast<size_t>(snprintf(text + length, room, "%s%" PRId64, separator, shape[axis]));
  }
  snprintf(text + length, sizeof(text) - length, rank == 1 ? ",)" : ")");
}

} // namespace horn::runtime
