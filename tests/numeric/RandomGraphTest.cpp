// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random models, compiled and compared with the interpreter. HORN_FUZZ_GRAPHS says how many (1000),
// HORN_FUZZ_SEED which is the first (1): a failure names its seed.
#include "tests/numeric/RandomGraph.h"

#include "runtime/include/horn/runtime.h"

#include <sstream>

namespace horn::numeric {

static uint32_t number_from_environment(const char *name, uint32_t otherwise) {
  const char *text = std::getenv(name);
  return text ? static_cast<uint32_t>(std::strtoul(text, nullptr, 10)) : otherwise;
}

static std::string description(const Model &model) {
  std::ostringstream text;
  model.summary(text, 100);
  return text.str();
}

/// Values are around 1, but a chain of layers may amplify the rounding of an early one: hence ten
/// times the tolerance of a single operation (EdgesTest.cpp).
static constexpr double kGraphRtol = 1e-4, kGraphAtol = 1e-4;

/// Where the compiler says that samples do not influence one another, each alone has the bits that
/// it has among the others.
static testing::AssertionResult is_separable(const CompiledModel &compiled, Session &session,
                                             const Arrays &inputs, const Arrays &outputs,
                                             int64_t batch) {
  if (!static_cast<const horn_program *>(compiled.program())->rows_apart)
    return testing::AssertionSuccess();
  for (int64_t row = 0; row < batch; ++row)
    if (auto same = same_bits(session.run(rows(inputs, row, 1)), rows(outputs, row, 1)); !same)
      return testing::AssertionFailure() << "sample " << row << ": " << same.message();
  return testing::AssertionSuccess();
}

static testing::AssertionResult agrees(uint32_t seed) {
  Model model = random_model(seed);
  std::mt19937 generator(seed);
  randomize_weights(model, generator);
  CompiledModel compiled(model);
  Session alone(compiled), shared(compiled, std::make_shared<ThreadPool>(2));
  for (int64_t batch : {int64_t{1}, static_cast<int64_t>(generator() % 14), int64_t{0}}) {
    Arrays inputs = random_inputs(model, batch, generator);
    Arrays outputs = alone.run(inputs);
    auto close =
        is_close(outputs, interpret(model, inputs, /*in_double=*/true), kGraphRtol, kGraphAtol);
    auto same = same_bits(shared.run(inputs), outputs);
    auto apart = is_separable(compiled, alone, inputs, outputs, batch);
    if (!close || !same || !apart)
      return testing::AssertionFailure() << "batch " << batch << ": "
                                         << (!close  ? close
                                             : !same ? same
                                                     : apart)
                                                .message()
                                         << "\n"
                                         << description(model);
  }
  return testing::AssertionSuccess();
}

TEST(RandomGraphs, agreeWithTheInterpreter) {
  clear_session();
  uint32_t first = number_from_environment("HORN_FUZZ_SEED", 1);
  uint32_t count = number_from_environment("HORN_FUZZ_GRAPHS", 1000);
  std::cout << "seeds " << first << " to " << first + count - 1 << "\n";
  for (uint32_t seed = first; seed != first + count; ++seed) {
    try {
      EXPECT_TRUE(agrees(seed)) << "HORN_FUZZ_SEED=" << seed << " HORN_FUZZ_GRAPHS=1";
    } catch (const std::exception &error) {
      ADD_FAILURE() << "HORN_FUZZ_SEED=" << seed << ": " << error.what() << "\n"
                    << description(random_model(seed));
    }
  }
}

} // namespace horn::numeric
