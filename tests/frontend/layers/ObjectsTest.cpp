// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Initializers, regularizers, constraints and activations: each of Keras's by its class, by its
// name and by its configuration.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::traps;

using Names = std::vector<std::pair<const char *, const char *>>; // class, snake_case

static ConfigValue envelope(const char *module, const char *class_name) {
  return ConfigValue::envelope(module, class_name, ConfigValue::dict());
}

/// The same object under each name, and from what it writes.
template <class Object> static void expect_known(const char *module, const Names &names) {
  for (auto [class_name, name] : names) {
    SCOPED_TRACE(name);
    ConfigValue config = Object(name).get_config();
    EXPECT_EQ(config.string_or("class_name", ""), class_name);
    EXPECT_EQ(config.string_or("module", ""), module);
    EXPECT_EQ(Object::from_config(class_name).get_config(), config);
    EXPECT_EQ(Object::from_config(config).get_config(), config);
    EXPECT_EQ(Object::from_config(envelope(module, class_name)).get_config(), config);
  }
}

TEST(Objects, Initializers) {
  expect_known<Initializer>("keras.initializers", {{"Constant", "constant"},
                                                   {"GlorotNormal", "glorot_normal"},
                                                   {"GlorotUniform", "glorot_uniform"},
                                                   {"HeNormal", "he_normal"},
                                                   {"HeUniform", "he_uniform"},
                                                   {"Identity", "identity"},
                                                   {"LecunNormal", "lecun_normal"},
                                                   {"LecunUniform", "lecun_uniform"},
                                                   {"Ones", "ones"},
                                                   {"Orthogonal", "orthogonal"},
                                                   {"RandomNormal", "random_normal"},
                                                   {"RandomUniform", "random_uniform"},
                                                   {"STFT", "stft"},
                                                   {"TruncatedNormal", "truncated_normal"},
                                                   {"VarianceScaling", "variance_scaling"},
                                                   {"Zeros", "zeros"}});
  EXPECT_THROW(Initializer("nothing"), Error);
}

TEST(Objects, Regularizers) {
  expect_known<Regularizer>("keras.regularizers",
                            {{"L1", "l1"},
                             {"L2", "l2"},
                             {"L1L2", "l1_l2"},
                             {"OrthogonalRegularizer", "orthogonal_regularizer"}});
  EXPECT_THROW(Regularizer("nothing"), Error);
}

TEST(Objects, Constraints) {
  expect_known<Constraint>("keras.constraints", {{"MaxNorm", "max_norm"},
                                                 {"MinMaxNorm", "min_max_norm"},
                                                 {"NonNeg", "non_neg"},
                                                 {"UnitNorm", "unit_norm"}});
  EXPECT_THROW(Constraint("nothing"), Error);
}

TEST(Objects, Activations) {
  const char *names[] = {
      "celu",           "elu",          "exponential", "gelu",        "glu",
      "hard_shrink",    "hard_sigmoid", "hard_silu",   "hard_swish",  "hard_tanh",
      "leaky_relu",     "linear",       "log_sigmoid", "log_softmax", "mish",
      "relu",           "relu6",        "selu",        "sigmoid",     "silu",
      "soft_shrink",    "softmax",      "softplus",    "softsign",    "sparse_plus",
      "sparse_sigmoid", "sparsemax",    "squareplus",  "swish",       "tanh",
      "tanh_shrink"};
  for (const char *name : names) {
    EXPECT_EQ(Activation(name).get_config(), ConfigValue(name));
    ConfigValue function =
        ConfigValue::Dict{{"module", "builtins"}, {"class_name", "function"}, {"config", name}};
    EXPECT_EQ(Activation::from_config(function).get_config(), ConfigValue(name));
  }
  EXPECT_TRUE(Activation::from_config(nullptr).is_linear());
  EXPECT_THROW(Activation("nothing"), Error);
}

/// The value of a regularizer on weights [2, 3].
static double penalty(const ConfigValue &config) {
  Tensor x = Input({3}, {.batch_size = 2});
  struct Penalty : Layer {
    Regularizer regularizer;
    Tensor call(const Tensor &w) override { return ops::reshape(regularizer(w), {1, 1}); }
  };
  auto layer = make_layer<Penalty>();
  layer->regularizer = Regularizer::from_config(config);
  return interpret(Model(x, layer(x)), {numbers({2, 3})}).front().at(0);
}

TEST(Objects, RegularizersAreSumsWithoutAHalf) {
  // Weights -1.5, -0.25, 1, -1, 0.25, 1.5: absolute values 5.5, squares 6.625.
  EXPECT_NEAR(penalty("l1"), 0.055, 1e-6);
  EXPECT_NEAR(penalty("l2"), 0.06625, 1e-6);
  EXPECT_NEAR(penalty(ConfigValue::envelope("keras.regularizers", "L1L2",
                                            ConfigValue::Dict{{"l1", 0.1}, {"l2", 0.2}})),
              0.55 + 1.325, 1e-5);
}
