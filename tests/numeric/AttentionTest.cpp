// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attention as one kernel, against the interpreter, which takes it apart: sizes at the ends of
// tiles, vectors and blocks of keys; masks, biases, factors; what must not become one kernel.
#include "frontend/ops/Attention.h"
#include "tests/numeric/Support.h"

#include <algorithm>
#include <limits>

namespace horn::numeric {

namespace {
const float kInfinity = std::numeric_limits<float>::infinity();

bool is_fused(const CompiledModel &compiled) {
  return std::ranges::any_of(compiled.remarks(), [](const Remark &remark) {
    return remark.applied && remark.pass == "horn-fuse-attention";
  });
}

void check(const Model &model, std::initializer_list<int64_t> batches, bool fused = true) {
  EXPECT_EQ(is_fused(CompiledModel(model)), fused);
  check_model(model, batches);
}

/// Self-attention on a tensor with named arguments.
Tensor attend(const layers::MultiHeadAttention &layer, const Tensor &query, const Tensor &value,
              std::initializer_list<std::pair<const char *, Tensor>> tensors = {},
              bool causal = false) {
  Arguments arguments = Arguments::positionals({query, value});
  for (const auto &[name, tensor] : tensors)
    arguments.with(name, tensor);
  if (causal)
    arguments.with("use_causal_mask", ConfigValue(true));
  return layer(std::move(arguments)).front();
}

/// dot_product_attention on inputs of these sizes, [heads, queries, keys, depth].
struct Sizes {
  int64_t heads, queries, keys, depth;
};
Model product_model(Sizes s, bool bias) {
  Tensor q = Input({s.queries, s.heads, s.depth}), k = Input({s.keys, s.heads, s.depth}),
         v = Input({s.keys, s.heads, s.depth}), b = Input({s.heads, s.queries, s.keys});
  std::vector<Tensor> inputs{q, k, v};
  if (bias)
    inputs.push_back(b);
  return Model(inputs, {ops::dot_product_attention(q, k, v, {.bias = bias ? b : Tensor()})});
}
} // namespace

TEST(Attention, steps) {
  // A block has 256 keys; tiles have 6 rows and up to 64 lanes.
  for (int64_t steps : {1, 2, 9, 16, 31, 64, 65, 130, 257, 520}) {
    SCOPED_TRACE("steps " + std::to_string(steps));
    Tensor x = Input({steps, 12});
    check(Model(x, attend({{.num_heads = 3, .key_dim = 5}}, x, x)), {1, 3});
  }
}

TEST(Attention, depths) {
  for (int64_t depth : {1, 17, 64, 256})
    for (int64_t values : {1, 70}) {
      SCOPED_TRACE("depth " + std::to_string(depth) + ", values " + std::to_string(values));
      Tensor x = Input({20, 6});
      Tensor y = attend({{.num_heads = 2, .key_dim = depth, .value_dim = values}}, x, x);
      check(Model(x, y), {2});
    }
}

TEST(Attention, queriesAndKeysOfOtherNumbers) {
  for (auto [queries, keys] :
       {std::pair(8, 1), {1, 300}, {3, 20}, {70, 3}, {10, 600}, {129, 255}}) {
    SCOPED_TRACE(std::to_string(queries) + " queries, " + std::to_string(keys) + " keys");
    Tensor q = Input({queries, 12}), v = Input({keys, 10});
    check(Model({q, v}, {attend({{.num_heads = 2, .key_dim = 7}}, q, v)}), {1, 3});
  }
}

TEST(Attention, unknownNumberOfSteps) {
  Tensor x = Input({None, 12});
  layers::MultiHeadAttention first({.num_heads = 2, .key_dim = 7}),
      second({.num_heads = 2, .key_dim = 7});
  Tensor y = attend(first, x, x);
  check(Model(x, attend(second, y, y, {}, /*causal=*/true)), {1, 0, 9, 33});
}

TEST(Attention, masks) {
  Tensor ids = Input({70}, {.dtype = DType::int32}), x = Input({70, 10}),
         mask = Input({70, 70}, {.dtype = DType::boolean});
  Tensor embedded = layers::Embedding({.input_dim = 5, .output_dim = 10, .mask_zero = true})(ids);
  for (bool causal : {false, true})
    for (double dropout : {0.0, 0.2}) { // with dropout a mask is a factor of the weights too
      SCOPED_TRACE(std::string(causal ? "causal" : "all") + ", dropout " + std::to_string(dropout));
      layers::MultiHeadAttention padded({.num_heads = 2, .key_dim = 6, .dropout = dropout}),
          next({.num_heads = 2, .key_dim = 6, .dropout = dropout}),
          given({.num_heads = 2, .key_dim = 6, .dropout = dropout});
      Tensor y = attend(padded, embedded, embedded, {}, causal);
      check(Model(ids, attend(next, y, y, {}, causal)), {1, 3});
      check(Model({x, mask}, {attend(given, x, x, {{"attention_mask", mask}}, causal)}), {1, 3});
    }
}

TEST(Attention, slidingWindow) {
  Tensor x = Input({40, 10});
  layers::MultiHeadAttention layer({.num_heads = 2, .key_dim = 6, .sliding_window = 5});
  check(Model(x, attend(layer, x, x)), {1, 3});
}

TEST(Attention, biases) {
  for (Sizes sizes : {Sizes{3, 17, 20, 8}, Sizes{1, 66, 300, 4}}) {
    SCOPED_TRACE(std::to_string(sizes.queries) + " queries");
    check(product_model(sizes, /*bias=*/true), {1, 3});
  }
}

TEST(Attention, otherLayers) {
  Tensor q = Input({30, 16}), v = Input({20, 16});
  check(Model({q, v}, {layers::Attention({.use_scale = true})({q, v})}), {1, 3});
  layers::GroupedQueryAttention grouped(
      {.head_dim = 6, .num_query_heads = 4, .num_key_value_heads = 2});
  Arguments arguments = Arguments::positionals({q, v});
  check(Model({q, v}, {grouped(arguments).front()}), {1, 3});
}

/// Grouped queries: attention of `queries` on `keys` steps, with a value for each head and key
/// added to the scores.
static Model shared_heads(int64_t groups, int64_t repeats, int64_t queries, int64_t keys,
                          DType dtype = DType::float32) {
  int64_t heads = groups * repeats;
  Tensor q = Input({queries, heads, 5}, {.dtype = dtype}),
         k = Input({keys, groups, 5}, {.dtype = dtype}),
         v = Input({keys, groups, 5}, {.dtype = dtype}),
         b = Input({heads, 1, keys}, {.dtype = dtype});
  return Model({q, k, v, b}, {ops::dot_product_attention(q, k, v, {.bias = b})});
}

TEST(Attention, headsThatShareKeys) {
  for (auto [groups, repeats] : {std::pair(1, 4), {2, 3}})
    for (auto [queries, keys] : {std::pair(1, 300), {1, 1}, {70, 20}}) {
      SCOPED_TRACE(std::to_string(groups) + " groups of " + std::to_string(repeats) + ", " +
                   std::to_string(queries) + " queries, " + std::to_string(keys) + " keys");
      check(shared_heads(groups, repeats, queries, keys), {1, 3});
    }
  check(shared_heads(2, 3, 1, 20, DType::float64), {2});
  check(shared_heads(2, 3, 9, 20, DType::float64), {2});
}

TEST(Attention, headsThatShareKeysOfALayer) {
  Tensor x = Input({None, 16}), ids = Input({20}, {.dtype = DType::int32});
  layers::GroupedQueryAttention first(
      {.head_dim = 6, .num_query_heads = 6, .num_key_value_heads = 2, .sliding_window = 7}),
      second({.head_dim = 8, .num_query_heads = 4, .num_key_value_heads = 1, .use_gate = true}),
      padded({.head_dim = 8, .num_query_heads = 4, .num_key_value_heads = 2, .dropout = 0.2});
  auto self = [](const auto &layer, const Tensor &y) {
    Arguments arguments = Arguments::positionals({y, y});
    arguments.with("use_causal_mask", ConfigValue(true));
    return layer(std::move(arguments)).front();
  };
  check(Model(x, self(second, self(first, x))), {1, 0, 9, 33});
  Tensor embedded = layers::Embedding({.input_dim = 5, .output_dim = 16, .mask_zero = true})(ids);
  check(Model(ids, self(padded, embedded)), {1, 3});
}

TEST(Attention, headsThatShareKeysOnEveryMachine) {
  for (int64_t queries : {1, 20}) {
    Model model = shared_heads(2, 3, queries, 70);
    std::mt19937 generator(1);
    Arrays inputs = random_inputs(model, 2, generator);
    Arrays expected = interpret(model, inputs, /*in_double=*/true);
    for (const char *cpu : {"x86-64-v3", "x86-64"}) {
      CompiledModel compiled(model, {.cpu = cpu});
      EXPECT_TRUE(is_close(Session(compiled).run(inputs), expected, kRtol, kAtol)) << cpu;
    }
    CompiledModel compiled(model);
    Arrays whole = Session(compiled).run(inputs);
    EXPECT_TRUE(is_close(whole, expected, kRtol, kAtol));
    EXPECT_TRUE(same_bits(run_ahead_of_time(model, inputs), whole));
    EXPECT_TRUE(same_bits(Session(compiled).run(rows(inputs, 1, 1)), rows(whole, 1, 1)));
  }
}

TEST(Attention, queriesAndKeysThatAreComputed) {
  // Cheap ops that would be copied into the kernel if they made a mask.
  Tensor x = Input({20, 16});
  check(Model(x, {layers::Attention({.use_scale = true})({x + 1, x * 2 - 1})}), {1, 3});
}

TEST(Attention, doublePrecision) {
  Tensor q = Input({20, 2, 5}, {.dtype = DType::float64}),
         k = Input({300, 2, 5}, {.dtype = DType::float64});
  check(Model({q, k}, {ops::dot_product_attention(q, k, k, {})}), {1, 2});
}

TEST(Attention, scoresOfAnySize) {
  // Rows whose first, last or all scores are -infinity, whose scores differ by more than exp can
  // tell, and one with NaN.
  const int64_t queries = 9, keys = 600;
  Model model = product_model({1, queries, keys, 3}, /*bias=*/true);
  std::mt19937 generator(3);
  Arrays inputs = random_inputs(model, 1, generator);
  auto set = [&](int64_t query, int64_t begin, int64_t end, float value) {
    for (int64_t key = begin; key < end; ++key)
      inputs[3].set(static_cast<size_t>(query * keys + key), value);
  };
  set(0, 0, 300, -kInfinity);
  set(1, 300, keys, -kInfinity);
  set(2, 0, keys, -kInfinity);
  set(3, 0, 300, -1e9f);
  set(4, 300, 301, 1e9f);
  set(5, 7, 8, std::numeric_limits<float>::quiet_NaN());
  set(6, 599, 600, kInfinity);
  set(7, 0, keys, -1e30f);
  CompiledModel compiled(model);
  ASSERT_TRUE(is_fused(compiled));
  EXPECT_TRUE(is_close(Session(compiled).run(inputs), interpret(model, inputs), kRtol, kAtol));
}

TEST(Attention, everyInstructionSet) {
  Tensor x = Input({75, 12});
  Model model(x, attend({{.num_heads = 3, .key_dim = 21}}, x, x, {}, /*causal=*/true));
  std::mt19937 generator(1);
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, 2, generator);
  Arrays expected = interpret(model, inputs, /*in_double=*/true);
  for (const char *cpu : {"native", "x86-64-v3", "x86-64-v2", "x86-64"}) {
    CompiledModel compiled(model, {.cpu = cpu});
    EXPECT_TRUE(is_close(Session(compiled).run(inputs), expected, kRtol, kAtol)) << cpu;
  }
}

