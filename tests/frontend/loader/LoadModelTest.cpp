// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files that Keras saved, loaded; files that lie, refused.
#include <horn/horn.h>

#include "tests/frontend/core/Support.h"

#include "frontend/emit/CompiledModel.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"

#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace horn;

static std::filesystem::path data(const char *name) {
  return std::filesystem::path(HORN_TEST_DATA) / "trained" / name;
}

TEST(LoadModel, Functional) {
  Model model = load_model(data("digits_cnn.keras"));
  EXPECT_EQ(model.name(), "digits_cnn");
  EXPECT_EQ(model.count_params(), 19994);
  EXPECT_EQ(model.inputs()[0].shape(), (Shape{None, 8, 8, 1}));
  EXPECT_EQ(model.outputs()[0].shape(), (Shape{None, 10}));
  EXPECT_EQ(model.weights()[0]->symbol(), "stem_conv.kernel");
}

TEST(LoadModel, LegacyFileHasTheSameWeights) {
  std::vector<Array> modern = load_model(data("digits_cnn.keras")).get_weights();
  std::vector<Array> legacy = load_model(data("digits_cnn.h5")).get_weights();
  ASSERT_EQ(modern.size(), legacy.size());
  for (size_t i = 0; i < modern.size(); ++i) {
    ASSERT_EQ(modern[i].shape(), legacy[i].shape());
    for (size_t j = 0; j < modern[i].size(); ++j)
      ASSERT_EQ(modern[i].at(j), legacy[i].at(j));
  }
}

TEST(LoadModel, SequentialAndRecurrent) {
  EXPECT_EQ(load_model(data("names_bilstm.keras")).count_params(), 13041);
  EXPECT_EQ(load_model(data("sunspots_gru.keras")).outputs()[0].shape(), (Shape{None, 1}));
  EXPECT_EQ(load_model(data("tumor_two_inputs.keras")).outputs().size(), 2u);
}

TEST(LoadModel, CheckFindsNothingWrong) {
  for (const char *name : {"digits_cnn.keras", "digits_cnn.h5", "names_bilstm.keras"})
    EXPECT_TRUE(check_model(data(name)).empty()) << name;
}

TEST(LoadModel, NumbersAreReadWhenTheyAreNeeded) {
  auto path = std::filesystem::temp_directory_path() /
              ("horn-lazy-" + std::to_string(::getpid()) + ".keras");
  std::filesystem::copy_file(data("digits_cnn.keras"), path);
  Model model = load_model(path);
  const Variable &first = *model.weights()[0], &second = *model.weights()[1];
  EXPECT_NE(first.peek().bytes(), first.peek().bytes()); // read twice
  Array kept = first.value();
  EXPECT_EQ(first.peek().bytes(), kept.bytes());
  std::ofstream(path) << "another file";
  EXPECT_EQ(first.value().bytes(), kept.bytes());
  EXPECT_THROW(second.value(), Error);
  EXPECT_THROW(CompiledModel{model}, Error); // and not a model of other numbers
  std::filesystem::remove(path);
}

/// Reads a configuration and returns the message of the error.
static std::string refuse(const std::string &json) {
  return horn::test::message(
      [&] { saving::ModelReader().read_model(saving::parse_config(json, "test")); });
}

static std::string dense_model(const std::string &units, const std::string &extra = "",
                               const std::string &producer = "x") {
  return R"({"class_name":"Functional","config":{"name":"m","layers":[
    {"class_name":"InputLayer","name":"x","config":{"batch_shape":[null,4],"name":"x"},"inbound_nodes":[]},
    {"class_name":"Dense","name":"d","config":{"name":"d","units":)" +
         units + extra + R"(},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":
      {"shape":[null,4],"dtype":"float32","keras_history":[")" +
         producer + R"(",0,0]}}],"kwargs":{}}]}],
    "input_layers":[["x",0,0]],"output_layers":[["d",0,0]]}})";
}

TEST(Deserialize, GoodModel) { EXPECT_EQ(refuse(dense_model("3")), "no error"); }

