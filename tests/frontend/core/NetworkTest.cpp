// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a model knows and does, member by member.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

using namespace horn;
using namespace horn::test;

namespace {
/// A file of a test, gone afterwards.
struct TemporaryFile {
  explicit TemporaryFile(const char *name)
      : path(std::filesystem::temp_directory_path() / (std::string("horn_network_test_") + name)) {}
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};
} // namespace

static Model two_layers(const char *name = "m") {
  Tensor x = Input({3}, {.name = "x"});
  Tensor hidden = layers::Dense({.units = 4, .activation = "relu", .name = "hidden"})(x);
  return Model(x, layers::Dense({.units = 2, .name = "head"})(hidden), {.name = name});
}

TEST(Network, NamesOfInputsOutputsAndLayers) {
  Model model = two_layers();
  EXPECT_EQ(model.input_names(), (std::vector<std::string>{"x"}));
  EXPECT_EQ(model.output_names(), (std::vector<std::string>{"head"}));
  EXPECT_EQ(model.inputs()[0].shape(), (Shape{None, 3}));
  EXPECT_EQ(model.outputs()[0].shape(), (Shape{None, 2}));
  ASSERT_EQ(model.layers().size(), 3u);
  EXPECT_EQ(model.get_layer("head"), model.get_layer(2));
}

TEST(Network, ComputeOutputShape) {
  Model model = two_layers();
  EXPECT_EQ(model.compute_output_shape({7, 3}), (Shape{7, 2}));
  Tensor a = Input({3}), b = Input({3});
  Model both({a, b}, {a + b, layers::Concatenate()({a, b})});
  EXPECT_EQ(both->compute_output_shapes({{5, 3}, {5, 3}}), (std::vector<Shape>{{5, 3}, {5, 6}}));
}

TEST(Network, CallOnNewTensors) {
  Model model = two_layers();
  Tensor y = model(Input({3}, {.batch_size = 5}));
  EXPECT_EQ(y.shape(), (Shape{5, 2}));
  EXPECT_EQ(y.node()->layer(), LayerPtr(model));
}

TEST(Network, AnInputThatNobodyNeedsIsAccepted) {
  Tensor a = Input({3}), b = Input({3});
  Model model({a, b}, layers::Dense({.units = 1})(a));
  EXPECT_EQ(model.layers().size(), 3u);
  EXPECT_EQ(model.predict({floats({1, 3}, {1, 2, 3}), floats({1, 3}, {0, 0, 0})}).size(), 1u);
}

TEST(Network, TrainableIsRecursive) {
  Model inner = two_layers("inner");
  Tensor x = Input({3});
  Model outer(x, layers::Dense({.units = 1})(inner(x)));
  inner.set_trainable(false);
  EXPECT_EQ(outer.trainable_weights().size(), 2u);
  EXPECT_EQ(outer.non_trainable_weights().size(), 4u);
  EXPECT_FALSE(inner.get_layer("head")->trainable());
  outer.set_trainable(true);
  EXPECT_EQ(outer.trainable_weights().size(), 6u);
}

TEST(Network, WeightsAreSetTogetherOrNotAtAll) {
  Model model = two_layers();
  std::vector<Array> before = model.get_weights(), values = model.get_weights();
  values[0].set(0, 9);
  values[3] = floats({3}, {1, 2, 3});
  EXPECT_THROW(model.set_weights(values), Error);
  EXPECT_EQ(elements(model.get_weights()[0]), elements(before[0]));
  values[3] = floats({2}, {1, 2});
  model.set_weights(values);
  EXPECT_EQ(model.get_weights()[0].at(0), 9);
}

TEST(Network, ConfigAndTextsAreInverse) {
  Model model = two_layers();
  EXPECT_EQ(Model::from_config(model.get_config()).get_config(), model.get_config());
  EXPECT_EQ(model_from_json(model.to_json()).to_json(), model.to_json());
  EXPECT_EQ(model_from_yaml(model.to_yaml()).to_yaml(), model.to_yaml());
  Sequential stack({make_layer<layers::InputLayer>(layers::InputConfig{.batch_shape = {None, 3}}),
                    layers::Dense({.units = 2})});
  EXPECT_EQ(Model::from_config(stack.get_config()).get_config(), stack.get_config());
}

