// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models as JSON and YAML, and clones.
#include "tests/frontend/saving/SavedModels.h"

#include "frontend/saving/ConfigYaml.h"

using namespace horn;
using namespace horn::saving::test;

TEST(ModelText, JsonAndYamlAreInverse) {
  for (const auto &path : archives()) {
    Model model = load_model(path);
    std::string json = model.to_json();
    EXPECT_EQ(model_from_json(json).to_json(), json) << path;
    EXPECT_EQ(model_from_yaml(model.to_yaml()).to_json(), json) << path;
    EXPECT_EQ(clone_model(model).to_json(), json) << path;
  }
}

TEST(ModelText, ModelMadeHere) {
  std::string json = intricate_model().to_json();
  EXPECT_EQ(model_from_json(json).to_json(), json);
}

TEST(ModelText, CloneHasNewWeights) {
  Model model = load_model(data("trained/digits_cnn.keras"));
  Model clone = clone_model(model);
  EXPECT_EQ(clone.layers().size(), model.layers().size());
  EXPECT_NE(clone.layers()[1], model.layers()[1]);
  EXPECT_NE(clone.get_weights()[0].at(0), model.get_weights()[0].at(0));
}

TEST(Yaml, ValuesKeepTheirTypes) {
  ConfigValue value = ConfigValue::Dict{
      {"text", ConfigValue::List{"true", "null", "1", "1.5", "", "a: b\n\"c\"", "\xc3\xa9"}},
      {"numbers", ConfigValue::List{1, -7, 1.0, 0.1, 1e-7, 1e300, int64_t{1} << 62}},
      {"others", ConfigValue::List{nullptr, true, false, ConfigValue::list(), ConfigValue::dict()}},
      {"nested", ConfigValue::List{ConfigValue::Dict{{"a", ConfigValue::List{1, 2}}}, nullptr}}};
  EXPECT_EQ(saving::parse_yaml(saving::yaml_text(value), "test"), value);
}

TEST(Yaml, TuplesOfPythonAreLists) {
  EXPECT_EQ(saving::parse_yaml("a: !!python/tuple [1, null]", "test").str(), "{\"a\": [1, null]}");
}

TEST(Yaml, HostileTextsAreRefused) {
  auto refused = [](const char *name, const std::string &text, const char *part) {
    expect_refused(name, [&] { saving::parse_yaml(text, "test"); }, part);
  };
  refused("object", "a: !!python/object:os.system {}", "unknown tag");
  refused("syntax", "a: [1, 2", "no valid YAML");
  refused("deep", std::string(100'000, '['), "");
  refused("twice", "a: 1\na: 2", "repeated");
  std::string bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 12; ++i) {
    std::string last = "*a" + std::to_string(i - 1), all = last;
    for (int copy = 0; copy < 9; ++copy)
      all += ", " + last;
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + all + "]\n";
  }
  saving::Limits limits;
  limits.json_tokens = 10'000;
  expect_refused("aliases", [&] { saving::parse_yaml(bomb, "test", limits); }, "too many values");
}
