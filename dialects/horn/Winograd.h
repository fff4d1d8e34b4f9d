// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The matrices of Winograd's convolutions F(2x2, 3x3) and F(4x4, 3x3): A. Lavin and S. Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2015 (arXiv 1509.09308), sections 4.1 and 4.3.
// With them
//
//     y = A^T ((G g G^T) * (B^T d B)) A
//
// gives 2 x 2 pixels (4 x 4) of the convolution of a tile d of 4 x 4 (6 x 6) with a 3 x 3 kernel g
// by 16 (36) multiplications, where the sum of products needs 36 (144).
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace horn::ir::winograd {

inline constexpr int64_t kKernel = 3;

/// A matrix in row-major order.
struct Matrix {
  llvm::ArrayRef<double> values;
  int64_t columns;

  int64_t rows() const { return static_cast<int64_t>(values.size()) / columns; }
  llvm::ArrayRef<double> row(int64_t i) const { return values.slice(i * columns, columns); }
};

/// One of the algorithms.
struct Form {
  int64_t pixels;      ///< along one axis, of a tile of the result
  Matrix input;        ///< B^T
  Matrix weights;      ///< a multiple of G whose entries are whole numbers
  double weightsScale; ///< the square of that multiple
  Matrix output;       ///< A^T

  /// Along one axis, of a tile and of the transforms.
  int64_t points() const { return pixels + kKernel - 1; }
  /// Tiles along an axis of the result.
  int64_t numTiles(int64_t size) const { return (size + pixels - 1) / pixels; }
};

inline constexpr double kInput2[] = {
    1, 0,  -1, 0, //
    0, 1,  1,  0, //
    0, -1, 1,  0, //
    0, 1,  0,  -1,
};
inline constexpr double kWeights2[] = {
    2, 0,  0, //
    1, 1,  1, //
    1, -1, 1, //
    0, 0,  2,
};
inline constexpr double kOutput2[] = {
    1, 1, 1,  0, //
    0, 1, -1, -1,
};

inline constexpr double kInput4[] = {
    4, 0,  -5, 0,  1, 0, //
    0, -4, -4, 1,  1, 0, //
    0, 4,  -4, -1, 1, 0, //
    0, -2, -1, 2,  1, 0, //
    0, 2,  -1, -2, 1, 0, //
    0, 4,  0,  -5, 0, 1,
};
inline constexpr double kWeights4[] = {
    6,  0,  0,  //
    -4, -4, -4, //
    -4, 4,  -4, //
    1,  2,  4,  //
    1,  -2, 4,  //
    0,  0,  24,
};
inline constexpr double kOutput4[] = {
    1, 1, 1,  1, 1,  0, //
    0, 1, -1, 2, -2, 0, //
    0, 1, 1,  4, 4,  0, //
    0, 1, -1, 8, -8, 1,
};

/// The algorithm for tiles of `pixels` x `pixels`; null if there is none.
inline const Form *formOf(int64_t pixels) {
  static const Form forms[] = {
      {2, {kInput2, 4}, {kWeights2, kKernel}, 2 * 2, {kOutput2, 4}},
      {4, {kInput4, 6}, {kWeights4, kKernel}, 24 * 24, {kOutput4, 6}},
  };
  for (const Form &form : forms)
    if (form.pixels == pixels)
      return &form;
  return nullptr;
}

} // namespace horn::ir::winograd
