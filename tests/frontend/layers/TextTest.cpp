// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Strings, and the vocabularies that files hold for them. The numbers expected are Keras's.
#include "frontend/layers/preprocessing/StringHash.h"
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

static std::filesystem::path data(const char *name) {
  return std::filesystem::path(HORN_TEST_DATA) / "text" / name;
}

static std::string repeated(const std::string &text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += text;
  return result;
}

static std::vector<std::string> names(std::initializer_list<const char *> list) {
  return {list.begin(), list.end()};
}

static ConfigValue vocabulary(std::initializer_list<const char *> list) {
  return ConfigValue::List(list.begin(), list.end());
}

TEST(StringHash, FingerprintOfEachLength) {
  const std::pair<std::string, uint64_t> cases[] = {
      {"", 1936946117179621455},
      {"a", 3694432073954588131},
      {"ab", 3066228220894225694},
      {"abc", 2640714258260161385},
      {"abcd", 1897425971756105985},
      {"hello w", 1806291608031355033},
      {"hello wo", 3616420679985843595},
      {"0123456789abcdef", 1493332391325024359},
      {"0123456789abcdefg", 2800675501336285770},
      {std::string(32, 'x'), 3678204687145032709},
      {"The quick brown fox jumps over the la", 3296116160084117647},
      {repeated("0123456789", 6) + "abcd", 1643205393884061375},
      {repeated("0123456789", 7), 650192320029534232},
      {repeated("0123456789", 13), 1497403020669705476},
  };
  for (const auto &[text, expected] : cases)
    EXPECT_EQ(fingerprint(text) % (uint64_t{1} << 62), expected) << text;
}

TEST(StringHash, KeyedHash) {
  const std::pair<std::string, uint64_t> cases[] = {{"", 3269837966603453289},
                                                    {"a", 3554414941829180607},
                                                    {"hello wo", 2074103282628443778},
                                                    {"0123456789abcdefg", 2728614787243930030}};
  for (const auto &[text, expected] : cases)
    EXPECT_EQ(keyed_hash(text, {3, 5}) % (uint64_t{1} << 62), expected) << text;
}

TEST(StringLookup, UnknownTokensComeFirst) {
  StringLookup lookup({.vocabulary = vocabulary({"a", "b", "c"})});
  expect(lookup({names({"a", "z", "c"})}), {1, 3}, {1, 0, 3});
  EXPECT_EQ(lookup.token(3), "c");
  EXPECT_EQ(lookup.token(9), "[UNK]");
}

TEST(StringLookup, UnknownTokensAreSpreadByTheirHash) {
  StringLookup lookup(
      {.num_oov_indices = 3, .mask_token = "-", .vocabulary = vocabulary({"a", "b", "c"})});
  expect(lookup({names({"a", "z", "y", "-", "x", "w"})}), {1, 6}, {4, 2, 3, 0, 3, 3});
  StringLookup salted({.num_oov_indices = 3,
                       .vocabulary = vocabulary({"a", "b", "c"}),
                       .salt = std::vector<int64_t>{7, 9}});
  expect(salted({names({"a", "z", "y", "-", "x", "w"})}), {1, 6}, {3, 0, 1, 1, 1, 0});
}

TEST(StringLookup, VectorsLeaveTheMaskOut) {
  StringLookup hot({.vocabulary = vocabulary({"a", "b", "c"}), .output_mode = "multi_hot"});
  expect(hot({names({"a", "z"}), names({"b", "b"})}), {2, 4}, {1, 1, 0, 0, 0, 0, 1, 0});
  StringLookup count(
      {.mask_token = "-", .vocabulary = vocabulary({"a", "b", "c"}), .output_mode = "count"});
  expect(count({names({"a", "-"}), names({"b", "b"})}), {2, 4}, {0, 1, 0, 0, 0, 0, 2, 0});
}

TEST(StringLookup, UnknownTokensWeighTheMean) {
  StringLookup lookup({.vocabulary = vocabulary({"a", "b", "c"}),
                       .idf_weights = std::vector<double>{1, 2, 3},
                       .output_mode = "tf_idf"});
  expect(lookup({names({"a", "z"}), names({"b", "b"})}), {2, 4}, {2, 1, 0, 0, 0, 0, 4, 0});
}

