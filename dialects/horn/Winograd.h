// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The matrices of Winograd's convolution F(4x4, 3x3): A. Lavin and S. Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2015 (arXiv 1509.09308), section 4.3. With them
//
//     y = A^T ((G g G^T) * (B^T d B)) A
//
// gives 4 x 4 pixels of the convolution of a 6 x 6 tile d with a 3 x 3 kernel g by 36
// multiplications, where the sum of products needs 144.
#pragma once

#include <cstdint>

namespace horn::ir::winograd {

inline constexpr int64_t kPoints = 6; ///< along one axis, of a tile and of the transforms
inline constexpr int64_t kPixels = 4; ///< along one axis, of a tile of the result
inline constexpr int64_t kKernel = 3;

inline constexpr double kInput[kPoints][kPoints] = {
    {4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1},
}; ///< B^T
inline constexpr double kWeights[kPoints][kKernel] = {
    {6, 0, 0}, {-4, -4, -4}, {-4, 4, -4}, {1, 2, 4}, {1, -2, 4}, {0, 0, 24},
}; ///< 24 G, whose entries are whole numbers
inline constexpr double kWeightsScale = 24 * 24;
inline constexpr double kOutput[kPixels][kPoints] = {
    {1, 1, 1, 1, 1, 0},
    {0, 1, -1, 2, -2, 0},
    {0, 1, 1, 4, 4, 0},
    {0, 1, -1, 8, -8, 1},
}; ///< A^T

/// Tiles along an axis of the result.
constexpr int64_t numTiles(int64_t size) { return (size + kPixels - 1) / kPixels; }

} // namespace horn::ir::winograd
