// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/program.h"
#include "runtime/cpu.h"
#include "runtime/status.h"
#include "runtime/tensor.h"

#include <initializer_list>
#include <inttypes.h>

namespace horn::runtime {

/// For tables and functions that the compiler got wrong.
static horn_status damaged(const horn_program &program, const char *what) {
  return fail(HORN_INVALID_ARGUMENT, "program '%s' is damaged: %s", nameOf(program.name), what);
}

static horn_status checkCpu(const horn_program &program) {
  const int32_t needed = cpuLevel(program.cpu);
  const int32_t found = hostCpuLevel();
  if (needed == 0)
    return fail(HORN_INCOMPATIBLE, "program '%s' needs CPU '%s', which this runtime does not know",
                nameOf(program.name), nameOf(program.cpu));
  if (needed > found)
    return fail(HORN_INCOMPATIBLE,
                "program '%s' needs CPU %s, this machine has %s: compile it for this CPU",
                nameOf(program.name), program.cpu, cpuLevelName(found));
  return HORN_OK;
}

static horn_status checkVersion(const horn_program &program) {
  // The magic comes first: with another one no other field means anything.
  if (program.magic != HORN_PROGRAM_MAGIC)
    return fail(HORN_INCOMPATIBLE, "not a Horn program: expected magic %#x, found %#" PRIx32,
                HORN_PROGRAM_MAGIC, program.magic);
  if (program.abi_version != HORN_ABI_VERSION)
    return fail(HORN_INCOMPATIBLE,
                "the program is of ABI version %" PRIu32 ", this runtime of %u: compile it again",
                program.abi_version, HORN_ABI_VERSION);
  return HORN_OK;
}

static bool lacks(int32_t count, const void *table) { return count > 0 && !table; }

static horn_status checkTables(const horn_program &program) {
  for (int32_t count : {program.num_inputs, program.num_outputs, program.num_weights,
                        program.num_symbols, program.num_buffers, program.num_prepare_buffers})
    if (count < 0)
      return damaged(program, "a count is negative");
  if (lacks(program.num_inputs, program.inputs) ||
      lacks(program.num_inputs, program.input_symbols) ||
      lacks(program.num_outputs, program.outputs) || lacks(program.num_weights, program.weights) ||
      lacks(program.num_symbols, program.symbols))
    return damaged(program, "a table is null");
  if (!program.forward || (program.num_buffers > 0 && !program.plan) ||
      (program.num_outputs > 0 && !program.output_shapes) ||
      (program.num_prepare_buffers > 0 && !program.prepare_plan))
    return damaged(program, "a function is null");
  return HORN_OK;
}

static bool isSound(const horn_tensor_info &info) {
  return dtypeBytes(info.dtype) > 0 && info.rank >= 0 && info.rank <= HORN_MAX_RANK;
}

static horn_status checkInput(const horn_program &program, int32_t input) {
  const horn_tensor_info &info = program.inputs[input];
  if (!isSound(info))
    return damaged(program, "the type or rank of an input");
  for (int32_t axis = 0; axis < info.rank; ++axis) {
    const int32_t symbol = program.input_symbols[input * HORN_MAX_RANK + axis];
    if (symbol < -1 || symbol >= program.num_symbols)
      return damaged(program, "the symbol of an input");
    if ((info.shape[axis] == HORN_UNKNOWN_DIM) != (symbol >= 0) ||
        info.shape[axis] < HORN_UNKNOWN_DIM)
      return damaged(program, "a dimension of an input");
  }
  return HORN_OK;
}

/// A symbol is read where it says that it stands first, so it must stand there.
static horn_status checkSymbol(const horn_program &program, int32_t symbol) {
  const horn_symbol_info &place = program.symbols[symbol];
  if (place.input < 0 || place.input >= program.num_inputs || place.axis < 0 ||
      place.axis >= program.inputs[place.input].rank ||
      program.input_symbols[place.input * HORN_MAX_RANK + place.axis] != symbol)
    return damaged(program, "the place of a symbol");
  return HORN_OK;
}

static horn_status checkWeight(const horn_program &program, int32_t index) {
  const horn_weight_info &weight = program.weights[index];
  const horn_tensor_info &info = weight.tensor;
  if (weight.kind < HORN_WEIGHT_VARIABLE || weight.kind > HORN_WEIGHT_STATE)
    return damaged(program, "the kind of a weight");
  if (!isSound(info) || tensorBytes(info.dtype, info.rank, info.shape) < 0)
    return damaged(program, "the type or shape of a weight");
  if (weight.kind == HORN_WEIGHT_PREPARED && !weight.data && !program.prepare)
    return damaged(program, "weights are to be prepared, but the function is null");
  return HORN_OK;
}

horn_status checkProgram(const horn_program *program) {
  if (!program)
    return fail(HORN_INVALID_ARGUMENT, "the program is null");
  horn_status status = checkVersion(*program);
  if (!status)
    status = checkCpu(*program);
  if (!status)
    status = checkTables(*program);
  for (int32_t input = 0; !status && input < program->num_inputs; ++input)
    status = checkInput(*program, input);
  for (int32_t output = 0; !status && output < program->num_outputs; ++output)
    if (!isSound(program->outputs[output]))
      status = damaged(*program, "the type or rank of an output");
  for (int32_t symbol = 0; !status && symbol < program->num_symbols; ++symbol)
    status = checkSymbol(*program, symbol);
  for (int32_t index = 0; !status && index < program->num_weights; ++index)
    status = checkWeight(*program, index);
  return status;
}

} // namespace horn::runtime
