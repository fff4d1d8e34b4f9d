// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session: the arena and the state of one user of a model. call.cpp checks the user's tensors.
#include "runtime/call.h"
#include "runtime/cpu.h"
#include "runtime/memory.h"
#include "runtime/model.h"
#include "runtime/parts.h"
#include "runtime/status.h"
#include "runtime/tensor.h"

#include <inttypes.h>
#include <string.h>

/// All zeros is a session of nothing, fit for horn_session_destroy().
struct horn_session {
  const horn_model *model;
  horn_pool *pool;
  void **weights; ///< as the model's, but with this session's state
  void **state;   ///< one per weight: the session's copy, null if the weight is not state
  void **inputs;
  void **outputs;
  int64_t *symbols;     ///< of the call under way
  int64_t *partSymbols; ///< of the part of it that is under way
  int64_t *shapes;      ///< of the outputs: HORN_MAX_RANK numbers each

  // The plan of the last call.
  int64_t *plannedSymbols; ///< of the call
  int64_t rows;            ///< to run at once, if they are apart
  int64_t cacheBytes;      ///< of this machine
  int64_t plannedRows;     ///< that `offsets` are for
  int64_t *offsets;
  char *arena;
  int64_t arenaBytes;    ///< that the plan needs: for a part, where the batch is run in parts
  int64_t arenaCapacity; ///< that are there
  bool isPlanned;
  int32_t runs; ///< the first two are counted
};

