// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The IR of every phase is written as text, read again and compiled on: to the same bits.
#include "tests/numeric/Support.h"

#include <set>

namespace horn::numeric {

namespace {
class ResumeTest : public testing::TestWithParam<const char *> {
protected:
  const TrainedCase &entry = trained_case(GetParam());
  Model model = entry.load();
  TemporaryFolder folder;
};
} // namespace

TEST_P(ResumeTest, fromEveryPhase) {
  CompiledModel whole(model, {.dump = folder / "dump"});
  Arrays expected = Session(whole).run(entry.inputs);
  std::set<std::filesystem::path> files;
  for (const auto &file : std::filesystem::directory_iterator(folder / "dump"))
    files.insert(file.path());
  ASSERT_EQ(files.size(), compiler_phases().size());
  for (const std::filesystem::path &file : files) {
    CompiledModel resumed(model, {.resume_from = file});
    EXPECT_TRUE(same_bits(Session(resumed).run(entry.inputs), expected)) << file;
    // Weights are elided: the text does not grow with them.
    EXPECT_LT(std::filesystem::file_size(file), 2'000'000u) << file;
  }
}

/// The position behind the parenthesis that closes the one before `begin`.
static size_t behind_parenthesis(const std::string &text, size_t begin) {
  for (int depth = 1; depth > 0 && begin < text.size(); ++begin)
    depth += text[begin] == '(' ? 1 : text[begin] == ')' ? -1 : 0;
  return begin;
}

/// The IR without locations and the names that come from them: arguments of loops have no place
/// for theirs in the syntax of upstream's dialects.
static std::string without_locations(const std::string &text) {
  std::string rest;
  for (size_t i = 0; i < text.size();) {
    bool line_start = i == 0 || text[i - 1] == '\n';
    if (line_start && text.compare(i, 4, "#loc") == 0) {
      i = text.find('\n', i) + 1;
    } else if (text.compare(i, 5, " loc(") == 0) {
      i = behind_parenthesis(text, i + 5);
    } else if (text[i] == '%') {
      rest += text[i++];
      while (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_' || text[i] == '.')
        ++i;
    } else {
      rest += text[i++];
    }
  }
  return rest;
}

TEST_P(ResumeTest, laterPhasesAreTheSameText) {
  CompiledModel whole(model, {.dump = folder / "dump"});
  std::string last = without_locations(phase_text(model, "llvm"));
  for (const auto &file : std::filesystem::directory_iterator(folder / "dump"))
    EXPECT_TRUE(without_locations(phase_text(model, "llvm", {.resume_from = file.path()})) == last)
        << file.path();
}

TEST_P(ResumeTest, compilingTwiceGivesTheSameText) {
  for (const PhaseInfo &phase : compiler_phases())
    EXPECT_TRUE(phase_text(model, phase.name) == phase_text(model, phase.name)) << phase.name;
}

INSTANTIATE_TEST_SUITE_P(All, ResumeTest, testing::Values("digits_cnn.keras", "names_bilstm.keras"),
                         [](const auto &info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(Resume, otherNamesAreRefused) {
  const TrainedCase &entry = trained_case("tumor_two_inputs.keras");
  EXPECT_THROW(CompiledModel(entry.load(), {.resume_from = "/tmp/no-such-phase.mlir"}), Error);
}

} // namespace horn::numeric
