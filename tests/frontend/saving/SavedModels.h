// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models and comparisons for the tests of saving.
#pragma once

#include "tests/frontend/saving/TestFiles.h"

#include <horn/horn.h>

#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/ZipReader.h"

#include <algorithm>
#include <cstdlib>

namespace horn::saving::test {

/// Files of Keras that hold models, archives first.
inline std::vector<std::filesystem::path> archives() {
  std::vector<std::filesystem::path> paths;
  for (const char *folder : {"trained", "saving"})
    for (const auto &entry : std::filesystem::directory_iterator(data(folder)))
      if (entry.path().extension() == ".keras")
        paths.push_back(entry.path());
  for (const auto &entry : std::filesystem::recursive_directory_iterator(data("conformance")))
    if (entry.path().extension() == ".keras")
      paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline ConfigValue config_of(const std::filesystem::path &archive) {
  return parse_config(ZipReader(archive).read("config.json").text(), "config.json");
}

/// Whether this is the configuration of an operation whose get_config leaves out its name in Keras
/// (which takes one all the same, and Horn writes it).
inline bool is_nameless_in_keras(const ConfigValue &envelope) {
  return envelope.string_or("class_name", "") == "ExtractPatches";
}

/// A configuration with sorted keys and without the ids that Keras gives to all shared objects.
inline ConfigValue normalized(const ConfigValue &value) {
  if (value.is_list()) {
    ConfigValue::List list;
    for (const ConfigValue &item : value.as_list())
      list.push_back(normalized(item));
    return list;
  }
  if (!value.is_dict())
    return value;
  ConfigValue::Dict items;
  for (const auto &[key, item] : value.as_dict()) {
    if (key == "shared_object_id")
      continue;
    items.emplace_back(key, normalized(item));
    if (key == "config" && is_nameless_in_keras(value)) {
      ConfigValue::Dict config = items.back().second.as_dict();
      std::erase_if(config, [](const auto &entry) { return entry.first == "name"; });
      items.back().second = config;
    }
  }
  std::sort(items.begin(), items.end(),
            [](const auto &a, const auto &b) { return a.first < b.first; });
  return items;
}

inline void expect_same_weights(const Model &a, const Model &b) {
  std::vector<Weight> first = a.weights(), second = b.weights();
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i)
    expect_same(first[i]->value(), second[i]->value());
}

/// Two models in one: a Dense that two nested models share, a nested model called twice whose
/// second call is an output, operations, and a mask that travels unseen.
inline Model intricate_model() {
  clear_session();
  auto shared = layers::Dense({.units = 4, .activation = "relu", .name = "shared"});
  Tensor a = Input({4}, {.name = "a"}), b = Input({4}, {.name = "b"});
  Model left(a, shared(a), {.name = "left"});
  Model right(b, layers::BatchNormalization()(shared(b)), {.name = "right"});
  Tensor x = Input({4}, {.name = "x"});
  Tensor ids = Input({5}, {.name = "ids", .dtype = DType::int32});
  Tensor words = layers::Embedding({.input_dim = 7, .output_dim = 4, .mask_zero = true})(ids);
  Tensor text = layers::LSTM({.units = 4})(words);
  Tensor sum = left(x) * 2.0 + right(text);
  return Model(std::vector<Tensor>{x, ids}, std::vector<Tensor>{sum, left(sum)},
               {.name = "intricate"});
}

} // namespace horn::saving::test