namespace horn::runtime {

static horn_status allocateTables(horn_session &session) {
  const horn_program &program = *session.model->program;
  session.weights = allocateZeroed<void *>(program.num_weights);
  session.state = allocateZeroed<void *>(program.num_weights);
  session.inputs = allocateZeroed<void *>(program.num_inputs);
  session.outputs = allocateZeroed<void *>(program.num_outputs);
  session.symbols = allocateZeroed<int64_t>(program.num_symbols);
  session.partSymbols = allocateZeroed<int64_t>(program.num_symbols);
  session.plannedSymbols = allocateZeroed<int64_t>(program.num_symbols);
  session.shapes = allocateZeroed<int64_t>(int64_t{program.num_outputs} * HORN_MAX_RANK);
  session.offsets = allocateZeroed<int64_t>(program.num_buffers);
  if (!session.weights || !session.state || !session.inputs || !session.outputs ||
      !session.symbols || !session.partSymbols || !session.plannedSymbols || !session.shapes ||
      !session.offsets)
    return fail(HORN_OUT_OF_MEMORY, "no memory for a session of program '%s'",
                nameOf(program.name));
  return HORN_OK;
}

/// Takes the model's weights, with own memory for state.
static horn_status bindWeights(horn_session &session) {
  const horn_program &program = *session.model->program;
  for (int32_t index = 0; index < program.num_weights; ++index) {
    const horn_weight_info &weight = program.weights[index];
    session.weights[index] = session.model->weights[index];
    if (weight.kind != HORN_WEIGHT_STATE)
      continue;
    session.state[index] = allocateMemory(weightBytes(weight));
    if (!session.state[index])
      return fail(HORN_OUT_OF_MEMORY, "no memory for state '%s': %" PRId64 " bytes",
                  nameOf(weight.tensor.name), weightBytes(weight));
    session.weights[index] = session.state[index];
  }
  return HORN_OK;
}

static void resetState(horn_session &session) {
  const horn_program &program = *session.model->program;
  for (int32_t index = 0; index < program.num_weights; ++index)
    if (session.state[index])
      memcpy(session.state[index], session.model->weights[index],
             static_cast<size_t>(weightBytes(program.weights[index])));
}

/// Makes the arena at least `bytes` large. What was in it is lost. On an error there is none.
static horn_status growArena(horn_session &session, int64_t bytes) {
  if (session.arena && bytes <= session.arenaCapacity)
    return HORN_OK;
  // Freed first, so that both are never held at once.
  releaseMemory(session.arena);
  session.arenaCapacity = 0;
  session.arena = static_cast<char *>(allocateMemory(bytes));
  if (!session.arena)
    return fail(HORN_OUT_OF_MEMORY,
                "no memory for the arena of program '%s' at these shapes: %" PRId64 " bytes",
                nameOf(session.model->program->name), bytes);
  session.arenaCapacity = bytes;
  return HORN_OK;
}

static int64_t planFor(horn_session &session, const int64_t *symbols) {
  const horn_program &program = *session.model->program;
  return program.plan ? program.plan(symbols, session.offsets) : 0;
}

/// The bytes of the arena for a number of rows, with offsets for them.
static int64_t planRows(horn_session &session, int64_t rows) {
  session.partSymbols[0] = rows;
  session.plannedRows = rows;
  return planFor(session, session.partSymbols);
}

/// Plans the arena for the session's symbols, unless the last plan was for the same.
static horn_status planArena(horn_session &session) {
  const horn_program &program = *session.model->program;
  const size_t symbolBytes = static_cast<size_t>(program.num_symbols) * sizeof(int64_t);
  if (session.isPlanned && memcmp(session.symbols, session.plannedSymbols, symbolBytes) == 0)
    return HORN_OK;
  session.isPlanned = false; // until all of it has succeeded
  int64_t bytes = planFor(session, session.symbols);
  if (program.rows_apart) {
    const int64_t rows = session.symbols[0];
    session.rows = rowsAtOnce(program, rows, bytes, session.model->weightBytes, session.cacheBytes);
    bytes = planRows(session, session.rows);
  }
  if (const horn_status status = growArena(session, bytes))
    return status;
  session.arenaBytes = bytes;
  memcpy(session.plannedSymbols, session.symbols, symbolBytes);
  session.isPlanned = true;
  return HORN_OK;
}

static void computeShapes(horn_session &session) {
  const horn_program &program = *session.model->program;
  if (program.output_shapes)
    program.output_shapes(session.symbols, session.shapes);
}

/// Checks a call and makes the session ready for it.
static horn_status beginRun(horn_session &session, const horn_tensor *inputs, int32_t numInputs,
                            const horn_tensor *outputs, int32_t numOutputs) {
  const horn_program &program = *session.model->program;
  horn_status status = bindSymbols(program, inputs, numInputs, session.symbols);
  if (!status)
    status = checkInputData(program, inputs);
  if (!status)
    status = checkNumOutputs(program, outputs, numOutputs);
  if (status)
    return status;
  computeShapes(session);
  status = checkOutputs(program, inputs, outputs, session.shapes);
  return status ? status : planArena(session);
}

static void callForward(horn_session &session, const int64_t *symbols) {
  horn_frame frame = {};
  frame.inputs = session.inputs;
  frame.outputs = session.outputs;
  frame.weights = session.weights;
  frame.symbols = symbols;
  frame.offsets = session.offsets;
  frame.arena = session.arena;
  frame.pool = session.pool;
  const IeeeScope ieee;
  session.model->program->forward(&frame);
}

/// Moves the pointers of tensors on by a number of rows.
static void skipRows(void **data, const horn_tensor *tensors, int32_t count, int64_t first) {
  for (int32_t index = 0; index < count; ++index) {
    const horn_tensor &tensor = tensors[index];
    const int64_t bytes = tensorBytes(tensor.dtype, tensor.rank - 1, tensor.shape + 1);
    data[index] = static_cast<char *>(tensor.data) + first * bytes;
  }
}

/// Runs the model on parts of the batch, one after the other.
static horn_status runParts(horn_session &session, const horn_tensor *inputs,
                            const horn_tensor *outputs) {
  const horn_program &program = *session.model->program;
  const int64_t all = session.symbols[0];
  for (int64_t first = 0; first < all; first += session.rows) {
    const int64_t rows = all - first < session.rows ? all - first : session.rows;
    if (rows != session.plannedRows)
      if (const horn_status status = growArena(session, planRows(session, rows)))
        return status;
    skipRows(session.inputs, inputs, program.num_inputs, first);
    skipRows(session.outputs, outputs, program.num_outputs, first);
    callForward(session, session.partSymbols);
  }
  return HORN_OK;
}

/// The first run comes as soon as it can. Who runs again will do so often: weights that were given
/// small pages, as huge ones came slowly, get huge ones now, which make runs up to 4 % faster.
static void settle(horn_session &session) {
  constexpr int32_t kRunsToSettle = 2;
  if (session.runs == kRunsToSettle || ++session.runs < kRunsToSettle)
    return;
  if (session.model->prepared)
    makeHugePages(session.model->prepared, session.model->preparedBytes);
}

static horn_status nullSession() { return fail(HORN_INVALID_ARGUMENT, "the session is null"); }

} // namespace horn::runtime

