// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/runtime/Program.h"

#include <gtest/gtest.h>

int forwardCalls, planCalls, prepareCalls;
const void *lastArena;
horn_pool *lastPool;

static constexpr int64_t kUnknown = HORN_UNKNOWN_DIM;
static constexpr int64_t kPadding = 128; // the arena's buffer does not start at its first byte

Pool makePool(int32_t threads) {
  horn_pool *pool = nullptr;
  EXPECT_EQ(horn_pool_create(threads, &pool), HORN_OK) << horn_last_error();
  return Pool(pool);
}

static int64_t plan(const int64_t *symbols, int64_t *offsets) {
  ++planCalls;
  offsets[0] = kPadding;
  return kPadding + symbols[0] * symbols[1] * 3 * int64_t{sizeof(float)};
}

static int64_t preparePlan(const int64_t *, int64_t *offsets) {
  offsets[0] = 64;
  return 64 + 3 * sizeof(float);
}

static void outputShapes(const int64_t *symbols, int64_t *shapes) {
  shapes[0] = symbols[0];
  shapes[1] = symbols[1];
  shapes[2] = 3;
  shapes[HORN_MAX_RANK] = 1;
}

static void prepare(const horn_frame *frame) {
  ++prepareCalls;
  const float *scale = static_cast<const float *>(frame->acquire(frame, kScale));
  if (!scale)
    return;
  float *buffer = reinterpret_cast<float *>(frame->arena + frame->offsets[0]);
  float *scale2 = static_cast<float *>(frame->weights[kScale2]);
  for (int i = 0; i < 3; ++i)
    buffer[i] = 2 * scale[i];
  frame->release(frame, kScale);
  for (int i = 0; i < 3; ++i)
    scale2[i] = buffer[i];
}

static void multiply(void *arguments, int64_t begin, int64_t end) {
  const auto *frame = static_cast<const horn_frame *>(arguments);
  const float *image = static_cast<const float *>(frame->inputs[0]);
  const float *scale2 = static_cast<const float *>(frame->weights[kScale2]);
  float *buffer = reinterpret_cast<float *>(frame->arena + frame->offsets[0]);
  for (int64_t i = begin * 3; i < end * 3; ++i)
    buffer[i] = image[i] * scale2[i % 3];
}

static void add(void *arguments, int64_t begin, int64_t end) {
  const auto *frame = static_cast<const horn_frame *>(arguments);
  const float *mask = static_cast<const float *>(frame->inputs[1]);
  const float *buffer = reinterpret_cast<const float *>(frame->arena + frame->offsets[0]);
  float *y = static_cast<float *>(frame->outputs[0]);
  for (int64_t i = begin * 3; i < end * 3; ++i)
    y[i] = buffer[i] + mask[i / 3];
}

static void forward(const horn_frame *frame) {
  ++forwardCalls;
  lastArena = frame->arena;
  lastPool = frame->pool;
  const int64_t rows = frame->symbols[0] * frame->symbols[1];
  void *arguments = const_cast<horn_frame *>(frame);
  horn_parallel_for(frame->pool, multiply, arguments, rows, 1);
  horn_parallel_for(frame->pool, add, arguments, rows, 1);
  auto *count = static_cast<int64_t *>(frame->weights[kCount]);
  *static_cast<int64_t *>(frame->outputs[1]) = ++*count;
}

Example::Example()
    : inputs{{"image", HORN_FLOAT32, 3, {kUnknown, kUnknown, 3}},
             {"mask", HORN_FLOAT32, 3, {kUnknown, kUnknown, 1}}},
      outputs{{"y", HORN_FLOAT32, 3, {kUnknown, kUnknown, 3}}, {"calls", HORN_INT64, 1, {1}}},
      weights{{{"scale", HORN_FLOAT32, 1, {3}}, HORN_WEIGHT_VARIABLE, 0, nullptr},
              {{"scale2", HORN_FLOAT32, 1, {3}}, HORN_WEIGHT_PREPARED, 1, nullptr},
              {{"count", HORN_INT64, 1, {1}}, HORN_WEIGHT_STATE, 1, nullptr}},
      symbols{{0, 0}, {0, 1}}, inputSymbols{0, 1, -1, -1, -1, -1, -1, -1, //
                                            0, 1, -1, -1, -1, -1, -1, -1} {
  program.magic = HORN_PROGRAM_MAGIC;
  program.abi_version = HORN_ABI_VERSION;
  program.name = "example";
  program.cpu = "x86-64";
  program.num_inputs = program.num_outputs = program.num_symbols = 2;
  program.num_weights = 3;
  program.num_buffers = program.num_prepare_buffers = 1;
  program.inputs = inputs.data();
  program.outputs = outputs.data();
  program.weights = weights.data();
  program.symbols = symbols.data();
  program.input_symbols = inputSymbols.data();
  program.plan = plan;
  program.output_shapes = outputShapes;
  program.forward = forward;
  program.prepare = prepare;
  program.prepare_plan = preparePlan;
  forwardCalls = planCalls = prepareCalls = 0;
}

const void *findValue(void *context, const horn_weight_info *variable) {
  const auto &values = *static_cast<std::map<std::string, const void *> *>(context);
  const auto found = values.find(variable->tensor.name);
  return found == values.end() ? nullptr : found->second;
}

horn_status Example::create(Model &model, horn_pool *pool) {
  horn_model *made = nullptr;
  const horn_status status = horn_model_create(&program, findValue, &values, pool, &made);
  model.reset(made);
  return status;
}

Model Example::model(horn_pool *pool) {
  Model made;
  EXPECT_EQ(create(made, pool), HORN_OK) << horn_last_error();
  return made;
}

Session makeSession(const Model &model, horn_pool *pool) {
  horn_session *session = nullptr;
  EXPECT_EQ(horn_session_create(model.get(), pool, &session), HORN_OK) << horn_last_error();
  return Session(session);
}

Call::Call(int64_t batch, int64_t time)
    : image(batch * time * 3), mask(batch * time), y(batch * time * 3) {
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = static_cast<float>(i % 17);
  for (size_t i = 0; i < mask.size(); ++i)
    mask[i] = static_cast<float>(i % 5);
  inputs[0] = {image.data(), HORN_FLOAT32, 3, {batch, time, 3}};
  inputs[1] = {mask.data(), HORN_FLOAT32, 3, {batch, time, 1}};
  outputs[0] = {y.data(), HORN_FLOAT32, 3, {batch, time, 3}};
  outputs[1] = {&calls, HORN_INT64, 1, {1}};
}
