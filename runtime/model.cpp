// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/model.h"
#include "runtime/cpu.h"
#include "runtime/memory.h"
#include "runtime/program.h"
#include "runtime/status.h"
#include "runtime/tensor.h"

#include <inttypes.h>
#include <string.h>

namespace horn::runtime {

int64_t weightBytes(const horn_weight_info &weight) {
  const horn_tensor_info &info = weight.tensor;
  return tensorBytes(info.dtype, info.rank, info.shape);
}

/// True if sessions read the weight: then it lives as long as the model.
static bool isKept(const horn_weight_info &weight) {
  return weight.in_forward || weight.kind == HORN_WEIGHT_STATE;
}

/// True if there is something to prepare. Ahead-of-time programs carry the prepared values;
/// `prepare` writes all of them, so one that is missing means that none is used.
static bool needsPrepare(const horn_program &program) {
  for (int32_t index = 0; index < program.num_weights; ++index)
    if (program.weights[index].kind == HORN_WEIGHT_PREPARED && !program.weights[index].data)
      return true;
  return false;
}

/// A value that `prepare` writes and sessions read: it lies in the common block.
static bool isInBlock(const horn_weight_info &weight) {
  return weight.kind == HORN_WEIGHT_PREPARED && isKept(weight);
}

/// Memory of a value in the common block.
static int64_t blockBytes(const horn_weight_info &weight) {
  return (weightBytes(weight) + kAlignment - 1) / kAlignment * kAlignment;
}

/// Makes the common block and gives every value in it its place.
static horn_status allocateBlock(horn_model &model) {
  const horn_program &program = *model.program;
  int64_t bytes = 0;
  for (int32_t index = 0; index < program.num_weights; ++index)
    if (isInBlock(program.weights[index]) &&
        __builtin_add_overflow(bytes, blockBytes(program.weights[index]), &bytes))
      bytes = INT64_MAX;
  if (bytes == 0)
    return HORN_OK;
  model.prepared = allocateMemory(bytes);
  model.preparedBytes = bytes;
  if (!model.prepared)
    return fail(HORN_OUT_OF_MEMORY, "no memory for the prepared weights: %" PRId64 " bytes", bytes);
  char *place = static_cast<char *>(model.prepared);
  for (int32_t index = 0; index < program.num_weights; ++index)
    if (isInBlock(program.weights[index])) {
      model.weights[index] = place;
      place += blockBytes(program.weights[index]);
    }
  return HORN_OK;
}

static horn_status own(horn_model &model, int32_t index) {
  const horn_weight_info &weight = model.program->weights[index];
  const int64_t bytes = weightBytes(weight);
  void *memory = allocateMemory(bytes);
  if (!memory)
    return fail(HORN_OUT_OF_MEMORY, "no memory for weight '%s': %" PRId64 " bytes",
                nameOf(weight.tensor.name), bytes);
  model.owned[index] = model.weights[index] = memory;
  return HORN_OK;
}

/// True if `prepare` takes and releases the variable: it is not bound for longer.
static bool isBorrowed(const horn_weight_info &weight, const horn_variables &variables) {
  return variables.release && weight.kind == HORN_WEIGHT_VARIABLE && !isKept(weight);
}

/// Tells the giver of a value that it is no longer needed, unless the program carries it.
static void giveBack(const horn_weight_info &weight, const horn_variables &variables,
                     const void *value) {
  if (variables.release && value != weight.data)
    variables.release(variables.context, &weight, value);
}

/// Where the value of a variable is, or an error that says that it is missing.
static horn_status bindVariable(horn_model &model, int32_t index, const horn_variables &variables) {
  const horn_weight_info &weight = model.program->weights[index];
  const void *value = weight.data;
  if (!value && variables.find)
    value = variables.find(variables.context, &weight);
  if (!value)
    return fail(HORN_INVALID_ARGUMENT, "variable '%s' of shape %s and type %s is missing",
                nameOf(weight.tensor.name), ShapeText(weight.tensor.rank, weight.tensor.shape).text,
                dtypeName(weight.tensor.dtype));
  if (isAligned(value, dtypeBytes(weight.tensor.dtype))) {
    model.weights[index] = const_cast<void *>(value); // only state is written, and only in copies
    return HORN_OK;
  }
  const horn_status status = own(model, index);
  if (!status)
    memcpy(model.weights[index], value, static_cast<size_t>(weightBytes(weight)));
  giveBack(weight, variables, value);
  return status;
}

static horn_status bindWeights(horn_model &model, bool prepare, const horn_variables &variables) {
  const horn_program &program = *model.program;
  if (prepare)
    if (const horn_status status = allocateBlock(model))
      return status;
  for (int32_t index = 0; index < program.num_weights; ++index) {
    const horn_weight_info &weight = program.weights[index];
    horn_status status = HORN_OK;
    if (weight.kind != HORN_WEIGHT_PREPARED) {
      // A variable that went into prepared values alone need not be there any more.
      if (isKept(weight) || (prepare && !isBorrowed(weight, variables)))
        status = bindVariable(model, index, variables);
    } else if (prepare) {
      if (!isInBlock(weight))
        status = own(model, index);
    } else {
      model.weights[index] = const_cast<void *>(weight.data);
    }
    if (status)
      return status;
  }
  return HORN_OK;
}

namespace {
/// What `prepare` sees, and what the runtime needs to give it variables.
struct Preparation : horn_frame {
  horn_model &model;
  const horn_variables &variables;
  mutable horn_status status = HORN_OK;

