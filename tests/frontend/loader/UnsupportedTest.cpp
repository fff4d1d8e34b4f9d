// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that no compiled model can have: refused with the reason and with what to do instead, in
// models, in nested ones and in the list of `horn check`.
#include <horn/horn.h>

#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"

#include <gtest/gtest.h>

using namespace horn;

namespace {
struct Refused {
  std::string class_name, reason, alternative;
};
} // namespace

static const std::vector<Refused> &table() {
  static const std::vector<Refused> rows = {
#define HORN_UNSUPPORTED(Class, reason, alternative) {#Class, reason, alternative},
#include "frontend/saving/Unsupported.def"
  };
  return rows;
}

static ConfigValue layer(const std::string &class_name) {
  return ConfigValue::envelope("keras.layers", class_name,
                               ConfigValue::Dict{{"name", "culprit"}, {"units", 3}});
}

static ConfigValue stack(const std::string &name, ConfigValue::List layers) {
  return ConfigValue::envelope("keras", "Sequential",
                               ConfigValue::Dict{{"name", name}, {"layers", std::move(layers)}});
}

static std::string message_of(const ConfigValue &model) {
  try {
    saving::ModelReader().read_model(model);
  } catch (const UnsupportedError &error) {
    return error.what();
  } catch (const Error &error) {
    return std::string("another error: ") + error.what();
  }
  return "no error";
}

TEST(Unsupported, EachSaysReasonAndAlternative) {
  ASSERT_GE(table().size(), 1u);
  for (const auto &[name, reason, alternative] : table()) {
    EXPECT_EQ(message_of(stack("model", {layer(name)})),
              "culprit: " + name + ": " + reason + "; " + alternative);
    EXPECT_FALSE(reason.empty() || alternative.empty()) << name;
    EXPECT_FALSE(reason.ends_with(".") || alternative.ends_with(".")) << name;
  }
}

TEST(Unsupported, NestedModelsAreInThePath) {
  const auto &[name, reason, alternative] = table().front();
  EXPECT_EQ(message_of(stack("outer", {stack("inner", {layer(name)})})),
            "inner: culprit: " + name + ": " + reason + "; " + alternative);
}

TEST(Unsupported, AllAreListedAtOnce) {
  ConfigValue::List layers;
  for (const Refused &refused : table())
    layers.push_back(layer(refused.class_name));
  std::vector<Problem> problems =
      saving::ModelReader().check_layers(stack("model", std::move(layers)));
  ASSERT_EQ(problems.size(), table().size());
  for (size_t i = 0; i < problems.size(); ++i) {
    EXPECT_TRUE(problems[i].unsupported);
    EXPECT_EQ(problems[i].parts.where, "culprit");
    EXPECT_EQ(problems[i].parts.what, table()[i].class_name + ": " + table()[i].reason);
    EXPECT_EQ(problems[i].parts.hint, table()[i].alternative);
  }
}

TEST(Unsupported, RegisteringALayerMakesItKnown) {
  for (const Refused &refused : table())
    EXPECT_EQ(find_layer(refused.class_name), nullptr)
        << refused.class_name << " is in the table and has a layer";
}
