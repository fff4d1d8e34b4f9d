// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/runtime/Program.h"

#include <cstring>
#include <gtest/gtest.h>

static horn_status create(Example &example) {
  Model model;
  return example.create(model);
}

TEST(ModelTest, preparesOnceAndKeepsWhatForwardReads) {
  Example example;
  Model model = example.model();
  EXPECT_EQ(prepareCalls, 1);
  EXPECT_EQ(horn_model_program(model.get()), &example.program);
  EXPECT_EQ(horn_model_weight(model.get(), kScale), nullptr);
  EXPECT_EQ(horn_model_weight(model.get(), kCount), example.count);
  const auto *scale2 = static_cast<const float *>(horn_model_weight(model.get(), kScale2));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(scale2) % 64, 0u);
  EXPECT_EQ(scale2[2], 6);
  EXPECT_EQ(horn_model_weight(model.get(), 3), nullptr);
  EXPECT_EQ(horn_model_weight(model.get(), -1), nullptr);
  EXPECT_EQ(horn_model_weight_bytes(model.get()), 3 * 4 + 8);
}

TEST(ModelTest, embeddedValuesAreNotPreparedAgain) {
  Example example;
  alignas(64) static const float scale2[3] = {1, 1, 1};
  example.weights[kScale2].data = scale2;
  example.weights[kCount].data = example.count;
  example.program.prepare = nullptr;
  horn_model *made = nullptr;
  ASSERT_EQ(horn_model_create(&example.program, nullptr, nullptr, nullptr, &made), HORN_OK)
      << horn_last_error();
  const Model model(made);
  EXPECT_EQ(prepareCalls, 0);
  EXPECT_EQ(horn_model_weight(made, kScale2), scale2);
}

TEST(ModelTest, copiesMisalignedVariables) {
  Example example;
  alignas(64) char memory[32];
  memcpy(memory + 4, example.count, 8); // neither is aligned to its elements
  memcpy(memory + 17, example.scale, 12);
  example.values = {{"count", memory + 4}, {"scale", memory + 17}};
  Model model = example.model();
  const void *count = horn_model_weight(model.get(), kCount);
  EXPECT_NE(count, memory + 4);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(count) % 64, 0u);
  EXPECT_EQ(*static_cast<const int64_t *>(count), 10);
  EXPECT_EQ(static_cast<const float *>(horn_model_weight(model.get(), kScale2))[1], 4);
}

namespace {
/// Variables of the example that are given when they are asked for and counted.
struct Lender {
  Example &example;
  std::vector<std::string> log = {}; ///< "+scale", "-scale", ...

  static const void *find(void *context, const horn_weight_info *variable) {
    auto &lender = *static_cast<Lender *>(context);
    lender.log.push_back(std::string("+") + variable->tensor.name);
    return findValue(&lender.example.values, variable);
  }
  static void release(void *context, const horn_weight_info *variable, const void *value) {
    auto &lender = *static_cast<Lender *>(context);
    lender.log.push_back(std::string("-") + variable->tensor.name);
    EXPECT_EQ(value, lender.example.values.at(variable->tensor.name));
  }
  horn_status create(Model &model) {
    const horn_variables variables = {find, release, this};
    horn_model *made = nullptr;
    const horn_status status = horn_model_create_from(&example.program, &variables, nullptr, &made);
    model.reset(made);
    return status;
  }
};
} // namespace

using Log = std::vector<std::string>;

TEST(ModelTest, variablesOfPrepareAreReleased) {
  Example example;
  Lender lender{example};
  Model model;
  ASSERT_EQ(lender.create(model), HORN_OK) << horn_last_error();
  EXPECT_EQ(lender.log, (Log{"+count", "+scale", "-scale"}));
  EXPECT_EQ(static_cast<const float *>(horn_model_weight(model.get(), kScale2))[2], 6);
  EXPECT_EQ(horn_model_weight(model.get(), kScale), nullptr);
  EXPECT_EQ(horn_model_weight(model.get(), kCount), example.count);
}

TEST(ModelTest, copiedVariablesAreReleasedAtOnce) {
  Example example;
  alignas(64) char memory[32];
  memcpy(memory + 1, example.count, 8);
  memcpy(memory + 17, example.scale, 12);
  example.values = {{"count", memory + 1}, {"scale", memory + 17}};
  Lender lender{example};
  Model model;
  ASSERT_EQ(lender.create(model), HORN_OK) << horn_last_error();
  EXPECT_EQ(lender.log, (Log{"+count", "-count", "+scale", "-scale"}));
  EXPECT_EQ(*static_cast<const int64_t *>(horn_model_weight(model.get(), kCount)), 10);
  EXPECT_EQ(static_cast<const float *>(horn_model_weight(model.get(), kScale2))[1], 4);
}

