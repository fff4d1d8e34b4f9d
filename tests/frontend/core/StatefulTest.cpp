// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a model remembers between runs.
#include "tests/frontend/core/Support.h"

#include "frontend/emit/CompiledModel.h"

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::test;

namespace {
/// Gives the input of the run before.
struct Delay : Layer {
  void build(const Shape &input) override { last = add_state("last", input, DType::float32); }
  Tensor call(const Tensor &x) override {
    Tensor before = last.read();
    last.assign(x);
    return before;
  }
  Weight last;
};

/// Adds up what it sees, and gives the sums before and after.
struct Totals : Layer {
  void build(const Shape &input) override { total = add_state("total", input, DType::float32); }
  std::vector<Tensor> call_with(const Arguments &arguments) override {
    Tensor before = total.read(), after = before + arguments.inputs().at(0);
    total.assign(after);
    return {before, after};
  }
  Weight total;
};
} // namespace

static Model recurrent(Tensor x, bool stateful) {
  auto gru = layers::GRU({.units = 3, .stateful = stateful, .name = "gru"});
  return Model(x, gru(x));
}

TEST(Stateful, AnOldValueIsNotTheOneAssigned) {
  Tensor x = Input({2}, {.batch_size = 1});
  Model model(x, make_layer<Delay>()(x));
  EXPECT_EQ(elements(model.predict(floats({1, 2}, {1, 2}))), (std::vector<double>{0, 0}));
  EXPECT_EQ(elements(model.predict(floats({1, 2}, {3, 4}))), (std::vector<double>{1, 2}));
  EXPECT_EQ(elements(model.predict(floats({1, 2}, {5, 6}))), (std::vector<double>{3, 4}));
}

TEST(Stateful, BothValuesMayBeOutputs) {
  Tensor x = Input({2}, {.batch_size = 1});
  auto totals = make_layer<Totals>();
  std::vector<Tensor> both = totals.outputs(x);
  Model model(x, TensorStructure(both));
  Array one = floats({1, 2}, {1, 10});
  model.predict({one});
  std::vector<Array> second = model.predict({one});
  EXPECT_EQ(elements(second[0]), (std::vector<double>{1, 10}));
  EXPECT_EQ(elements(second[1]), (std::vector<double>{2, 20}));
}

TEST(Stateful, RecurrentLayersGoOnAndStartAnew) {
  Tensor x = Input({2, 3}, {.batch_size = 1});
  Model model = recurrent(x, true);
  EXPECT_TRUE(model.stateful());
  EXPECT_EQ(model.state_updates().size(), 1u);
  Array step = floats({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  std::vector<double> first = elements(model.predict(step)), second = elements(model.predict(step));
  EXPECT_NE(first, second);
  model.reset_states();
  EXPECT_EQ(elements(model.predict(step)), first);
  EXPECT_EQ(elements(model.predict(step)), second);
  model.get_layer("gru")->reset_states(); // of the layer alone
  EXPECT_EQ(elements(model.predict(step)), first);
}

TEST(Stateful, ResettingTakesNoCompilation) {
  Tensor x = Input({2, 3}, {.batch_size = 1});
  Model model = recurrent(x, true);
  Array step = floats({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  model.predict(step);
  auto compiled = model->compiled();
  model.reset_states();
  model.predict(step);
  EXPECT_EQ(model->compiled(), compiled);
}

TEST(Stateful, AStateMayBeSet) {
  Tensor x = Input({2}, {.batch_size = 1});
  auto delay = make_layer<Delay>();
  Model model(x, delay(x));
  delay->last->assign(floats({1, 2}, {7, 8}));
  EXPECT_EQ(elements(model.predict(floats({1, 2}, {1, 2}))), (std::vector<double>{7, 8}));
  model.reset_states();
  EXPECT_EQ(elements(model.predict(floats({1, 2}, {1, 2}))), (std::vector<double>{0, 0}));
}

TEST(Stateful, ABatchThatIsOpenIsAnError) {
  EXPECT_EQ(message([] { recurrent(Input({2, 3}), true); }),
            "gru: a stateful recurrent layer needs a batch size; expected a fixed first axis, "
            "found shape (None, 2, 3); make the input with Input(shape, {.batch_size = 32})");
  EXPECT_EQ(recurrent(Input({2, 3}), false).stateful(), false);
}