TEST(Attention, sameBits) {
  Tensor x = Input({70, 12});
  Model model(x, attend({{.num_heads = 3, .key_dim = 5}}, x, x, {}, /*causal=*/true));
  std::mt19937 generator(1);
  randomize_weights(model, generator);
  Arrays inputs = random_inputs(model, 4, generator);
  CompiledModel compiled(model);
  Arrays whole = Session(compiled).run(inputs);
  for (int threads : {2, 3, 5})
    EXPECT_TRUE(
        same_bits(Session(compiled, std::make_shared<ThreadPool>(threads)).run(inputs), whole))
        << threads << " threads";
  for (int64_t row = 0; row < 4; ++row)
    EXPECT_TRUE(same_bits(Session(compiled).run(rows(inputs, row, 1)), rows(whole, row, 1)));
  EXPECT_TRUE(same_bits(run_ahead_of_time(model, inputs), whole));
}

TEST(Attention, staysApart) {
  Tensor x = Input({20, 12}), q = Input({20, 2, 5});
  // Scores that are an output, and deep heads.
  layers::MultiHeadAttention layer({.num_heads = 2, .key_dim = 6});
  Arguments arguments = Arguments::positionals({x, x});
  arguments.with("return_attention_scores", ConfigValue(true));
  check(Model(x, layer(arguments)), {2}, /*fused=*/false);
  check(Model(x, attend({{.num_heads = 2, .key_dim = 257}}, x, x)), {2}, false);
  // The cap is element-wise on the scores: part of the kernel.
  check(Model(q, ops::dot_product_attention(q, q, q, {.soft_cap = 2})), {2});
}

} // namespace horn::numeric
