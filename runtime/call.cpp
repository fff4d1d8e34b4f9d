// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/call.h"
#include "runtime/memory.h"
#include "runtime/status.h"
#include "runtime/tensor.h"

#include <inttypes.h>

namespace horn::runtime {

/// `role` is "input" or "output" here and below.
static horn_status checkNumber(const char *role, int32_t expected, int32_t found,
                               const horn_tensor *tensors) {
  if (found != expected)
    return fail(HORN_INVALID_ARGUMENT, "expected %" PRId32 " %s%s, found %" PRId32, expected, role,
                expected == 1 ? "" : "s", found);
  if (expected > 0 && !tensors)
    return fail(HORN_INVALID_ARGUMENT, "the array of %ss is null", role);
  return HORN_OK;
}

static horn_status checkType(const char *role, const horn_tensor_info &info,
                             const horn_tensor &tensor) {
  if (tensor.dtype == info.dtype)
    return HORN_OK;
  return fail(HORN_INVALID_ARGUMENT, "%s '%s': expected type %s, found %s", role, nameOf(info.name),
              dtypeName(info.dtype), dtypeName(tensor.dtype));
}

static horn_status wrongShape(const char *role, const horn_tensor_info &info,
                              const int64_t *expected, const horn_tensor &tensor) {
  return fail(HORN_INVALID_ARGUMENT, "%s '%s': expected shape %s, found %s", role,
              nameOf(info.name), ShapeText(info.rank, expected).text,
              ShapeText(tensor.rank, tensor.shape).text);
}

static horn_status badDimension(const horn_tensor_info &info, int32_t axis, int64_t found) {
  if (found < 0)
    return fail(HORN_INVALID_ARGUMENT, "input '%s': dimension %" PRId32 " is negative: %" PRId64,
                nameOf(info.name), axis, found);
  return fail(HORN_INVALID_ARGUMENT,
              "input '%s': dimension %" PRId32 " is too large: %" PRId64 ", at most %" PRId64,
              nameOf(info.name), axis, found, kMaxDim);
}

/// Checks an input apart from its symbols.
static horn_status checkInput(const horn_tensor_info &info, const horn_tensor &tensor) {
  if (const horn_status status = checkType("input", info, tensor))
    return status;
  if (tensor.rank != info.rank)
    return wrongShape("input", info, info.shape, tensor);
  for (int32_t axis = 0; axis < info.rank; ++axis) {
    const int64_t found = tensor.shape[axis];
    if (info.shape[axis] != HORN_UNKNOWN_DIM && found != info.shape[axis])
      return wrongShape("input", info, info.shape, tensor);
    if (found < 0 || found > kMaxDim)
      return badDimension(info, axis, found);
  }
  if (tensorBytes(info.dtype, info.rank, tensor.shape) < 0)
    return fail(HORN_INVALID_ARGUMENT, "input '%s': shape %s is too large", nameOf(info.name),
                ShapeText(tensor.rank, tensor.shape).text);
  return HORN_OK;
}

/// An input's dimension differs from the place where its symbol stands first.
static horn_status disagreement(const horn_program &program, int32_t input, int32_t axis,
                                const horn_tensor &tensor, const int64_t *symbols) {
  const horn_tensor_info &info = program.inputs[input];
  const int32_t *ids = program.input_symbols + input * HORN_MAX_RANK;
  int64_t expected[HORN_MAX_RANK];
  for (int32_t each = 0; each < info.rank; ++each)
    expected[each] = ids[each] >= 0 ? symbols[ids[each]] : info.shape[each];
  const horn_symbol_info &first = program.symbols[ids[axis]];
  return fail(HORN_INVALID_ARGUMENT,
              "input '%s': expected shape %s, found %s; dimension %" PRId32
              " must equal dimension %" PRId32 " of input '%s'",
              nameOf(info.name), ShapeText(info.rank, expected).text,
              ShapeText(tensor.rank, tensor.shape).text, axis, first.axis,
              nameOf(program.inputs[first.input].name));
}

static horn_status checkSymbols(const horn_program &program, int32_t input,
                                const horn_tensor &tensor, const int64_t *symbols) {
  const int32_t *ids = program.input_symbols + input * HORN_MAX_RANK;
  for (int32_t axis = 0; axis < program.inputs[input].rank; ++axis)
    if (ids[axis] >= 0 && symbols[ids[axis]] != tensor.shape[axis])
      return disagreement(program, input, axis, tensor, symbols);
  return HORN_OK;
}

horn_status bindSymbols(const horn_program &program, const horn_tensor *inputs, int32_t numInputs,
                        int64_t *symbols) {
  horn_status status = checkNumber("input", program.num_inputs, numInputs, inputs);
  for (int32_t input = 0; !status && input < program.num_inputs; ++input)
    status = checkInput(program.inputs[input], inputs[input]);
  if (status)
    return status; // a symbol is read only where the rank is known to be right
  for (int32_t symbol = 0; symbol < program.num_symbols; ++symbol) {
    const horn_symbol_info &place = program.symbols[symbol];
    symbols[symbol] = inputs[place.input].shape[place.axis];
  }
  for (int32_t input = 0; !status && input < program.num_inputs; ++input)
    status = checkSymbols(program, input, inputs[input], symbols);
  return status;
}

static horn_status checkData(const char *role, const horn_tensor_info &info,
                             const horn_tensor &tensor) {
  if (!tensor.data && tensorBytes(tensor.dtype, tensor.rank, tensor.shape) > 0)
    return fail(HORN_INVALID_ARGUMENT, "%s '%s': the data is null", role, nameOf(info.name));
  if (!isAligned(tensor.data, dtypeBytes(info.dtype)))
    return fail(HORN_INVALID_ARGUMENT, "%s '%s': the data is not aligned to %" PRId64 " bytes",
                role, nameOf(info.name), dtypeBytes(info.dtype));
  return HORN_OK;
}

horn_status checkInputData(const horn_program &program, const horn_tensor *inputs) {
  horn_status status = HORN_OK;
  for (int32_t input = 0; !status && input < program.num_inputs; ++input)
    status = checkData("input", program.inputs[input], inputs[input]);
  return status;
}

horn_status checkNumOutputs(const horn_program &program, const horn_tensor *outputs,
                            int32_t numOutputs) {
  return checkNumber("output", program.num_outputs, numOutputs, outputs);
}

static horn_status checkOutput(const horn_tensor_info &info, const horn_tensor &tensor,
                               const int64_t *shape) {
  if (const horn_status status = checkType("output", info, tensor))
    return status;
  bool same = tensor.rank == info.rank;
  for (int32_t axis = 0; same && axis < info.rank; ++axis)
    same = tensor.shape[axis] == shape[axis];
  if (!same)
    return wrongShape("output", info, shape, tensor);
  if (tensorBytes(info.dtype, info.rank, shape) < 0)
    return fail(HORN_INVALID_ARGUMENT, "output '%s': shape %s is too large", nameOf(info.name),
                ShapeText(info.rank, shape).text);
  return checkData("output", info, tensor);
}

static bool overlap(const horn_tensor &left, const horn_tensor &right) {
  const auto start = [](const horn_tensor &tensor) {
    return reinterpret_cast<uintptr_t>(tensor.data);
  };
  const auto bytes = [](const horn_tensor &tensor) {
    return static_cast<uintptr_t>(tensorBytes(tensor.dtype, tensor.rank, tensor.shape));
  };
  // An empty tensor has no place: it overlaps nothing, wherever its pointer points.
  if (bytes(left) == 0 || bytes(right) == 0)
    return false;
  return start(left) < start(right) + bytes(right) && start(right) < start(left) + bytes(left);
}

static horn_status overlaps(const horn_tensor_info &output, const char *role,
                            const horn_tensor_info &other) {
  return fail(HORN_INVALID_ARGUMENT, "output '%s': its memory overlaps that of %s '%s'",
              nameOf(output.name), role, nameOf(other.name));
}

horn_status checkOutputs(const horn_program &program, const horn_tensor *inputs,
                         const horn_tensor *outputs, const int64_t *shapes) {
  for (int32_t output = 0; output < program.num_outputs; ++output) {
    const horn_tensor_info &info = program.outputs[output];
    const int64_t *shape = shapes + output * HORN_MAX_RANK;
    if (const horn_status status = checkOutput(info, outputs[output], shape))
      return status;
    for (int32_t input = 0; input < program.num_inputs; ++input)
      if (overlap(outputs[output], inputs[input]))
        return overlaps(info, "input", program.inputs[input]);
    for (int32_t other = 0; other < output; ++other)
      if (overlap(outputs[output], outputs[other]))
        return overlaps(info, "output", program.outputs[other]);
  }
  return HORN_OK;
}

} // namespace horn::runtime