TEST(Network, CloneHasNewWeightsOrTheUsersLayers) {
  Model model = two_layers();
  Model copy = clone_model(model);
  EXPECT_EQ(copy.get_config(), model.get_config());
  EXPECT_FALSE(copy.weights()[0] == model.weights()[0]);
  Model shared = clone_model(model, [&](const LayerPtr &layer) -> LayerPtr {
    if (layer->name() == "hidden")
      return layer;
    return layers::Dense({.units = 5, .name = layer->name()});
  });
  EXPECT_TRUE(shared.weights()[0] == model.weights()[0]);
  EXPECT_EQ(shared.outputs()[0].shape(), (Shape{None, 5}));
}

TEST(Network, LoadWeightsByTopologyAndByName) {
  TemporaryFile file("names.h5");
  Model model = two_layers();
  model.save(file.path);
  Model same = two_layers();
  same.load_weights(file.path);
  EXPECT_EQ(elements(same.get_weights()[0]), elements(model.get_weights()[0]));

  // Another model with a layer of that name.
  Tensor x = Input({3});
  auto hidden = layers::Dense({.units = 4, .name = "hidden"});
  Model other(x, layers::Dense({.units = 7, .name = "else"})(hidden(x)));
  EXPECT_THROW(other.load_weights(file.path), Error);
  other.load_weights(file.path, {.by_name = true});
  EXPECT_EQ(elements(hidden->get_weights()[0]), elements(model.get_weights()[0]));

  auto wide = layers::Dense({.units = 9, .name = "hidden"});
  auto head = layers::Dense({.units = 2, .name = "head"});
  Model narrow(x, head(layers::Dense({.units = 4, .name = "new"})(wide(x))));
  EXPECT_THROW(narrow.load_weights(file.path, {.by_name = true}), Error);
  narrow.load_weights(file.path, {.by_name = true, .skip_mismatch = true});
  EXPECT_EQ(elements(head->get_weights()[0]), elements(model.get_weights()[2]));
}

TEST(Network, LoadWeightsByNameFromSafetensors) {
  TemporaryFile file("names.safetensors");
  Model model = two_layers();
  model.save_weights(file.path);
  Tensor x = Input({3});
  auto hidden = layers::Dense({.units = 4, .name = "hidden"});
  Model other(x, layers::Dense({.units = 7, .name = "else"})(hidden(x)));
  EXPECT_THROW(other.load_weights(file.path), Error);
  other.load_weights(file.path, {.by_name = true});
  EXPECT_EQ(elements(hidden->get_weights()[0]), elements(model.get_weights()[0]));
}

TEST(Network, SaveAndLoad) {
  for (const char *name : {"m.keras", "m.h5"}) {
    TemporaryFile file(name);
    Model model = two_layers();
    model.save(file.path);
    Model again = load_model(file.path);
    Array x = floats({1, 3}, {1, 2, 3});
    EXPECT_EQ(elements(again.predict(x)), elements(model.predict(x))) << name;
  }
}

TEST(Network, SummaryHasWidthConnectionsAndNestedModels) {
  Model inner = two_layers("inner");
  Tensor x = Input({3}, {.name = "x2"});
  Tensor y = layers::Add({.name = "add"})({inner(x), layers::Dense({.units = 2, .name = "by"})(x)});
  std::ostringstream text;
  Model(x, y, {.name = "outer"}).summary(text, 100);
  EXPECT_NE(text.str().find("Connected to"), std::string::npos);
  EXPECT_NE(text.str().find("hidden (Dense)"), std::string::npos);
  EXPECT_NE(text.str().find("inner[0][0]"), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("Total params: 34"), std::string::npos) << text.str();
  std::istringstream lines(text.str());
  std::string line;
  std::getline(lines, line); // the title
  std::getline(lines, line);
  size_t width = 0;
  for (char c : line)
    width += (c & 0xC0) != 0x80;
  EXPECT_LE(width, 100u);
  EXPECT_GE(width, 95u);
}

