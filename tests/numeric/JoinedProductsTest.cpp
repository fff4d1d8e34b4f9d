// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of one operand that are computed as one, against the interpreter and against the same
// products apart.
#include "tests/numeric/Support.h"

#include <algorithm>

namespace horn::numeric {

static bool is_joined(const CompiledModel &compiled) {
  return std::ranges::any_of(compiled.remarks(), [](const Remark &remark) {
    return remark.applied && remark.pass == "horn-join-products";
  });
}

static Tensor attend(const layers::MultiHeadAttention &layer, const Tensor &query,
                     const Tensor &value) {
  return layer(Arguments::positionals({query, value})).front();
}

TEST(JoinedProducts, projectionsOfAttention) {
  // Columns of the joined product: parts of panels, panels of one to four vectors, several.
  bool bias = false;
  for (auto [heads, depth] : {std::pair(1, 3), {3, 5}, {3, 16}, {4, 16}, {5, 14}}) {
    bias = !bias;
    SCOPED_TRACE(std::to_string(heads) + " heads of " + std::to_string(depth));
    Tensor x = Input({7, 12});
    layers::MultiHeadAttention layer({.num_heads = heads, .key_dim = depth, .use_bias = bias});
    Model model(x, attend(layer, x, x));
    EXPECT_TRUE(is_joined(CompiledModel(model)));
    check_everywhere(model, {1, 5});
  }
}

TEST(JoinedProducts, keysAndValuesOfOthers) {
  Tensor x = Input({None, 12}), y = Input({None, 10});
  layers::MultiHeadAttention self({.num_heads = 2, .key_dim = 8}),
      cross({.num_heads = 2, .key_dim = 8, .value_dim = 24});
  Model model({x, y}, {attend(cross, attend(self, x, x), y)});
  EXPECT_TRUE(is_joined(CompiledModel(model)));
  check_model(model, {1, 0, 6, 13});
}

TEST(JoinedProducts, layersThatAreUsedTwice) {
  Tensor x = Input({9, 16});
  layers::MultiHeadAttention layer({.num_heads = 2, .key_dim = 8});
  Model model(x, attend(layer, attend(layer, x, x), x));
  EXPECT_FALSE(is_joined(CompiledModel(model)));
  check_model(model, {1, 3});
  Model twice(x, attend(layer, attend(layer, x, x), attend(layer, x, x)));
  EXPECT_TRUE(is_joined(CompiledModel(twice)));
  check_model(twice, {1, 3});
}

/// Attention of dense layers on one input; the layers' results are outputs too on wish.
static Model dense_attention(const std::vector<layers::Dense> &dense, const char *dtype,
                             bool returns_all) {
  bool is_double = dtype == std::string("float64");
  Tensor x = Input({33, 20}, {.dtype = is_double ? DType::float64 : DType::float32});
  Tensor q = dense[0](x), v = dense[1](x), k = dense[2](x);
  std::vector<Tensor> outputs{layers::Attention({.dtype = dtype})({q, v, k})};
  if (returns_all)
    outputs.insert(outputs.end(), {q, v, k});
  return Model({x}, outputs);
}

TEST(JoinedProducts, sameBitsAsApart) {
  for (const char *dtype : {"float32", "float64"}) {
    SCOPED_TRACE(dtype);
    std::vector<layers::Dense> dense;
    for (int64_t units : {24, 40, 24})
      dense.push_back(layers::Dense({.units = units, .activation = "relu", .dtype = dtype}));
    Model joined = dense_attention(dense, dtype, false),
          apart = dense_attention(dense, dtype, true);
    std::mt19937 generator(5);
    randomize_weights(apart, generator);
    Arrays inputs = random_inputs(joined, 3, generator);
    CompiledModel one(joined), three(apart);
    ASSERT_TRUE(is_joined(one));
    ASSERT_FALSE(is_joined(three));
    Arrays results = Session(one).run(inputs);
    EXPECT_TRUE(same_bits(results, {Session(three).run(inputs).front()}));
    EXPECT_TRUE(same_bits(run_ahead_of_time(joined, inputs), results));
    for (int threads : {2, 3})
      EXPECT_TRUE(
          same_bits(Session(one, std::make_shared<ThreadPool>(threads)).run(inputs), results));
    EXPECT_TRUE(is_close(results, interpret(joined, inputs, /*in_double=*/true), kRtol, kAtol));
  }
}

} // namespace horn::numeric
