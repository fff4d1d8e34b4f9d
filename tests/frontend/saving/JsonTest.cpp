// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Json.h"
#include "frontend/saving/ZipReader.h"
#include "tests/frontend/saving/TestFiles.h"

#include <nlohmann/json.hpp>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

TEST(Json, KeepsTheOrderOfKeys) {
  std::string text = R"({"z":1,"a":[true,null,-2,1.5,"x"],"m":{}})";
  EXPECT_EQ(json_text(parse_json(text, "t")), text);
}

TEST(Json, ReadsAKerasConfig) {
  FileBytes config = ZipReader(data("trained/digits_cnn.keras")).read("config.json");
  nlohmann::ordered_json json = parse_json(config.text(), "config.json");
  EXPECT_EQ(json["config"]["name"], "digits_cnn");
  EXPECT_EQ(parse_json(json_text(json), "again"), json);
}

TEST(Json, ErrorsNameThePlace) {
  expect_refused(
      "comma", [] { parse_json("[1,\n 2,,]", "m: config"); },
      "m: config: JSON text is malformed at line 2, column 4");
}

TEST(Json, Limits) {
  EXPECT_NO_THROW(parse_json("[[1]]", "t", {.json_depth = 2}));
  expect_refused("depth", [] { parse_json("[[1]]", "t", {.json_depth = 1}); }, "json_depth");
  EXPECT_NO_THROW(parse_json("[[1]]", "t", {.json_bytes = 5}));
  expect_refused("bytes", [] { parse_json("[[1]]", "t", {.json_bytes = 4}); }, "json_bytes");
  EXPECT_NO_THROW(parse_json("[[1]]", "t", {.json_tokens = 3}));
  expect_refused("tokens", [] { parse_json("[[1]]", "t", {.json_tokens = 2}); }, "json_tokens");
}

TEST(Json, RefusesHostileTexts) {
  std::string manyKeys = "{";
  for (int i = 0; i < 100000; ++i)
    manyKeys += "\"k" + std::to_string(i) + "\":0,";
  std::string deepObject;
  for (int i = 0; i < 100000; ++i)
    deepObject += "{\"a\":";
  std::vector<std::pair<std::string, std::string>> cases = {
      {"depth", std::string(1000000, '[')},
      {"depth of objects", deepObject},
      {"duplicate", R"({"a":1,"a":2})"},
      {"duplicate inside", R"([{"b":{"a":1,"a":2}}])"},
      {"duplicate by escape", R"({"a":1,"\u0061":2})"},
      {"duplicate of many", manyKeys + "\"k7\":0}"},
      {"trailing", "{} {}"},
      {"empty", ""},
      {"huge number", "[1e999]"},
      {"NaN", "[NaN]"},
      {"bad UTF-8", "[\"\xff\"]"},
      {"overlong UTF-8", "[\"\xc0\x80\"]"},
      {"lone surrogate", R"(["\ud800"])"},
      {"control character", "[\"\x01\"]"},
      {"raw NUL", std::string("[\"\0\"]", 5)},
      {"open string", "[\"abc"},
      {"comment", "[1] // x"},
      {"single quotes", "{'a':1}"},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { parse_json(text, "t"); }, "t: JSON");
}

TEST(Json, TextsThatAreNotUtf8CannotBeWritten) {
  expect_refused("text", [] { json_text(nlohmann::ordered_json("\xff")); }, "cannot be written");
}
