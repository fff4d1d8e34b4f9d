// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Small models that Keras saved, with the numbers it computed: a sample of the conformance data,
// through the interpreter and compiled. `horn verify --suite` runs the whole of it.
#include "tests/frontend/core/Support.h"

#include "frontend/emit/CompiledModel.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/FileBytes.h"
#include "frontend/saving/Safetensors.h"

#include <horn/horn.h>

#include <gtest/gtest.h>

#include <cmath>

using namespace horn;

namespace {
struct Case {
  std::string name;
  std::filesystem::path model, tensors;
  double rtol = 0, atol = 0;
};

class Conformance : public testing::TestWithParam<Case> {};
} // namespace

static std::vector<Case> read_cases() {
  std::filesystem::path folder = std::filesystem::path(HORN_TEST_DATA) / "conformance";
  saving::FileBytes text = saving::map_file(folder / "cases.json");
  std::vector<Case> cases;
  ConfigValue index = saving::parse_config(text.text(), "cases.json");
  for (const ConfigValue &entry : index.at("cases").as_list()) {
    Case test{.name = entry.at("name").as_string(),
              .model = {},
              .tensors = {},
              .rtol = entry.at("rtol").as_number(),
              .atol = entry.at("atol").as_number()};
    for (const auto &[name, hash] : entry.at("files").as_dict())
      (name.ends_with(".safetensors") ? test.tensors : test.model) = folder / name;
    cases.push_back(std::move(test));
  }
  return cases;
}

/// input:0, input:1, ... of a file.
static std::vector<Array> numbered(const saving::Safetensors &file, const std::string &prefix) {
  std::vector<Array> arrays;
  while (file.has(prefix + std::to_string(arrays.size())))
    arrays.push_back(file.at(prefix + std::to_string(arrays.size())));
  return arrays;
}

static void expect_close(const std::vector<Array> &got, const std::vector<Array> &expected,
                         const Case &test) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t k = 0; k < got.size(); ++k) {
    ASSERT_EQ(got[k].shape(), expected[k].shape());
    for (size_t i = 0; i < got[k].size(); ++i) {
      double a = got[k].at(i), b = expected[k].at(i);
      bool close = std::abs(a - b) <= test.atol + test.rtol * std::abs(b) ||
                   (std::isnan(a) && std::isnan(b)) || a == b;
      ASSERT_TRUE(close) << "output " << k << ", element " << i << ": " << a << " for " << b;
    }
  }
}

TEST_P(Conformance, givesKerasNumbers) {
  const Case &test = GetParam();
  saving::Safetensors file = saving::read_safetensors(test.tensors);
  std::vector<Array> inputs = numbered(file, "input:"), outputs = numbered(file, "output:");
  Model model = load_model(test.model);
  expect_close(interpret(model, inputs), outputs, test);
  CompiledModel compiled(model);
  expect_close(Session(compiled).run(inputs), outputs, test);
}

INSTANTIATE_TEST_SUITE_P(Keras, Conformance, testing::ValuesIn(read_cases()),
                         horn::test::case_name<Case>);
