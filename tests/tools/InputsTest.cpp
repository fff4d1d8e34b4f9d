// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Inputs.h"

#include "frontend/layers/Layers.h"
#include "tools/horn/RandomInputs.h"

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::cli;

static Array zeros(const Shape &shape, DType dtype = DType::float32) { return Array(shape, dtype); }

static Shape fitted(const Shape &given, const Shape &wanted) {
  return fit_array(zeros(given), Tensor(wanted, DType::float32), "test").shape();
}

TEST(FitArray, AddsTheBatchAxis) {
  EXPECT_EQ(fitted({8, 8, 1}, {None, 8, 8, 1}), Shape({1, 8, 8, 1}));
}

TEST(FitArray, AddsALastAxisOfOne) {
  EXPECT_EQ(fitted({5, 24}, {None, 24, 1}), Shape({5, 24, 1}));
  EXPECT_EQ(fitted({8, 8}, {None, 8, 8, 1}), Shape({1, 8, 8, 1}));
}

TEST(FitArray, RowsOfATableTakeTheShapeOfASample) {
  EXPECT_EQ(fitted({3, 64}, {None, 8, 8, 1}), Shape({3, 8, 8, 1}));
  EXPECT_EQ(fitted({3, 64}, {None, None, 16}), Shape({3, 4, 16}));
}

TEST(FitArray, RefusesOtherShapes) {
  EXPECT_THROW(fitted({3, 63}, {None, 8, 8, 1}), Error);
  EXPECT_THROW(fitted({2, 7, 8, 1}, {None, 8, 8, 1}), Error);
}

TEST(FitArray, IntegersMustBeWhole) {
  Tensor input({None}, DType::int32);
  Array array = zeros({1});
  array.set(0, 3);
  EXPECT_EQ(fit_array(array, input, "test").dtype(), DType::int32);
  array.set(0, 0.5);
  EXPECT_THROW(fit_array(array, input, "test"), Error);
  array.set(0, 3e9);
  EXPECT_THROW(fit_array(array, input, "test"), Error);
}

TEST(ParseFactor, TakesQuotients) {
  EXPECT_DOUBLE_EQ(parse_factor("1/255", "--scale"), 1.0 / 255);
  EXPECT_DOUBLE_EQ(parse_factor("0.5", "--scale"), 0.5);
  for (const char *bad : {"", "x", "1/", "1/0", "1/2/3", "nan", "1 "})
    EXPECT_THROW(parse_factor(bad, "--scale"), Error) << bad;
}

TEST(RandomInputs, IntegersStayWithinTheEmbedding) {
  Tensor ids = Input({None}, {.name = "ids", .dtype = DType::int32});
  Tensor y = layers::Embedding({.input_dim = 3, .output_dim = 2})(ids);
  Model model(ids, y);
  EXPECT_EQ(count_of_values(*model.network(), ids), 3);
  Array array = random_inputs(model, 4).at(0);
  EXPECT_EQ(array.shape(), Shape({4, 32}));
  for (int32_t id : array.values<int32_t>())
    EXPECT_TRUE(id >= 0 && id < 3) << id;
}

TEST(RandomInputs, EmbeddingsInNestedModelsCount) {
  Tensor inner = Input({5}, {.dtype = DType::int32});
  Model embed(inner, layers::Embedding({.input_dim = 7, .output_dim = 2})(inner));
  Tensor ids = Input({5}, {.dtype = DType::int32});
  Model model(ids, embed(ids));
  EXPECT_EQ(count_of_values(*model.network(), ids), 7);
}

TEST(RandomInputs, UnknownSizesOfPicturesAre224) {
  Tensor image = Input({None, None, 3});
  Model model(image, layers::GlobalAveragePooling2D()(image));
  EXPECT_EQ(random_inputs(model, std::nullopt).at(0).shape(), Shape({1, 224, 224, 3}));
}