TEST(ModelTest, variableMissingInPrepareIsNamed) {
  Example example;
  example.values.erase("scale");
  Lender lender{example};
  Model model;
  EXPECT_EQ(lender.create(model), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "variable 'scale' of shape (3,) and type float32 is missing");
  EXPECT_EQ(lender.log, (Log{"+count", "+scale"}));
  EXPECT_EQ(horn_model_create_from(&example.program, nullptr, nullptr, nullptr),
            HORN_INVALID_ARGUMENT);
}

TEST(ModelTest, whatPrepareLeavesIsReleased) {
  Example example;
  example.program.prepare = [](const horn_frame *frame) { frame->acquire(frame, kScale); };
  Lender lender{example};
  Model model;
  ASSERT_EQ(lender.create(model), HORN_OK) << horn_last_error();
  EXPECT_EQ(lender.log, (Log{"+count", "+scale", "-scale"}));
}

TEST(ModelTest, missingVariableIsNamed) {
  Example example;
  example.values.erase("scale");
  EXPECT_EQ(create(example), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "variable 'scale' of shape (3,) and type float32 is missing");
  horn_model *made = nullptr;
  EXPECT_EQ(horn_model_create(&example.program, nullptr, nullptr, nullptr, &made),
            HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "variable 'scale' of shape (3,) and type float32 is missing");
  EXPECT_EQ(made, nullptr);
}

TEST(ModelTest, refusesWhatItCannotRun) {
  Example example;
  example.program.cpu = "x86-64-v9";
  EXPECT_EQ(create(example), HORN_INCOMPATIBLE);
  EXPECT_STREQ(horn_last_error(),
               "program 'example' needs CPU 'x86-64-v9', which this runtime does not know");
  example.program.abi_version = 77;
  EXPECT_EQ(create(example), HORN_INCOMPATIBLE);
  EXPECT_STREQ(horn_last_error(),
               "the program is of ABI version 77, this runtime of 2: compile it again");
  example.program.magic = 0x1234;
  EXPECT_EQ(create(example), HORN_INCOMPATIBLE);
  EXPECT_STREQ(horn_last_error(), "not a Horn program: expected magic 0x4e524f48, found 0x1234");
}

TEST(ModelTest, refusesNullPointers) {
  Example example;
  horn_model *made = nullptr;
  EXPECT_EQ(horn_model_create(&example.program, nullptr, nullptr, nullptr, nullptr),
            HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_model_create(nullptr, nullptr, nullptr, nullptr, &made), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "the program is null");
  horn_model_destroy(nullptr);
  EXPECT_EQ(horn_model_program(nullptr), nullptr);
  EXPECT_EQ(horn_model_weight(nullptr, 0), nullptr);
  EXPECT_EQ(horn_model_weight_bytes(nullptr), 0);
}

/// The program must be refused with this message after `change`.
template <typename Change> static void expectDamaged(const char *message, Change change) {
  Example example;
  change(example);
  EXPECT_EQ(create(example), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_last_error(), std::string("program 'example' is damaged: ") + message);
}

TEST(ModelTest, refusesDamagedTables) {
  expectDamaged("a count is negative", [](Example &e) { e.program.num_weights = -1; });
  expectDamaged("a table is null", [](Example &e) { e.program.symbols = nullptr; });
  expectDamaged("a table is null", [](Example &e) { e.program.inputs = nullptr; });
  expectDamaged("a function is null", [](Example &e) { e.program.forward = nullptr; });
  expectDamaged("a function is null", [](Example &e) { e.program.plan = nullptr; });
  expectDamaged("the type or rank of an input", [](Example &e) { e.inputs[0].rank = 9; });
  expectDamaged("the type or rank of an output", [](Example &e) { e.outputs[0].dtype = 13; });
  expectDamaged("the symbol of an input", [](Example &e) { e.inputSymbols[1] = 2; });
  expectDamaged("a dimension of an input", [](Example &e) { e.inputSymbols[1] = -1; });
  expectDamaged("a dimension of an input", [](Example &e) { e.inputSymbols[2] = 1; });
  expectDamaged("the place of a symbol", [](Example &e) { e.symbols[1] = {1, 2}; });
  expectDamaged("the place of a symbol", [](Example &e) { e.symbols[1] = {2, 0}; });
  expectDamaged("the kind of a weight", [](Example &e) { e.weights[0].kind = 3; });
  expectDamaged("the type or shape of a weight",
                [](Example &e) { e.weights[0].tensor.shape[0] = -1; });
  expectDamaged("weights are to be prepared, but the function is null",
                [](Example &e) { e.program.prepare = nullptr; });
}
