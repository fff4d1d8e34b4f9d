// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// get_config and from_config, to_json and to_yaml and their readers are inverse, on models that
// Keras saved: on the sample in this project, or on the whole suite in the folder that the
// environment's HORN_CONFORMANCE names (the target `inverse`).
#include "tests/frontend/core/Support.h"

#include "frontend/core/LayerRegistry.h"
#include "frontend/ops/Operation.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"
#include "frontend/saving/FileBytes.h"

#include <horn/horn.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

using namespace horn;

namespace {
struct Case {
  std::string name;
  std::filesystem::path model;
};
class Inverse : public testing::TestWithParam<Case> {};
} // namespace

static std::filesystem::path folder() {
  const char *given = std::getenv("HORN_CONFORMANCE");
  return given ? std::filesystem::path(given)
               : std::filesystem::path(HORN_TEST_DATA) / "conformance";
}

static std::vector<Case> read_cases() {
  static constexpr std::array<std::string_view, 5> groups = {"layers", "topology", "models",
                                                             "recurrent", "masking"};
  saving::FileBytes text = saving::map_file(folder() / "cases.json");
  ConfigValue index = saving::parse_config(text.text(), "cases.json");
  std::vector<Case> cases;
  for (const ConfigValue &entry : index.at("cases").as_list())
    if (std::find(groups.begin(), groups.end(), entry.at("group").as_string()) != groups.end())
      for (const auto &[name, hash] : entry.at("files").as_dict())
        if (name.ends_with(".keras"))
          cases.push_back({entry.at("name").as_string(), folder() / name});
  return cases;
}

/// Each layer by itself, the layers of models inside too.
static void expect_layers_inverse(const Network &network) {
  for (const LayerPtr &layer : network.layers()) {
    if (auto *inner = dynamic_cast<const Network *>(layer.get())) {
      expect_layers_inverse(*inner);
      continue;
    }
    ConfigValue envelope = envelope_of(*layer);
    LayerPtr copy = saving::ModelReader().read_layer(envelope);
    EXPECT_EQ(copy->class_name(), layer->class_name());
    EXPECT_EQ(copy->get_config(), layer->get_config()) << layer->name();
  }
}

TEST_P(Inverse, ConfigsAndTexts) {
  Model model = load_model(GetParam().model);
  expect_layers_inverse(*model.network());
  ConfigValue config = model.get_config();
  EXPECT_EQ(Model::from_config(config).get_config(), config);
  std::string json = model.to_json(), yaml = model.to_yaml();
  EXPECT_EQ(model_from_json(json).to_json(), json);
  EXPECT_EQ(model_from_yaml(yaml).to_yaml(), yaml);
  EXPECT_EQ(model_from_yaml(yaml).get_config(), config);
  EXPECT_EQ(clone_model(model).get_config(), config);
}

INSTANTIATE_TEST_SUITE_P(Keras, Inverse, testing::ValuesIn(read_cases()),
                         horn::test::case_name<Case>);
