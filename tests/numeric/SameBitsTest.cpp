// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The numerical contract: results have the same bits for any number of threads, at any position in
// a batch, run after run, by JIT and AOT.
#include "tests/numeric/Support.h"

#include <fstream>

namespace horn::numeric {

namespace {
class SameBitsTest : public testing::TestWithParam<const char *> {
protected:
  const TrainedCase &entry = trained_case(GetParam());
  Model model = entry.load();
  CompiledModel compiled{model};

  Arrays run(const Arrays &inputs, int threads) {
    return Session(compiled, std::make_shared<ThreadPool>(threads)).run(inputs);
  }
};
} // namespace

TEST_P(SameBitsTest, forAnyNumberOfThreads) {
  Arrays alone = Session(compiled).run(entry.inputs);
  for (int threads : {1, 2, 3, 5})
    EXPECT_TRUE(same_bits(run(entry.inputs, threads), alone)) << threads << " threads";
}

TEST_P(SameBitsTest, runAfterRun) {
  Session session(compiled, std::make_shared<ThreadPool>(3));
  Arrays first = session.run(entry.inputs);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(same_bits(session.run(entry.inputs), first)) << "run " << i + 2;
}

TEST_P(SameBitsTest, atAnyPositionInABatch) {
  Session session(compiled, std::make_shared<ThreadPool>(2));
  const int64_t total = std::min<int64_t>(entry.inputs[0].shape()[0], 40);
  Arrays whole = session.run(rows(entry.inputs, 0, total));
  for (int64_t row = 0; row < total; ++row)
    ASSERT_TRUE(same_bits(session.run(rows(entry.inputs, row, 1)), rows(whole, row, 1)))
        << "row " << row;
  for (int64_t size : {2, 3, 5, 6, 7, 12, 13, 17})
    for (int64_t begin = 0; begin + size <= total; begin += size)
      ASSERT_TRUE(same_bits(session.run(rows(entry.inputs, begin, size)), rows(whole, begin, size)))
          << "rows " << begin << " to " << begin + size;
}

TEST_P(SameBitsTest, byJitAndAheadOfTime) {
  Arrays jit = run(entry.inputs, 2);
  EXPECT_TRUE(same_bits(run_ahead_of_time(model, entry.inputs), jit));
  EXPECT_TRUE(
      same_bits(run_ahead_of_time(model, entry.inputs, std::make_shared<ThreadPool>(3)), jit));
}

static std::string bytes_of(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_P(SameBitsTest, inTheFileOfAnotherCompilation) {
  TemporaryFolder folder;
  std::string object, header;
  for (int i = 0; i < 5; ++i) { // orders that depend on addresses differ now and then
    compile_to_file(entry.load(), folder / "model.o", folder / "model.h");
    std::string new_object = bytes_of(folder / "model.o"),
                new_header = bytes_of(folder / "model.h");
    if (i > 0) {
      ASSERT_TRUE(new_object == object) << "compilation " << i + 1;
      ASSERT_EQ(new_header, header);
    }
    object = new_object;
    header = new_header;
  }
  EXPECT_NE(header.find("int " + model.name() + "_run("), std::string::npos) << header;
}

TEST_P(SameBitsTest, anEmptyBatchIsFine) {
  Arrays outputs = run(rows(entry.inputs, 0, 0), 2);
  ASSERT_EQ(outputs.size(), entry.outputs.size());
  EXPECT_EQ(outputs[0].shape()[0], 0);
}

INSTANTIATE_TEST_SUITE_P(All, SameBitsTest,
                         testing::Values("digits_cnn.keras", "names_bilstm.keras",
                                         "sunspots_gru.keras", "tumor_two_inputs.keras"),
                         [](const auto &info) { return trained_name(info); });

} // namespace horn::numeric
