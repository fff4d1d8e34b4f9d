// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays over spans and views, and views of arrays: the same memory, seen differently.
#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

using namespace horn;
using horn::test::message;

namespace {
/// A matrix by columns with the members that every mdspan has.
struct ColumnMajor {
  using element_type = const double;
  static constexpr size_t rank() { return 2; }
  const double *data_handle() const { return data; }
  size_t extent(size_t axis) const { return axis == 0 ? rows : columns; }
  size_t stride(size_t axis) const { return axis == 0 ? 1 : rows; }
  const double *data;
  size_t rows, columns;
};
} // namespace

TEST(ArrayViews, AnArrayOverASpanIsTheSpan) {
  std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
  Array array = Array::over(std::span(numbers), {2, 3});
  EXPECT_EQ(array.bytes(), reinterpret_cast<std::byte *>(numbers.data()));
  EXPECT_EQ(array.dtype(), DType::float32);
  numbers[5] = 7;
  EXPECT_EQ(array.at(5), 7);
  array.values<float>()[0] = 9;
  EXPECT_EQ(numbers[0], 9);
}

TEST(ArrayViews, TheOwnerLivesAsLongAsTheLastCopy) {
  auto numbers = std::make_shared<std::vector<int32_t>>(4, 5);
  std::weak_ptr<std::vector<int32_t>> watched = numbers;
  Array copy;
  {
    Array array = Array::over(std::span(*numbers), {4}, numbers);
    copy = array.reshape({2, 2});
  }
  numbers.reset();
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(copy.at(3), 5);
  copy = Array();
  EXPECT_TRUE(watched.expired());
}

TEST(ArrayViews, ASpanMustFitTheShape) {
  std::vector<float> numbers(5);
  EXPECT_EQ(message([&] { Array::over(std::span(numbers), {2, 3}); }),
            "wrong number of values for shape (2, 3); expected 6, found 5");
  EXPECT_EQ(message([&] { Array::over(std::span(numbers), {None, 5}); }),
            "wrong number of values for shape (None, 5); expected known dimensions, found 5");
}

TEST(ArrayViews, AViewWritesToTheArray) {
  Array array({2, 3}, DType::float32);
  StridedView<float, 2> view = array.view<float, 2>();
  view(1, 2) = 4;
  view[{0, 1}] = 3;
  EXPECT_EQ(array.at(5), 4);
  EXPECT_EQ(array.at(1), 3);
  EXPECT_EQ(view.extent(1), 3);
  EXPECT_EQ(view.stride(0), 3);
  EXPECT_EQ(view.at(1)(2), 4);
  EXPECT_EQ((array.view<const float, 2>()(1, 2)), 4);
}

TEST(ArrayViews, RankAndTypeOfAViewAreTheArrays) {
  Array array({2, 3}, DType::float32);
  EXPECT_EQ(message([&] { array.view<float, 1>(); }),
            "wrong number of axes of an array; expected 1, found 2 in (2, 3)");
  EXPECT_EQ(message([&] { array.view<double, 2>(); }),
            "wrong element type of an array; expected float64, found float32");
}

TEST(ArrayViews, AnArrayOverADenseView) {
  std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
  StridedView<float, 2> view(numbers.data(), {3, 2});
  Array array = Array::over(view);
  EXPECT_EQ(array.shape(), (Shape{3, 2}));
  EXPECT_EQ(array.bytes(), reinterpret_cast<std::byte *>(numbers.data()));
  // A row of a matrix is dense, a column is not; strides of axes of one element say nothing.
  EXPECT_EQ(Array::over(view.at(2)).at(1), 6);
  EXPECT_EQ(Array::over(StridedView<float, 2>(&numbers[1], {1, 3}, {99, 1})).at(2), 4);
  EXPECT_EQ(message([&] { Array::over(StridedView<float, 1>(numbers.data(), {3}, {2})); }),
            "a view of shape (3,) is not dense; expected row-major elements without gaps; "
            "Array::copy_of(view) makes a dense copy");
}

TEST(ArrayViews, CopiesOfAnyStrides) {
  std::vector<double> numbers = {1, 2, 3, 4, 5, 6};
  Array array = Array::copy_of(ColumnMajor{numbers.data(), 2, 3});
  ASSERT_EQ(array.shape(), (Shape{2, 3}));
  std::vector<double> wanted = {1, 3, 5, 2, 4, 6};
  EXPECT_TRUE(std::ranges::equal(array.values<double>(), wanted));
  Array reversed = Array::copy_of(StridedView<double, 1>(&numbers[5], {3}, {-2}));
  EXPECT_EQ(reversed.at(0), 6);
  EXPECT_EQ(reversed.at(2), 2);
  EXPECT_EQ(Array::copy_of(StridedView<double, 2>(nullptr, {0, 3})).size(), 0u);
}

TEST(ArrayViews, ViewsOfMdspans) {
  std::vector<double> numbers = {1, 2, 3, 4, 5, 6};
  StridedView<const double, 2> view(ColumnMajor{numbers.data(), 2, 3});
  EXPECT_EQ(view(1, 2), 6);
  EXPECT_EQ(view(1, 0), 2);
  EXPECT_FALSE(view.is_row_major());
}