using namespace horn::runtime;

horn_status horn_session_create(const horn_model *model, horn_pool *pool, horn_session **session) {
  if (!session)
    return fail(HORN_INVALID_ARGUMENT, "the place for the session is null");
  *session = nullptr;
  if (!model)
    return fail(HORN_INVALID_ARGUMENT, "the model is null");
  horn_session *made = allocateZeroed<horn_session>(1);
  if (!made)
    return fail(HORN_OUT_OF_MEMORY, "no memory for a session of program '%s'",
                nameOf(model->program->name));
  made->model = model;
  made->pool = pool;
  made->cacheBytes = lastCacheBytes();
  horn_status status = allocateTables(*made);
  if (!status)
    status = bindWeights(*made);
  if (status) {
    horn_session_destroy(made);
    return status;
  }
  resetState(*made);
  *session = made;
  return HORN_OK;
}

void horn_session_destroy(horn_session *session) {
  if (!session)
    return;
  for (int32_t index = 0; session->state && index < session->model->program->num_weights; ++index)
    releaseMemory(session->state[index]);
  releaseMemory(session->arena);
  free(session->weights);
  free(session->state);
  free(session->inputs);
  free(session->outputs);
  free(session->symbols);
  free(session->partSymbols);
  free(session->plannedSymbols);
  free(session->shapes);
  free(session->offsets);
  free(session);
}

horn_status horn_session_output_shapes(horn_session *session, const horn_tensor *inputs,
                                       int32_t num_inputs, horn_tensor *outputs,
                                       int32_t num_outputs) {
  if (!session)
    return nullSession();
  const horn_program &program = *session->model->program;
  horn_status status = bindSymbols(program, inputs, num_inputs, session->symbols);
  if (!status)
    status = checkNumOutputs(program, outputs, num_outputs);
  if (status)
    return status;
  computeShapes(*session);
  for (int32_t output = 0; output < num_outputs; ++output) {
    outputs[output].dtype = program.outputs[output].dtype;
    outputs[output].rank = program.outputs[output].rank;
    memcpy(outputs[output].shape, session->shapes + output * HORN_MAX_RANK,
           sizeof(outputs[output].shape));
  }
  return HORN_OK;
}

horn_status horn_session_run(horn_session *session, const horn_tensor *inputs, int32_t num_inputs,
                             const horn_tensor *outputs, int32_t num_outputs) {
  if (!session)
    return nullSession();
  if (const horn_status status = beginRun(*session, inputs, num_inputs, outputs, num_outputs))
    return status;
  for (int32_t input = 0; input < num_inputs; ++input)
    session->inputs[input] = inputs[input].data;
  for (int32_t output = 0; output < num_outputs; ++output)
    session->outputs[output] = outputs[output].data;
  settle(*session);
  if (session->model->program->rows_apart && session->symbols[0] > session->rows)
    return runParts(*session, inputs, outputs);
  callForward(*session, session->symbols);
  return HORN_OK;
}

int64_t horn_session_arena_bytes(const horn_session *session) {
  return session ? session->arenaBytes : 0;
}

horn_status horn_session_reset_state(horn_session *session) {
  if (!session)
    return nullSession();
  resetState(*session);
  return HORN_OK;
}
