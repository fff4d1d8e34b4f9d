// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Losses, updates and metrics: recorded, told apart by inputs, evaluated.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace horn;
using namespace horn::test;

namespace {
/// Adds the mean of its input to the losses and metrics, and updates a moving mean.
struct Watch : Layer {
  void build(const Shape &) override {
    moving = add_weight("moving", {}, {.initializer = "zeros", .trainable = false});
  }
  Tensor call(const Tensor &x) override {
    Tensor mean = ops::mean(x);
    add_loss(mean);
    add_metric(2 * mean, "twice");
    add_update(moving, 0.5 * moving.read() + 0.5 * mean);
    return x * 3;
  }
  Weight moving;
};

/// Calls layers that add losses.
struct Block : Layer {
  Handle<Watch> first = make_layer<Watch>(), second = make_layer<Watch>();
  HORN_TRACK(first, second)
  Tensor call(const Tensor &x) override { return second(first(x)); }
};

/// Counts its calls in a state, and gives what it was before.
struct Counter : Layer {
  explicit Counter(bool as_function = false) : as_function(as_function) {}
  void build(const Shape &) override {
    count = add_state("count", {}, DType::float32);
    if (as_function)
      add_update(count, [this] { return count.read() + 1; });
  }
  Tensor call(const Tensor &x) override {
    Tensor before = count.read();
    if (!as_function)
      add_update(count, before + 1);
    return x * 0 + before;
  }
  bool as_function;
  Weight count;
};
} // namespace

static const Array rows = floats({2, 2}, {1, 2, 3, 6});

TEST(AddLoss, OfALayerIsAScalarOfTheGraph) {
  auto watch = make_layer<Watch>();
  Tensor x = Input({2}), y = watch(x);
  ASSERT_EQ(watch->losses().size(), 1u);
  EXPECT_EQ(watch->losses()[0].shape(), Shape());
  EXPECT_EQ(evaluate(x, watch->losses()[0], rows), (std::vector<double>{3}));
  EXPECT_EQ(y.node()->additions().size(), 3u);
}

TEST(AddLoss, ModelHasThoseOfItsCalls) {
  auto watch = make_layer<Watch>();
  Tensor a = Input({2}), b = Input({2});
  Tensor y = watch(watch(a)), other = watch(b);
  Model model(a, y);
  EXPECT_EQ(watch->losses().size(), 3u);
  ASSERT_EQ(model.losses().size(), 2u);
  std::vector<Array> values = Model(a, model.losses()).predict(std::vector<Array>{rows});
  EXPECT_EQ(values[0].at(0), 3);
  EXPECT_EQ(values[1].at(0), 9);
}

TEST(AddLoss, GetLossesForTellsInputsApart) {
  auto watch = make_layer<Watch>();
  auto dense = layers::Dense({.units = 2, .kernel_regularizer = "l2"});
  Tensor a = Input({2}), b = Input({2});
  Tensor y = layers::Add()({watch(a), watch(dense(b))});
  Model model({a, b}, y);
  EXPECT_EQ(model.losses().size(), 3u);
  EXPECT_EQ(model.get_losses_for({a}).size(), 1u);
  EXPECT_EQ(model.get_losses_for({b}).size(), 1u);
  EXPECT_EQ(model.get_losses_for({a, b}).size(), 2u);
  EXPECT_EQ(model.get_losses_for({}).size(), 1u); // the regularizer
  EXPECT_EQ(watch->get_losses_for({a}).size(), 1u);
  EXPECT_EQ(watch->get_losses_for({}).size(), 0u);
  EXPECT_EQ(dense->get_losses_for({b}).size(), 0u);
}

TEST(AddLoss, OfLayersInsideLayersCount) {
  auto block = make_layer<Block>();
  Tensor x = Input({2}), y = block(x);
  ASSERT_EQ(block->losses().size(), 2u);
  EXPECT_EQ(evaluate(x, block->losses()[1], rows), (std::vector<double>{9}));
  EXPECT_EQ(block->updates().size(), 2u);
}

TEST(AddLoss, OfANestedModelAreThoseOfEachCall) {
  Tensor a = Input({2});
  Model inner(a, make_layer<Watch>()(a));
  inner.add_loss(ops::sum(a));
  Tensor b = Input({2}), y = inner(b * 2);
  Model outer(b, y);
  ASSERT_EQ(outer.losses().size(), 2u);
  std::vector<Array> values = Model(b, outer.losses()).predict(std::vector<Array>{rows});
  EXPECT_EQ(values[0].at(0), 6);
  EXPECT_EQ(values[1].at(0), 24);
  EXPECT_EQ(evaluate(a, inner.losses()[1], rows), (std::vector<double>{12}));
}

TEST(AddLoss, OfAModelMustComeFromItsInputs) {
  Tensor x = Input({2}, {.name = "x"}), other = Input({2}, {.name = "other"});
  Model model(x, layers::Dense({.units = 1})(x), {.name = "m"});
  EXPECT_EQ(message([&] { model.add_loss(ops::sum(other)); }).find("m: graph disconnected"), 0u);
  EXPECT_EQ(model.losses().size(), 0u);
  EXPECT_EQ(message([&] { model.add_loss(x); }),
            "m: a loss or metric of a model must be a scalar; expected shape (), found shape "
            "(None, 2); take ops::mean or ops::sum of it");
}

