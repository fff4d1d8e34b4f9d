// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activations, initializers, regularizers and constraints of one's own: by name, in configurations,
// in files, and fused by the compiler.
#include "tests/frontend/core/Support.h"

#include "frontend/emit/CompiledModel.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace horn;
using namespace horn::test;

static void register_all() {
  register_activation("test>bump", [](const Tensor &x) { return ops::exp(-ops::square(x)); });
  register_regularizer("test>total", [](const Tensor &weight, const ConfigValue &config) {
    return config.at("factor").as_number() * ops::sum(weight);
  });
  register_constraint("test>halved",
                      [](const Tensor &weight, const ConfigValue &) { return weight / 2; });
  register_initializer("test>count",
                       [](const Shape &shape, DType dtype, uint64_t, const ConfigValue &) {
                         Array values(shape, dtype);
                         for (size_t i = 0; i < values.size(); ++i)
                           values.set(i, static_cast<double>(i));
                         return values;
                       });
}

static Model make_model_with_own_parts(Tensor &x) {
  register_all();
  x = Input({2}, {.name = "x"});
  auto dense =
      layers::Dense({.units = 2,
                     .activation = "bump",
                     .kernel_initializer = "test>count",
                     .kernel_regularizer = Regularizer("total", ConfigValue::Dict{{"factor", 0.5}}),
                     .kernel_constraint = "test>halved",
                     .name = "dense"});
  return Model(x, dense(x), {.name = "own"});
}

static const Array row = floats({1, 2}, {0.5, 0.25});

TEST(CustomObjects, AreUsed) {
  Tensor x;
  Model model = make_model_with_own_parts(x);
  EXPECT_EQ(elements(model.get_weights()[0]), (std::vector<double>{0, 1, 2, 3}));
  EXPECT_NEAR(model.predict(row).at(0), std::exp(-0.25), 1e-6);
  EXPECT_NEAR(model.predict(row).at(1), std::exp(-1.25 * 1.25), 1e-6);
  EXPECT_EQ(evaluate(x, model.losses().at(0), row), (std::vector<double>{3}));
  Tensor w = Input({2});
  EXPECT_EQ(evaluate(w, make_layer<Scale>()(Constraint("halved")(w)), row),
            (std::vector<double>{0.25, 0.125}));
}

TEST(CustomObjects, AreWrittenAsKerasWritesThem) {
  Tensor x;
  ConfigValue config = make_model_with_own_parts(x).get_layer("dense")->get_config();
  EXPECT_EQ(config.at("activation").str(200),
            "{\"module\": \"builtins\", \"class_name\": \"function\", \"config\": \"test>bump\", "
            "\"registered_name\": \"function\"}");
  EXPECT_EQ(config.at("kernel_regularizer").str(200),
            "{\"module\": null, \"class_name\": \"total\", \"config\": {\"factor\": 0.5}, "
            "\"registered_name\": \"test>total\"}");
  EXPECT_EQ(config.at("kernel_initializer").at("registered_name").as_string(), "test>count");
  EXPECT_EQ(config.at("kernel_constraint").at("class_name").as_string(), "halved");
}

TEST(CustomObjects, AreReadBack) {
  Tensor x;
  Model model = make_model_with_own_parts(x);
  Model again = model_from_json(model.to_json());
  EXPECT_EQ(again.to_json(), model.to_json());
  EXPECT_EQ(elements(again.predict(row)), elements(model.predict(row)));
  EXPECT_EQ(again.losses().size(), 1u);
}

TEST(CustomObjects, AreFused) {
  Tensor x;
  Model model = make_model_with_own_parts(x);
  std::string groups = phase_text(model, "groups");
  // The activation's square and exponential stand in the group of the product.
  EXPECT_NE(groups.find("horn.fused"), std::string::npos) << groups;
  EXPECT_EQ(elements(CompiledModel(model).num_kernels() > 0 ? model.predict(row) : Array()),
            elements(model.predict(row)));
}
