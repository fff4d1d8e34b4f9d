// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Graphs: models of several inputs and outputs, nested, shared, sequential; plain functions.
#include <horn/horn.h>

#include <gtest/gtest.h>
#include <sstream>

using namespace horn;

TEST(Model, PlainFunctionsAreRecorded) {
  Tensor x = Input({4});
  Tensor y = ops::mean(2 * x + 1, -1, /*keepdims=*/true);
  Model model(x, y);
  EXPECT_EQ(y.shape(), (Shape{None, 1}));
  EXPECT_EQ(model.layers().size(), 4u);
  EXPECT_EQ(model.layers()[1]->class_name(), "Multiply");
  EXPECT_EQ(model.layers()[1]->module(), "keras.src.ops.numpy");
  EXPECT_TRUE(model.layers()[3]->get_config().at("keepdims").as_bool());
}

/// The classes of a model's layers behind its input.
static std::vector<std::string> classes_of(const Model &model) {
  std::vector<std::string> classes;
  for (size_t i = 1; i < model.layers().size(); ++i)
    classes.push_back(model.layers()[i]->class_name());
  return classes;
}

TEST(Model, FilledAndNumberedTensorsAreRecorded) {
  Tensor x = Input({4});
  Model filled(x, ops::full_like(x, 2.5, DType::float32));
  EXPECT_EQ(classes_of(filled), (std::vector<std::string>{"FullLike"}));
  Tensor y = Input({4});
  Model numbered(y, ops::index_like(y, 1));
  EXPECT_EQ(classes_of(numbered),
            (std::vector<std::string>{"FullLike", "Cumsum", "Subtract", "Cast"}));
}

TEST(Model, OperatorsInsideALayerAreNot) {
  struct Twice : Layer {
    Tensor call(const Tensor &x) override { return x + x; }
  };
  Tensor x = Input({4});
  EXPECT_EQ(Model(x, make_layer<Twice>()(x)).layers().size(), 2u);
}

TEST(Model, NestedModelIsALayer) {
  Tensor a = Input({4});
  Model inner(a, layers::Dense({.units = 3})(a), {.name = "inner"});
  Tensor b = Input({4}), c = Input({4});
  Model outer({b, c}, layers::Add()({inner(b), inner(c)}));
  EXPECT_EQ(outer.count_params(), 15);
  EXPECT_EQ(outer.weights()[0]->symbol().find("inner."), 0u);
}

TEST(Model, DisconnectedGraphIsAnError) {
  Tensor a = Input({4}, {.name = "a"}), b = Input({4}, {.name = "b"});
  try {
    Model(a, layers::Add()({a, b}));
    FAIL();
  } catch (const Error &error) {
    EXPECT_NE(
        std::string(error.what()).find("graph disconnected: cannot obtain a value for tensor b"),
        std::string::npos);
  }
}

TEST(Model, LongChainsNeedNoStack) {
  Tensor x = Input({4}), y = x;
  for (int i = 0; i < 20000; ++i)
    y = y + 1;
  Model model(x, y);
  EXPECT_EQ(model.layers().size(), 20001u);
}

TEST(Sequential, IsBuiltByItsFirstCall) {
  Sequential model(
      {layers::Dense({.units = 3, .activation = "relu"}), layers::Dense({.units = 2})});
  EXPECT_EQ(model.weights().size(), 0u);
  model.build({None, 4});
  EXPECT_EQ(model.weights().size(), 4u);
  EXPECT_EQ(model.outputs()[0].shape(), (Shape{None, 2}));
}

TEST(Sequential, InsideAFunctionalModel) {
  Sequential head({layers::Dense({.units = 3})}, {.name = "head"});
  Tensor x = Input({4});
  Model model(x, head(x));
  EXPECT_EQ(model.count_params(), 15);
}

TEST(Model, SummaryShowsCounts) {
  Tensor x = Input({4}, {.name = "x"});
  Model model(x, layers::Dense({.units = 3, .name = "d"})(x), {.name = "tiny"});
  std::ostringstream text;
  model.summary(text);
  EXPECT_NE(text.str().find("Model: \"tiny\""), std::string::npos);
  EXPECT_NE(text.str().find("d (Dense)"), std::string::npos);
  EXPECT_NE(text.str().find("Total params: 15 (60.00 B)"), std::string::npos);
}

TEST(Model, MasksTravel) {
  Tensor ids = Input({7}, {.dtype = DType::int32});
  Tensor x = layers::Embedding({.input_dim = 5, .output_dim = 3, .mask_zero = true})(ids);
  ASSERT_TRUE(x.mask().defined());
  EXPECT_EQ(x.mask().dtype(), DType::boolean);
  EXPECT_TRUE(layers::Dense({.units = 2})(x).mask().defined());
  EXPECT_FALSE(layers::Conv1D({.filters = 2, .kernel_size = 2})(x).mask().defined());
  EXPECT_FALSE(layers::LSTM({.units = 2})(x).mask().defined());
  EXPECT_TRUE(layers::LSTM({.units = 2, .return_sequences = true})(x).mask().defined());
}

TEST(Model, MixedPrecisionCasts) {
  Tensor x = Input({4});
  auto dense = layers::Dense({.units = 3, .dtype = "mixed_float16"});
  EXPECT_EQ(dense(x).dtype(), DType::float16);
  EXPECT_EQ(dense->kernel->dtype(), DType::float32);
}
