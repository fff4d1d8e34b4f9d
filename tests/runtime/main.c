/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A C program that runs a program by hand: y = 2 x. */
#include <horn/runtime.h>
#include <stdio.h>
#include <string.h>

static void twice(void *arguments, int64_t begin, int64_t end) {
  const horn_frame *frame = arguments;
  const float *x = frame->inputs[0];
  float *y = frame->outputs[0];
  for (int64_t i = begin; i < end; ++i)
    y[i] = 2 * x[i];
}

static void forward(const horn_frame *frame) {
  horn_parallel_for(frame->pool, twice, (void *)frame, frame->symbols[0], 1);
}

static void output_shapes(const int64_t *symbols, int64_t *shapes) { shapes[0] = symbols[0]; }

static const horn_tensor_info input = {"x", HORN_FLOAT32, 1, {HORN_UNKNOWN_DIM}};
static const horn_tensor_info output = {"y", HORN_FLOAT32, 1, {HORN_UNKNOWN_DIM}};
static const horn_symbol_info symbol = {0, 0};
static const int32_t input_symbols[HORN_MAX_RANK] = {0, -1, -1, -1, -1, -1, -1, -1};

static int run(const horn_program *program) {
  float x[5] = {1, 2, 3, 4, 5}, y[5] = {0};
  const horn_tensor in = {x, HORN_FLOAT32, 1, {5}}, out = {y, HORN_FLOAT32, 1, {5}};
  horn_pool *pool = NULL;
  horn_model *model = NULL;
  horn_session *session = NULL;
  const int failed =
      horn_pool_create(3, &pool) || horn_model_create(program, NULL, NULL, pool, &model) ||
      horn_session_create(model, pool, &session) || horn_session_run(session, &in, 1, &out, 1);
  if (failed)
    fprintf(stderr, "%s\n", horn_last_error());
  horn_session_destroy(session);
  horn_model_destroy(model);
  horn_pool_destroy(pool);
  return failed || y[0] != 2 || y[4] != 10;
}

int main(void) {
  horn_program program;
  memset(&program, 0, sizeof(program));
  program.magic = HORN_PROGRAM_MAGIC;
  program.abi_version = HORN_ABI_VERSION;
  program.name = "twice";
  program.cpu = "x86-64";
  program.num_inputs = program.num_outputs = program.num_symbols = 1;
  program.inputs = &input;
  program.outputs = &output;
  program.symbols = &symbol;
  program.input_symbols = input_symbols;
  program.output_shapes = output_shapes;
  program.forward = forward;
  return run(&program);
}