  Preparation(horn_model &model, const horn_variables &variables)
      : horn_frame{}, model(model), variables(variables) {}
};
} // namespace

static const void *acquireVariable(const horn_frame *frame, int32_t index) {
  const auto &preparation = *static_cast<const Preparation *>(frame);
  horn_model &model = preparation.model;
  if (!model.weights[index])
    preparation.status = bindVariable(model, index, preparation.variables);
  return model.weights[index];
}

static void releaseVariable(const horn_frame *frame, int32_t index) {
  const auto &preparation = *static_cast<const Preparation *>(frame);
  horn_model &model = preparation.model;
  const horn_weight_info &weight = model.program->weights[index];
  if (!model.weights[index] || !isBorrowed(weight, preparation.variables))
    return;
  if (model.owned[index])
    releaseMemory(model.owned[index]);
  else
    giveBack(weight, preparation.variables, model.weights[index]);
  model.owned[index] = model.weights[index] = nullptr;
}

/// Runs `prepare` in an arena of its own, which is freed after it.
static horn_status runPrepare(horn_model &model, const horn_variables &variables, horn_pool *pool) {
  const horn_program &program = *model.program;
  int64_t *offsets = allocateZeroed<int64_t>(program.num_prepare_buffers);
  if (!offsets)
    return fail(HORN_OUT_OF_MEMORY, "no memory to prepare program '%s'", nameOf(program.name));
  const int64_t bytes = program.prepare_plan ? program.prepare_plan(nullptr, offsets) : 0;
  void *arena = allocateMemory(bytes);
  Preparation frame(model, variables);
  if (arena) {
    frame.weights = model.weights;
    frame.offsets = offsets;
    frame.arena = static_cast<char *>(arena);
    frame.pool = pool;
    frame.acquire = acquireVariable;
    frame.release = releaseVariable;
    const IeeeScope ieee;
    program.prepare(&frame);
    for (int32_t index = 0; index < program.num_weights; ++index)
      releaseVariable(&frame, index); // what is still held when it returned early
  } else {
    frame.status = fail(HORN_OUT_OF_MEMORY, "no memory to prepare program '%s': %" PRId64 " bytes",
                        nameOf(program.name), bytes);
  }
  releaseMemory(arena);
  free(offsets);
  return frame.status;
}

/// Lets go of what only `prepare` needed and sums up the rest.
static void keepForForward(horn_model &model) {
  for (int32_t index = 0; index < model.program->num_weights; ++index) {
    const horn_weight_info &weight = model.program->weights[index];
    if (isKept(weight)) {
      model.weightBytes += weightBytes(weight);
      continue;
    }
    releaseMemory(model.owned[index]);
    model.owned[index] = model.weights[index] = nullptr;
  }
}

static horn_status allocateModel(const horn_program &program, horn_model **model) {
  horn_model *made = allocateZeroed<horn_model>(1);
  if (made) {
    made->program = &program;
    made->weights = allocateZeroed<void *>(program.num_weights);
    made->owned = allocateZeroed<void *>(program.num_weights);
  }
  if (made && made->weights && made->owned) {
    *model = made;
    return HORN_OK;
  }
  horn_model_destroy(made);
  return fail(HORN_OUT_OF_MEMORY, "no memory for a model of program '%s'", nameOf(program.name));
}

} // namespace horn::runtime

using namespace horn::runtime;

horn_status horn_model_create(const horn_program *program, horn_find_variable find, void *context,
                              horn_pool *pool, horn_model **model) {
  const horn_variables variables = {find, nullptr, context};
  return horn_model_create_from(program, &variables, pool, model);
}

horn_status horn_model_create_from(const horn_program *program, const horn_variables *variables,
                                   horn_pool *pool, horn_model **model) {
  if (!model)
    return fail(HORN_INVALID_ARGUMENT, "the place for the model is null");
  *model = nullptr;
  horn_status status = checkProgram(program);
  horn_model *made = nullptr;
  if (!status)
    status = allocateModel(*program, &made);
  if (status)
    return status;

  const bool prepare = needsPrepare(*program);
  const horn_variables source = variables ? *variables : horn_variables{};
  status = bindWeights(*made, prepare, source);
  if (!status && prepare)
    status = runPrepare(*made, source, pool);
  if (status) {
    horn_model_destroy(made);
    return status;
  }
  keepForForward(*made);
  *model = made;
  return HORN_OK;
}

void horn_model_destroy(horn_model *model) {
  if (!model)
    return;
  for (int32_t index = 0; model->owned && index < model->program->num_weights; ++index)
    releaseMemory(model->owned[index]);
  releaseMemory(model->prepared);
  free(model->owned);
  free(model->weights);
  free(model);
}

const horn_program *horn_model_program(const horn_model *model) {
  return model ? model->program : nullptr;
}

const void *horn_model_weight(const horn_model *model, int32_t index) {
  if (!model || index < 0 || index >= model->program->num_weights)
    return nullptr;
  return model->weights[index];
}

int64_t horn_model_weight_bytes(const horn_model *model) { return model ? model->weightBytes : 0; }
