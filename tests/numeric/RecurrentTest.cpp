// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recurrent layers at the edges of their kernels: units around whole vectors, rows around whole
// tiles, gates in every number, and all that a layer may do with its states.
#include "tests/numeric/Support.h"

namespace horn::numeric {

namespace {
/// A layer by the name of a Keras class.
struct Kind {
  const char *name;
  std::function<Tensor(const Tensor &, int64_t units)> apply;
};
} // namespace

static const std::vector<Kind> &kinds() {
  static const std::vector<Kind> all = {
      {"LSTM",
       [](const Tensor &x, int64_t units) {
         return layers::LSTM({.units = units, .return_sequences = true})(x);
       }},
      {"GRU",
       [](const Tensor &x, int64_t units) {
         return layers::GRU({.units = units, .return_sequences = true})(x);
       }},
      {"GRU, reset before",
       [](const Tensor &x, int64_t units) {
         return layers::GRU({.units = units, .reset_after = false, .return_sequences = true})(x);
       }},
      {"SimpleRNN",
       [](const Tensor &x, int64_t units) {
         return layers::SimpleRNN({.units = units, .return_sequences = true})(x);
       }},
  };
  return all;
}

TEST(Recurrent, units) {
  for (const Kind &kind : kinds())
    for (int64_t units : {1, 3, 15, 16, 17, 33, 70}) {
      SCOPED_TRACE(std::string(kind.name) + ", " + std::to_string(units) + " units");
      Tensor x = Input({3, 5});
      check_model(Model(x, kind.apply(x, units)), {1, 0, 5, 6, 7, 13});
    }
}

TEST(Recurrent, enoughWorkForATeam) {
  // From some hundred units on two threads share a step, by units and with many rows by both.
  for (const Kind &kind : kinds()) {
    SCOPED_TRACE(kind.name);
    Tensor x = Input({4, 3});
    check_model(Model(x, kind.apply(layers::Rescaling({.scale = 0.1})(x), 250)), {1, 2, 16, 45});
  }
}

TEST(Recurrent, stepsAreUnknown) {
  for (const Kind &kind : kinds()) {
    SCOPED_TRACE(kind.name);
    Tensor x = Input({None, 4});
    check_model(Model(x, kind.apply(kind.apply(x, 18), 7)), {1, 2, 5});
  }
}

TEST(Recurrent, masks) {
  for (bool sequences : {false, true})
    for (bool zeros : {false, true}) {
      SCOPED_TRACE(std::to_string(sequences) + std::to_string(zeros));
      Tensor tokens = Input({6}, {.dtype = DType::int32});
      Tensor x = layers::Embedding({.input_dim = 5, .output_dim = 4, .mask_zero = true})(tokens);
      Tensor a = layers::LSTM({.units = 19,
                               .return_sequences = sequences,
                               .go_backwards = true,
                               .zero_output_for_mask = zeros})(x);
      Tensor b = layers::GRU(
          {.units = 19, .return_sequences = sequences, .zero_output_for_mask = zeros})(x);
      Tensor c = layers::GRU({.units = 19,
                              .reset_after = false,
                              .return_sequences = sequences,
                              .zero_output_for_mask = zeros})(x);
      Tensor d = layers::SimpleRNN(
          {.units = 19, .return_sequences = sequences, .zero_output_for_mask = zeros})(x);
      check_model(Model({tokens}, {a, b, c, d}), {1, 7});
    }
}

TEST(Recurrent, otherFunctions) {
  for (const char *activation : {"relu", "linear", "gelu", "softmax"})
    for (const char *gate : {"hard_sigmoid", "linear", "softmax"}) {
      SCOPED_TRACE(std::string(activation) + ", " + gate);
      Tensor x = Input({3, 5});
      Tensor a = layers::LSTM(
          {.units = 20, .activation = activation, .recurrent_activation = gate, .use_bias = false})(
          x);
      Tensor b = layers::GRU(
          {.units = 20, .activation = activation, .recurrent_activation = gate, .use_bias = false})(
          x);
      check_model(Model({x}, {a, b}), {1, 6});
    }
}

TEST(Recurrent, doubles) {
  Tensor x = Input({3, 5}, {.dtype = DType::float64});
  Tensor a = layers::LSTM({.units = 9, .return_sequences = true, .dtype = "float64"})(x);
  check_model(Model(x, layers::GRU({.units = 21, .dtype = "float64"})(a)), {1, 6, 7});
}

TEST(Recurrent, sameBitsForAnyNumberOfThreads) {
  Tensor x = Input({9, 20});
  Tensor a = layers::LSTM({.units = 300, .return_sequences = true})(x);
  Tensor b =
      layers::Bidirectional({.layer = layers::LSTM({.units = 40, .return_sequences = true})})(x);
  Tensor y = layers::GRU({.units = 200})(layers::Concatenate()({a, b}));
  Model model(x, y);
  CompiledModel compiled(model);
  std::mt19937 generator(3);
  for (int64_t batch : {1, 13, 40}) {
    Arrays inputs = random_inputs(model, batch, generator), alone = Session(compiled).run(inputs);
    for (int threads : {2, 3, 5}) {
      Session session(compiled, std::make_shared<ThreadPool>(threads));
      for (int run = 0; run < 3; ++run)
        ASSERT_TRUE(same_bits(session.run(inputs), alone)) << batch << ", " << threads;
    }
    for (int64_t row = 0; row < batch; row += 5)
      ASSERT_TRUE(same_bits(Session(compiled).run(rows(inputs, row, 1)), rows(alone, row, 1)))
          << "row " << row;
  }
}

TEST(Recurrent, rowsApart) {
  // Threads have rows of their own from eight rows on, in blocks of all sizes around a tile.
  for (const Kind &kind : kinds()) {
    SCOPED_TRACE(kind.name);
    Tensor x = Input({6, 5});
    check_everywhere(Model(x, kind.apply(layers::Rescaling({.scale = 0.3})(x), 35)),
                     {7, 8, 9, 13, 16, 24, 25, 33, 64, 100});
  }
}

TEST(Recurrent, directionsSideBySide) {
  // Enough work for two threads from 20 units on, with too little in a step to split it, and with
  // enough.
  for (const char *merge : {"concat", "sum", "mul", "ave"})
    for (bool sequences : {false, true})
      for (int64_t units : {5, 20, 33}) {
        SCOPED_TRACE(std::string(merge) + (sequences ? ", sequences, " : ", ") +
                     std::to_string(units) + " units");
        Tensor x = Input({90, 6});
        Tensor a = layers::Bidirectional(
            {.layer = layers::LSTM({.units = units, .return_sequences = sequences}),
             .merge_mode = merge})(x);
        Tensor b = layers::Bidirectional(
            {.layer = layers::GRU({.units = units, .return_sequences = sequences}),
             .merge_mode = merge})(x);
        check_model(Model({x}, {a, b}), {1, 7});
      }
}

TEST(Recurrent, directionsGoTheOtherWay) {
  Tensor tokens = Input({None}, {.dtype = DType::int32});
  Tensor x = layers::Embedding({.input_dim = 5, .output_dim = 4, .mask_zero = true})(tokens);
  std::vector<Tensor> all =
      layers::Bidirectional(
          {.layer = layers::LSTM(
               {.units = 21, .return_sequences = true, .return_state = true, .go_backwards = true}),
           .merge_mode = nullptr})
          .outputs(x);
  Tensor last = layers::Bidirectional(
      {.layer = layers::LSTM({.units = 7}),
       .backward_layer = layers::GRU({.units = 9, .go_backwards = true})})(all[0]);
  all.push_back(last);
  check_model(Model({tokens}, all), {1, 0, 30});
}

TEST(Recurrent, branchesSideBySide) {
  // Loops of one and of different lengths, cells of several kinds, and more loops than threads.
  Tensor x = Input({30, 5}), y = Input({17, 5});
  std::vector<Tensor> all;
  for (const Kind &kind : kinds())
    for (const Tensor &input : {x, y})
      all.push_back(layers::GlobalAveragePooling1D()(kind.apply(kind.apply(input, 18), 10)));
  Tensor joined = layers::Concatenate()(all);
  Model model({x, y}, {joined});
  check_model(model, {1, 2, 9});
  Tensor a = layers::Rescaling({.scale = 0.1})(x), b = layers::Rescaling({.scale = 0.1})(y);
  check_model(Model({x, y}, {all[0], kinds()[0].apply(a, 150), kinds()[1].apply(b, 150)}), {1, 9});
}

TEST(Recurrent, onOtherMachines) {
  // Panels are as wide as the machine's vectors.
  Tensor x = Input({4, 6});
  Tensor a = layers::LSTM({.units = 37, .return_sequences = true})(x);
  check_everywhere(Model(x, layers::SimpleRNN({.units = 11})(
                                layers::GRU({.units = 18, .return_sequences = true})(a))),
                   {1, 4, 9});
}

TEST(Recurrent, aheadOfTime) {
  std::mt19937 generator(4);
  Tensor x = Input({25, 8});
  Tensor y = layers::Bidirectional({.layer = layers::LSTM({.units = 130})})(x);
  Model model(x, layers::Dense({.units = 3})(y));
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, 7, generator);
  Arrays jit = Session(CompiledModel(model)).run(inputs);
  EXPECT_TRUE(same_bits(run_ahead_of_time(model, inputs), jit));
  EXPECT_TRUE(same_bits(run_ahead_of_time(model, inputs, std::make_shared<ThreadPool>(2)), jit));
}

} // namespace horn::numeric
