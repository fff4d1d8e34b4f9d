// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in graphs as files hold them.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

static std::string tensor(const std::string &layer) {
  return R"({"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32",)"
         R"("keras_history":[")" +
         layer + R"(",0,0]}})";
}

static std::string entry(const std::string &module, const std::string &class_name,
                         const std::string &name, const std::string &config,
                         const std::string &args) {
  return R"({"module":")" + module + R"(","class_name":")" + class_name + R"(","name":")" + name +
         R"(","config":{"name":")" + name + "\"" + config + R"(},"inbound_nodes":)" + args + "}";
}

static std::string called(const std::string &args) {
  return R"([{"args":[)" + args + R"(],"kwargs":{}}])";
}

static const std::string input =
    entry("keras.layers", "InputLayer", "x", R"(,"batch_shape":[null,3])", "[]");

static Model model_of(const std::string &layers, const std::string &output) {
  return model_from_json(R"({"class_name":"Functional","config":{"name":"m","layers":[)" + layers +
                         R"(],"input_layers":[["x",0,0]],"output_layers":[[")" + output +
                         R"(",0,0]]}})");
}

static const Array x = numbers({1, 3}); // -1.5, -0.25, 1

TEST(Traps, OperationsTakeNumbersWhereTheyStand) {
  std::string subtract =
      entry("keras.src.ops.numpy", "Subtract", "s", "", called("1.0," + tensor("x")));
  expect(run(model_of(input + "," + subtract, "s"), {x}), {1, 3}, {2.5, 1.25, 0});
}

TEST(Traps, SlicesAreWrittenAsObjects) {
  std::string slice =
      R"([{"class_name":"__ellipsis__","config":{}},{"class_name":"__slice__","config":{"start":null,"stop":null,"step":-2}},null])";
  std::string item =
      entry("keras.src.ops.numpy", "GetItem", "g", "", called(tensor("x") + "," + slice));
  expect(run(model_of(input + "," + item, "g"), {x}), {1, 2, 1}, {1, -1.5});
}

TEST(Traps, LayersNeedNotStandInTheOrderOfExecution) {
  std::string last = entry("keras.layers", "ReLU", "last", "", called(tensor("first")));
  std::string first =
      entry("keras.layers", "Rescaling", "first", R"(,"scale":-2.0)", called(tensor("x")));
  expect(run(model_of(last + "," + first + "," + input, "last"), {x}), {1, 3}, {3, 0.5, 0});
}

TEST(Traps, Keras2WritesListsOfTuples) {
  std::string old_input =
      entry("keras.layers", "InputLayer", "x", R"(,"batch_input_shape":[null,3])", "[]");
  std::string leaky =
      entry("keras.layers", "LeakyReLU", "l", R"(,"alpha":0.5)", R"([[["x",0,0,{}]]])");
  expect(run(model_of(old_input + "," + leaky, "l"), {x}), {1, 3}, {-0.75, -0.125, 1});
}

TEST(Traps, TrainingFlagInTheGraphIsNoise) {
  std::string dropout = entry("keras.layers", "Dropout", "d", R"(,"rate":0.5)",
                              R"([{"args":[)" + tensor("x") + R"(],"kwargs":{"training":true}}])");
  expect(run(model_of(input + "," + dropout, "d"), {x}), {1, 3}, {-1.5, -0.25, 1});
}

TEST(Traps, InputsOfADictionaryAreInTheOrderOfTheirKeys) {
  Tensor zeta = Input({1}, {.name = "zeta"}), alpha = Input({1}, {.name = "alpha"});
  Model model(std::map<std::string, Tensor>{{"zeta", zeta}, {"alpha", alpha}}, zeta - 2 * alpha);
  EXPECT_EQ(model.input_names(), (std::vector<std::string>{"alpha", "zeta"}));
}

TEST(Traps, InputsOfOneRankLessOrMoreAreAdjusted) {
  Tensor column = Input({1});
  Model model(column, Dense({.units = 1, .kernel_initializer = "ones"})(column));
  expect(model.predict(numbers({3})), {3, 1}, {-1.5, -0.25, 1});
  Tensor row = Input({3});
  expect(Model(row, ReLU()(row)).predict(numbers({1, 3, 1})), {1, 3}, {0, 0, 1});
  EXPECT_THROW(Model(row, ReLU()(row)).predict(numbers({3})), Error);
}