TEST(AddLoss, SurvivesJsonAndSequential) {
  Tensor x = Input({2}, {.name = "x"});
  Model model(x, layers::Dense({.units = 1, .kernel_regularizer = "l1"})(x));
  model.add_loss(ops::mean(ops::square(x)));
  model.add_metric(ops::max(x), "largest");
  Model again = model_from_json(model.to_json());
  ASSERT_EQ(again.losses().size(), 2u);
  ASSERT_EQ(again.metrics().size(), 1u);
  EXPECT_EQ(again.metrics()[0].name, "largest");
  EXPECT_EQ(evaluate(again.inputs()[0], again.get_losses_for(again.inputs())[0], rows),
            (std::vector<double>{12.5}));
  EXPECT_EQ(again.to_json(), model.to_json());

  Sequential stack({make_layer<layers::InputLayer>(layers::InputConfig{.batch_shape = {None, 2}}),
                    make_layer<Watch>()});
  EXPECT_EQ(stack.losses().size(), 1u);
}

TEST(AddLoss, FunctionsCountOnce) {
  auto scale = make_layer<Scale>();
  scale->add_loss([&] { return ops::sum(scale->gamma.read()); });
  Tensor x = Input({2}), y = scale(scale(x));
  ASSERT_EQ(scale->losses().size(), 1u);
  ASSERT_EQ(scale->get_losses_for({}).size(), 1u);
  EXPECT_EQ(evaluate(x, scale->losses()[0], rows), (std::vector<double>{2}));
}

TEST(Regularizer, PenaltiesAreLossesOfTrainableWeights) {
  auto dense = layers::Dense(
      {.units = 2, .kernel_regularizer = Regularizer("l2", ConfigValue::Dict{{"l2", 0.5}})});
  Tensor x = Input({2}), y = dense(x);
  dense->set_weights({floats({2, 2}, {1, 2, 3, 4}), floats({2}, {0, 0})});
  EXPECT_EQ(evaluate(x, Model(x, y).losses().at(0), rows), (std::vector<double>{15}));
  dense->set_trainable(false);
  EXPECT_EQ(dense->losses().size(), 0u);
}

TEST(Regularizer, OfActivitiesIsDividedByTheBatch) {
  auto dense = layers::Dense({.units = 2, .kernel_initializer = "ones"});
  dense->set_activity_regularizer(Regularizer("l1", ConfigValue::Dict{{"l1", 0.1}}));
  Tensor x = Input({2}), y = dense(x);
  EXPECT_NEAR(evaluate(x, dense->losses().at(0), rows)[0], 0.1 * (3 + 3 + 9 + 9) / 2, 1e-6);
  Model again = model_from_json(Model(x, y).to_json());
  EXPECT_EQ(again.losses().size(), 1u);
  Tensor z = layers::ActivityRegularization({.l1 = 0, .l2 = 1})(x);
  EXPECT_EQ(evaluate(x, Model(x, z).losses().at(0), rows), (std::vector<double>{25}));
}

TEST(AddUpdate, IsRecordedWithItsValue) {
  auto watch = make_layer<Watch>();
  Tensor x = Input({2});
  Model model(x, watch(x));
  ASSERT_EQ(model.updates().size(), 1u);
  EXPECT_EQ(model.updates()[0].variable, watch->moving);
  EXPECT_EQ(evaluate(x, model.updates()[0].value, rows), (std::vector<double>{1.5}));
  EXPECT_EQ(model.get_updates_for({x}).size(), 1u);
  EXPECT_EQ(model.get_updates_for({}).size(), 0u);
  EXPECT_EQ(model.state_updates().size(), 0u);
  model.predict(rows); // no training: the moving mean stays
  EXPECT_EQ(watch->moving->value().at(0), 0);
  model.set_trainable(false);
  EXPECT_EQ(model.updates().size(), 0u);
}

TEST(AddUpdate, OfStatesHappensInEachRun) {
  for (bool as_function : {false, true}) {
    Tensor x = Input({1});
    auto counter = make_layer<Counter>(as_function);
    Model model(x, counter(x));
    EXPECT_TRUE(model.stateful());
    ASSERT_EQ(model.state_updates().size(), 1u);
    EXPECT_EQ(model.get_updates_for({}).size(), as_function ? 1u : 0u);
    Array one = floats({1, 1}, {1});
    for (double wanted : {0, 1, 2})
      EXPECT_EQ(model.predict(one).at(0), wanted) << as_function;
    model.reset_states();
    EXPECT_EQ(model.predict(one).at(0), 0);
  }
}

TEST(AddMetric, HasNameAndValue) {
  auto watch = make_layer<Watch>();
  Tensor x = Input({2});
  Model model(x, watch(x));
  ASSERT_EQ(model.metrics().size(), 1u);
  EXPECT_EQ(model.metrics()[0].name, "twice");
  EXPECT_EQ(evaluate(x, watch->metrics()[0].value, rows), (std::vector<double>{6}));
}

TEST(AddLoss, WithinAStepOfALoopIsAnError) {
  struct Cell : layers::RnnCell {
    std::vector<Shape> state_shapes(const Shape &) const override { return {{2}}; }
    ScanStep step(const Tensor &x, const std::vector<Tensor> &states) override {
      add_loss(ops::sum(x));
      return {{x + states[0]}, {x + states[0]}};
    }
  };
  auto rnn = layers::RNN({.cell = make_layer<Cell>(), .name = "rnn"});
  EXPECT_NE(message([&] { rnn(Input({3, 2})); }), "no error");
}