TEST(Network, SummaryOfWhatIsNotBuilt) {
  std::ostringstream text;
  Sequential({layers::Dense({.units = 3, .name = "d"})}).summary(text);
  EXPECT_NE(text.str().find("0 (unbuilt)"), std::string::npos) << text.str();
}

TEST(Network, PredictTakesOneArrayOrAList) {
  Model model = two_layers();
  Array x = floats({1, 3}, {1, 2, 3});
  Array one = model.predict(x);
  std::vector<Array> list = model.predict({x});
  EXPECT_EQ(elements(one), elements(list.at(0)));
}

TEST(Network, SequentialIsBuiltByItsFirstNumbers) {
  Sequential model({layers::Dense({.units = 3}), layers::Dense({.units = 2})});
  EXPECT_EQ(model.predict(floats({4, 5}, std::vector<float>(20))).shape(), (Shape{4, 2}));
  EXPECT_EQ(model.inputs()[0].shape(), (Shape{None, 5}));
  model.pop();
  EXPECT_EQ(model.outputs()[0].shape(), (Shape{None, 3}));
}

TEST(Layer, NamesAreUniqueAndGeneratedAsKerasDoes) {
  clear_session();
  auto first = layers::Dense({.units = 1}), second = layers::Dense({.units = 1});
  EXPECT_EQ(first->name(), "dense");
  EXPECT_EQ(second->name(), "dense_1");
  EXPECT_EQ(layers::BatchNormalization()->name(), "batch_normalization");
}

TEST(Layer, WeightsHaveAllTheirOptions) {
  struct Own : Layer {
    void build(const Shape &) override {
      weight = add_weight("weight", {2},
                          {.initializer = "ones", .regularizer = "l2", .constraint = "non_neg"});
      fixed = add_weight("fixed", {2}, {.trainable = false, .dtype = DType::int32});
    }
    Tensor call(const Tensor &x) override { return x * weight; }
    Weight weight, fixed;
  };
  auto own = make_layer<Own>();
  own(Input({2}));
  EXPECT_EQ(own->weight->regularizer().class_name(), "L2");
  EXPECT_EQ(own->weight->constraint().class_name(), "NonNeg");
  EXPECT_EQ(own->fixed->dtype(), DType::int32);
  EXPECT_EQ(own->trainable_weights(), (std::vector<Weight>{own->weight}));
  EXPECT_EQ(own->non_trainable_weights(), (std::vector<Weight>{own->fixed}));
  EXPECT_EQ(own->dtype_policy().name(), "float32");
}

TEST(Layer, ComputeMaskAndOutputShapeMayBeAsked) {
  auto dense = layers::Dense({.units = 3});
  EXPECT_EQ(dense->compute_output_shape({5, 2}), (Shape{5, 3}));
  EXPECT_TRUE(dense->supports_masking());
  Tensor x = layers::Masking()(Input({4, 2}));
  Tensor mask = dense->compute_mask(Arguments(x), {x}).at(0);
  EXPECT_TRUE(mask.same_as(x.mask()));
}

TEST(Layer, BuildByHandRunsOnce) {
  auto dense = layers::Dense({.units = 3});
  dense->build({None, 4});
  EXPECT_TRUE(dense->built());
  dense(Input({4}));
  EXPECT_EQ(dense->weights().size(), 2u);
}

TEST(Layer, AFailedBuildLeavesNothing) {
  auto dense = layers::Dense({.units = 3});
  EXPECT_THROW(dense(Input({None})), Error);
  EXPECT_EQ(dense->weights().size(), 0u);
  dense(Input({4}));
  EXPECT_EQ(dense->weights().size(), 2u);
}