TEST(StringLookup, MistakesAreNamed) {
  EXPECT_THROW(StringLookup({.vocabulary = vocabulary({"a", "a"})}), Error);
  StringLookup strict({.num_oov_indices = 0, .vocabulary = vocabulary({"a"})});
  EXPECT_THROW(strict({names({"b"})}), Error);
  EXPECT_THROW(strict({names({"a"}), names({"a", "a"})}), Error);
}

TEST(TextVectorization, LowersStripsAndPads) {
  TextVectorization vectorize({.vocabulary = vocabulary({"the", "cat", "sat"})});
  expect(vectorize(names({"The cat, sat!", "a  Cat\tthe"})), {2, 3}, {2, 3, 4, 1, 3, 2});
}

TEST(TextVectorization, NGramsFollowTheWords) {
  TextVectorizationConfig config{.ngrams = 2,
                                 .output_sequence_length = 6,
                                 .vocabulary = vocabulary({"the", "cat", "the cat", "cat sat"})};
  expect(TextVectorization(config)(names({"The cat, sat!"})), {1, 6}, {2, 3, 1, 4, 5, 0});
  config.output_mode = "count";
  config.output_sequence_length = {};
  expect(TextVectorization(config)(names({"The cat, sat!"})), {1, 5}, {1, 1, 1, 1, 1});
}

TEST(TextVectorization, CharactersAreCodePoints) {
  TextVectorization vectorize({.standardize = "lower",
                               .split = "character",
                               .output_sequence_length = 5,
                               .vocabulary = vocabulary({"a", "b", "\u00e9"})});
  expect(vectorize(names({"Ab\u00e9x", "\u00c9", "abcdefg"})), {3, 5},
         {2, 3, 4, 1, 0, 1, 0, 0, 0, 0, 2, 3, 1, 1, 1});
}

TEST(TextVectorization, PunctuationGoesInsideWordsToo) {
  TextVectorization vectorize(
      {.standardize = "strip_punctuation", .vocabulary = vocabulary({"it's", "a-b"})});
  expect(vectorize(names({"it's a-b", "ITS ab"})), {2, 2}, {1, 1, 1, 1});
}

TEST(TextVectorization, FunctionsOfPythonAreRefused) {
  EXPECT_THROW(TextVectorization({.standardize = ConfigValue::dict()}), UnsupportedError);
}
TEST(TextFiles, ModelIsCutBehindTheLayerThatTakesStrings) {
  Model model = load_model(data("text.keras"));
  EXPECT_EQ(model.input_names(), names({"tokens"}));
  TextVectorization vectorize = TextVectorization::load(data("text.keras"), "tokens");
  Array tokens = vectorize(names({"b c d", "a"}));
  expect(tokens, {2, 3}, {2, 4, 1, 3, 0, 0});
  expect(run(model, {tokens}), {2, 2}, {0.125, 0.625, 0.5, 0.25});
}

TEST(TextFiles, OtherInputsStay) {
  Model model = load_model(data("colours.keras"));
  EXPECT_EQ(model.input_names(), names({"colour", "size"}));
  StringLookup colour = StringLookup::load(data("colours.keras"), "colour");
  Array weighed = colour({names({"red", "pink"})});
  expect(weighed, {1, 4}, {0.63237333, 0.51082563, 0, 0});
  expect(run(model, {weighed, numbers({1, 2})}), {1, 6},
         {0.63237333, 0.51082563, 0, 0, -1.5, -0.25});
}

TEST(TextFiles, IntegersAreLookedUpInTheModel) {
  Model model = load_model(data("integers.keras"));
  Array input(Shape{1, 3}, DType::int64);
  for (size_t i = 0; i < 3; ++i)
    input.set(i, i == 2 ? 11 : static_cast<double>(5 + 2 * i));
  expect(run(model, {input}), {1, 4}, {0.63237333, 0, 0.51082563, 0.6931472});
}

TEST(TextFiles, WrongNamesAreErrors) {
  EXPECT_THROW(StringLookup::load(data("colours.keras"), "size"), Error);
  EXPECT_THROW(TextVectorization::load(data("colours.keras"), "colour"), Error);
}