TEST(Deserialize, WrongKindsAreNamed) {
  EXPECT_EQ(refuse(dense_model("\"three\"")),
            "d: units: wrong kind of value; expected an integer, found a string \"three\"");
  EXPECT_EQ(refuse(dense_model("[]")),
            "d: units: wrong kind of value; expected an integer, found a list []");
}

TEST(Deserialize, UnknownArguments) {
  EXPECT_EQ(refuse(dense_model("3", R"(,"lora_rank":null,"seed":5)")), "no error");
  EXPECT_EQ(refuse(dense_model("3", R"(,"lora_rank":4)")),
            "d: lora_rank: unknown argument of Dense; expected null, found 4");
}

TEST(Deserialize, HugeSizesCostNothing) {
  EXPECT_NE(refuse(dense_model("4611686018427387904")), "no error");
  EXPECT_EQ(refuse(dense_model("1099511627776")), "no error");
}

TEST(Deserialize, DanglingNamesAndCycles) {
  EXPECT_NE(refuse(dense_model("3", "", "nobody")).find("layer that is not there"),
            std::string::npos);
  EXPECT_NE(refuse(dense_model("3", "", "d")).find("cycle"), std::string::npos);
}

TEST(Deserialize, LambdaShowsAStub) {
  std::string text = refuse(
      R"({"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"Lambda","config":{"name":"f"}}]}})");
  EXPECT_NE(text.find("never run"), std::string::npos);
  EXPECT_NE(text.find("struct MyFunction : horn::Layer"), std::string::npos);
}

TEST(Deserialize, OwnLayersAreFound) {
  EXPECT_NE(refuse(R"({"class_name":"Sequential","config":{"name":"s","layers":[
      {"module":null,"class_name":"Mine","registered_name":"pkg>Mine","config":{"name":"f"}}]}})")
                .find("HORN_REGISTER_LAYER(\"pkg>Mine\", Mine)"),
            std::string::npos);
}

/// A Functional of one input and layers that all take it.
static std::string
layers_of_one_input(const std::vector<std::pair<std::string, std::string>> &layers) {
  std::string text = R"({"class_name":"Functional","config":{"name":"m","layers":[
    {"class_name":"InputLayer","name":"x","config":{"batch_shape":[null,4],"name":"x"},"inbound_nodes":[]})";
  std::string outputs;
  for (const auto &[class_name, config] : layers) {
    std::string name = "my_" + class_name;
    text += R"(,{"class_name":")" + class_name + R"(","name":")" + name +
            R"(","config":{"name":")" + name + "\"" + config +
            R"(},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__",
            "config":{"shape":[null,4],"dtype":"float32","keras_history":["x",0,0]}}],"kwargs":{}}]})";
    outputs += (outputs.empty() ? "[\"" : ",[\"") + name + "\",0,0]";
  }
  return text + R"(],"input_layers":[["x",0,0]],"output_layers":[)" + outputs + "]}}";
}

TEST(Deserialize, CheckFindsAllProblemsAtOnce) {
  ConfigValue config =
      saving::parse_config(layers_of_one_input({{"Dense", R"(,"units":3)"},
                                                {"Lambda", ""},
                                                {"StringLookup", R"(,"vocabulary":["a"])"},
                                                {"TorchModuleWrapper", ""},
                                                {"BatchNormalization", R"(,"momentumm":0.5)"},
                                                {"OfMyOwn", ""}}),
                           "test");
  std::vector<Problem> problems = saving::ModelReader().check_layers(config);
  ASSERT_EQ(problems.size(), 5u);
  const char *where[] = {"my_Lambda", "my_StringLookup", "my_TorchModuleWrapper",
                         "my_BatchNormalization", "my_OfMyOwn"};
  for (size_t i = 0; i < problems.size(); ++i) {
    EXPECT_EQ(problems[i].parts.where, where[i]);
    EXPECT_TRUE(problems[i].unsupported);
    EXPECT_FALSE(problems[i].parts.what.empty());
  }
  for (size_t i : {0, 1, 2, 4})
    EXPECT_FALSE(problems[i].parts.hint.empty()) << where[i];
  EXPECT_NE(problems[3].parts.what.find("unknown argument"), std::string::npos);
}
