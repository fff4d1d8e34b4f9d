// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// While a model's weights are prepared, few of the raw ones are in memory.
#include "tests/numeric/Support.h"

#include <horn/runtime.h>

#include <set>

namespace horn::numeric {

namespace {
/// Gives a program the variables of a model, and counts the bytes that it holds of those which only
/// `prepare` reads.
struct Lender {
  explicit Lender(const Model &model) {
    for (const Weight &weight : model.network()->variables())
      variables.emplace(weight->symbol(), weight);
  }
  static const void *find(void *context, const horn_weight_info *info) {
    auto &lender = *static_cast<Lender *>(context);
    Array value = lender.variables.at(info->tensor.name)->value();
    if (!info->in_forward && info->kind == HORN_WEIGHT_VARIABLE) {
      EXPECT_TRUE(lender.borrowed.insert(info->tensor.name).second) << "taken twice";
      lender.held += value.num_bytes();
      lender.total += value.num_bytes();
      lender.peak = std::max(lender.peak, lender.held);
      lender.largest = std::max(lender.largest, value.num_bytes());
    }
    return value.bytes();
  }
  static void release(void *context, const horn_weight_info *info, const void *value) {
    auto &lender = *static_cast<Lender *>(context);
    const Array &array = lender.variables.at(info->tensor.name)->value();
    EXPECT_EQ(array.bytes(), value);
    lender.held -= array.num_bytes();
  }

  std::map<std::string, Weight> variables;
  std::set<std::string> borrowed;
  size_t held = 0, peak = 0, largest = 0, total = 0;
};
} // namespace

class PrepareMemoryTest : public testing::TestWithParam<const char *> {};

TEST_P(PrepareMemoryTest, rawWeightsAreHeldOneByOne) {
  Model model = load_model(trained_file(GetParam()));
  CompiledModel compiled(model);
  Lender lender(model);
  const horn_variables variables = {Lender::find, Lender::release, &lender};
  horn_model *made = nullptr;
  auto *program = static_cast<const horn_program *>(compiled.program());
  ASSERT_EQ(horn_model_create_from(program, &variables, nullptr, &made), HORN_OK)
      << horn_last_error();
  horn_model_destroy(made);
  EXPECT_EQ(lender.held, 0u);
  EXPECT_GT(lender.peak, 0u);
  EXPECT_LE(lender.peak, lender.largest + 4096) << "of " << lender.total;
}

INSTANTIATE_TEST_SUITE_P(All, PrepareMemoryTest,
                         testing::Values("digits_cnn.keras", "names_bilstm.keras",
                                         "sunspots_gru.keras", "tumor_two_inputs.keras"),
                         [](const auto &info) { return trained_name(info); });

} // namespace horn::numeric
