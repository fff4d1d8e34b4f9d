// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program written by hand, with all that a program may have, and owners of the runtime's objects.
#ifndef HORN_TESTS_RUNTIME_PROGRAM_H
#define HORN_TESTS_RUNTIME_PROGRAM_H

#include <horn/runtime.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

struct DestroyPool {
  void operator()(horn_pool *pool) const { horn_pool_destroy(pool); }
};
struct DestroyModel {
  void operator()(horn_model *model) const { horn_model_destroy(model); }
};
struct DestroySession {
  void operator()(horn_session *session) const { horn_session_destroy(session); }
};
using Pool = std::unique_ptr<horn_pool, DestroyPool>;
using Model = std::unique_ptr<horn_model, DestroyModel>;
using Session = std::unique_ptr<horn_session, DestroySession>;

Pool makePool(int32_t threads);

/// The program, with b and t unknown and state `count`:
///     y [b, t, 3] = image [b, t, 3] * scale2 [3] + mask [b, t, 1]; calls [1] = ++count
/// where scale2 = 2 * scale is prepared. forward goes through the arena; `forwardCalls` counts.
struct Example {
  Example();
  Example(const Example &) = delete;

  horn_program program = {};
  std::vector<horn_tensor_info> inputs, outputs;
  std::vector<horn_weight_info> weights;
  std::vector<horn_symbol_info> symbols;
  std::vector<int32_t> inputSymbols;

  alignas(64) float scale[3] = {1, 2, 3};
  alignas(64) int64_t count[1] = {10};
  std::map<std::string, const void *> values = {{"scale", scale}, {"count", count}};

  horn_status create(Model &model, horn_pool *pool = nullptr);
  Model model(horn_pool *pool = nullptr);
};

enum ExampleWeight { kScale, kScale2, kCount };

extern int forwardCalls, planCalls, prepareCalls;
/// What the last run saw.
extern const void *lastArena;
extern horn_pool *lastPool;

/// Looks a variable up in a map from names to values, the context.
const void *findValue(void *context, const horn_weight_info *variable);

/// The tensors of a call of the example.
struct Call {
  Call(int64_t batch, int64_t time);
  Call(const Call &) = delete;

  std::vector<float> image, mask, y;
  int64_t calls = 0;
  horn_tensor inputs[2], outputs[2];

  horn_status run(const Session &session) {
    return horn_session_run(session.get(), inputs, 2, outputs, 2);
  }
};

Session makeSession(const Model &model, horn_pool *pool = nullptr);

#endif // HORN_TESTS_RUNTIME_PROGRAM_H
