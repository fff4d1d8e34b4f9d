// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The training flag and what depends on it.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::test;

namespace {
/// Doubles in training.
struct Doubling : Layer {
  Tensor call(const Tensor &x) override {
    return ops::in_train_phase([&] { return x * 2; }, [&] { return x; });
  }
};

/// Calls a layer with a flag of its own.
struct Always : Layer {
  explicit Always(LayerPtr inner, const char *name = "") : Layer(name), inner(std::move(inner)) {}
  Tensor call(const Tensor &x) override {
    return (*inner)(Arguments(x).with("training", true)).front();
  }
  LayerPtr inner;
};
} // namespace

static const Array one = floats({1, 1}, {1});

TEST(TrainPhase, PredictIsNoTraining) {
  auto layer = make_layer<Doubling>();
  Tensor x = Input({1}), y = layer(x);
  EXPECT_EQ(evaluate(x, y, one), (std::vector<double>{1}));
  EXPECT_TRUE(layer->uses_learning_phase());
  EXPECT_TRUE(Model(x, y).uses_learning_phase());
  EXPECT_FALSE(Model(x, layers::Dense({.units = 1})(x)).uses_learning_phase());
}

TEST(TrainPhase, ACallWithinALayerMayAskForIt) {
  Tensor x = Input({1});
  EXPECT_EQ(evaluate(x, make_layer<Always>(make_layer<Doubling>())(x), one),
            (std::vector<double>{2}));
}

TEST(TrainPhase, TheModelsFlagOverridesThatOfAGraphsCalls) {
  Tensor x = Input({1});
  Tensor y = make_layer<Doubling>()(Arguments(x).with("training", true)).front();
  EXPECT_TRUE(y.node()->arguments().flag("training", false));
  EXPECT_EQ(evaluate(x, y, one), (std::vector<double>{1}));
}

TEST(TrainPhase, LayersWithoutTrainingSaySo) {
  LayerPtr dropout = layers::Dropout({.rate = 0.5, .name = "dropout"});
  Tensor x = Input({1});
  auto always = make_layer<Always>(dropout, "always");
  EXPECT_EQ(message([&] { always(x); }),
            "always/dropout: Dropout in training is not supported yet; "
            "expected training=false");
  Tensor y = (*dropout)(x).front();
  EXPECT_TRUE(dropout->uses_learning_phase());
  LayerPtr norm = layers::BatchNormalization();
  (*norm)(x);
  EXPECT_EQ(norm->inbound_nodes().size(), 0u); // nobody kept the output
}
