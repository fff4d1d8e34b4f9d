// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What layers ask of their inputs.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

using namespace horn;
using namespace horn::test;

namespace {
struct Picky : Layer {
  explicit Picky(InputSpec spec) : Layer("picky") { input_spec_ = {std::move(spec)}; }
  Tensor call(const Tensor &x) override { return x + 1; }
};

std::string call(const InputSpec &spec, const Shape &shape, DType dtype = DType::float32) {
  return message([&] { make_layer<Picky>(spec)(Input(shape, {.dtype = dtype})); });
}
} // namespace

static const std::string start = "picky: input 0 is incompatible with the layer; expected ";

TEST(InputSpec, Rank) {
  EXPECT_EQ(call({.ndim = 2}, {3}), "no error");
  EXPECT_EQ(call({.ndim = 3}, {3}), start + "ndim=3, found ndim=2, full shape (None, 3)");
  EXPECT_EQ(call({.min_ndim = 3}, {3}), start + "min_ndim=3, found ndim=2, full shape (None, 3)");
  EXPECT_EQ(call({.max_ndim = 1}, {3}), start + "max_ndim=1, found ndim=2, full shape (None, 3)");
}

TEST(InputSpec, Axes) {
  EXPECT_EQ(call({.axes = {{-1, 4}}}, {4}), "no error");
  EXPECT_EQ(call({.axes = {{-1, 4}}}, {None}), "no error");
  EXPECT_EQ(call({.axes = {{-1, 4}}}, {3}),
            start + "axis -1 to have value 4, found shape (None, 3)");
}

TEST(InputSpec, Shape) {
  EXPECT_EQ(call({.shape = Shape{None, 4}}, {4}), "no error");
  EXPECT_EQ(call({.shape = Shape{None, 4}}, {5}), start + "shape=(None, 4), found shape=(None, 5)");
  EXPECT_EQ(call({.shape = Shape{None, 4, 4}}, {4}),
            start + "shape=(None, 4, 4), found shape=(None, 4)");
}

TEST(InputSpec, Type) {
  EXPECT_EQ(call({.dtype = DType::int32}, {3}, DType::int32), "no error");
  EXPECT_EQ(call({.dtype = DType::int32}, {3}), start + "dtype=int32, found dtype=float32");
}

TEST(InputSpec, BuiltLayersAskForWhatTheyWereBuiltFor) {
  auto dense = layers::Dense({.units = 2, .name = "d"});
  dense(Input({4}));
  ASSERT_EQ(dense->input_spec().size(), 1u);
  EXPECT_EQ(dense->input_spec()[0].axes.at(-1), 4);
  EXPECT_EQ(message([&] { dense(Input({5})); }),
            "d: input 0 is incompatible with the layer; expected axis -1 to have value 4, found "
            "shape (None, 5)");
}
