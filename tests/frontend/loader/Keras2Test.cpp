// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files of Keras 2 (tests/data/keras2, written by tf_keras 2.21): whole models in .h5 and .keras,
// weights alone, text; layers of cuDNN; plain functions of TensorFlow. The numbers are Keras 2's.
#include "tests/frontend/core/Support.h"

#include "tests/frontend/saving/TestFiles.h"

#include <horn/compile.h>
#include <horn/files.h>
#include <horn/horn.h>

#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"

#include <cmath>

using namespace horn;
using namespace horn::saving::test;

static std::filesystem::path file(const std::string &name) { return data("keras2/" + name); }

static std::vector<Array> tensors(const std::string &file_name, const std::string &kind) {
  saving::Safetensors tensors = saving::read_safetensors(file(file_name));
  std::vector<Array> list;
  for (size_t i = 0; tensors.has(kind + ":" + std::to_string(i)); ++i)
    list.push_back(tensors.at(kind + ":" + std::to_string(i)));
  return list;
}

/// Compares a model's outputs with those that Keras 2 had.
static void expect_outputs(const Model &model, const std::string &numbers) {
  std::vector<Array> found = model.predict(tensors(numbers, "input"));
  std::vector<Array> wanted = tensors(numbers, "output");
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < found.size(); ++i) {
    std::string name = model.output_names()[i];
    ASSERT_EQ(found[i].shape(), wanted[i].shape()) << i << " " << name;
    for (size_t j = 0; j < found[i].size(); ++j)
      ASSERT_LE(std::abs(found[i].at(j) - wanted[i].at(j)), 1e-5 + 1e-4 * std::abs(wanted[i].at(j)))
          << i << " " << name << " " << j;
  }
}

TEST(Keras2, WholeModels) {
  for (const char *name : {"mixed.h5", "mixed.keras"}) {
    EXPECT_TRUE(check_model(file(name)).empty()) << name;
    expect_outputs(load_model(file(name)), "mixed.safetensors");
  }
}

TEST(Keras2, TextAndWeights) {
  Model model = model_from_json(file_text(file("mixed.json")));
  model.load_weights(file("mixed_weights.h5"));
  expect_outputs(model, "mixed.safetensors");
}

TEST(Keras2, FunctionsOfTensorFlow) {
  expect_outputs(model_from_json(file_text(file("functions.json"))), "functions.safetensors");
}

TEST(Keras2, RecurrentLayersOfCudnn) {
  EXPECT_TRUE(check_model(file("cudnn.h5")).empty());
  Model model = load_model(file("cudnn.h5"));
  expect_outputs(model, "cudnn.safetensors");
  EXPECT_EQ(model.get_layer("lstm")->class_name(), "LSTM");
  EXPECT_EQ(model.get_layer("gru")->class_name(), "GRU");
}

TEST(Keras2, WeightsOfCudnnAlone) {
  clear_session();
  Tensor steps = Input({5, 3}, {.name = "steps"});
  Tensor x = layers::LSTM({.units = 4, .return_sequences = true})(steps);
  x = layers::Bidirectional({.layer = layers::GRU({.units = 3, .return_sequences = true})})(x);
  Model model(steps, layers::GRU({.units = 2})(x));
  model.load_weights(file("cudnn_weights.h5"));
  expect_outputs(model, "cudnn.safetensors");
}

TEST(Keras2, SavedAsKeras3) {
  Folder folder;
  for (const char *name : {"mixed.h5", "cudnn.h5"}) {
    load_model(file(name)).save(folder / "m.keras");
    expect_outputs(load_model(folder / "m.keras"), std::string(name).substr(0, 5) + ".safetensors");
  }
  model_from_json(file_text(file("functions.json"))).save(folder / "m.keras");
  expect_outputs(load_model(folder / "m.keras"), "functions.safetensors");
}

TEST(Keras2, HardSigmoidWasAnotherFunction) {
  Folder folder;
  for (const char *name : {"hard_sigmoid.h5", "hard_sigmoid.keras"}) {
    Model model = load_model(file(name));
    expect_outputs(model, "hard_sigmoid.safetensors");
    model.save(folder / "m.keras");
    expect_outputs(load_model(folder / "m.keras"), "hard_sigmoid.safetensors");
  }
  Model model = model_from_json(file_text(file("hard_sigmoid.json")));
  model.load_weights(file("hard_sigmoid.h5"));
  expect_outputs(model, "hard_sigmoid.safetensors");
}

static std::string function_model(const std::string &function, const std::string &kwargs) {
  return R"({"class_name":"Functional","config":{"name":"m","layers":[
    {"class_name":"InputLayer","name":"x","config":{"batch_input_shape":[null,4],"name":"x"},"inbound_nodes":[]},
    {"class_name":"TFOpLambda","name":"f","config":{"name":"f","function":")" +
         function + R"("},"inbound_nodes":[["x",0,0,)" + kwargs +
         R"(]]}],"input_layers":[["x",0,0]],"output_layers":[["f",0,0]]}})";
}

static std::string message_of(const std::string &json) {
  return horn::test::message(
      [&] { saving::ModelReader().read_model(saving::parse_config(json, "test")); });
}

TEST(Keras2, FunctionsThatHornDoesNotHave) {
  EXPECT_EQ(message_of(function_model("nn.relu", R"({"name":null})")), "no error");
  EXPECT_EQ(message_of(function_model("linalg.svd", "{}")),
            "f: tf.linalg.svd: this function of TensorFlow has no operation here; build the model "
            "with layers or with keras.ops, and save it with Keras 3");
  EXPECT_EQ(message_of(function_model("math.cumsum", R"({"axis":1,"exclusive":true})")),
            "f: exclusive: unknown argument of math.cumsum; found true");
  EXPECT_EQ(message_of(function_model("compat.v1.norm", R"({"ord":1})")),
            "f: ord: an argument of compat.v1.norm has a value that Horn does not have; expected "
            "euclidean, found 1");
  EXPECT_EQ(message_of(function_model("__operators__.add", "{}")),
            "f: __operators__.add without argument y");
}

TEST(Keras2, MalformedCallsAreErrors) {
  for (const char *node : {"[]", "5", "[\"x\"]", "[[\"x\", 0]]", "[[1, 2, 3]]", "[\"y\", 0, 0, {}]",
                           "[\"x\", 7, 0, {}]", "[\"_CONSTANT_VALUE\", -1, \"text\", {}]"}) {
    std::string json = function_model("nn.relu", "{}");
    std::string good = "[\"x\",0,0,{}]";
    json.replace(json.find(good), good.size(), node);
    EXPECT_NE(message_of(json), "no error") << node;
  }
}
