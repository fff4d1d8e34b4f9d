// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// When the buffers of a driver are in use, and how large they usually are.
#pragma once

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::memory {

/// Bytes to which sizes and offsets are rounded up.
inline constexpr int64_t kAlignment = 64;

/// A buffer and the ops from its first to its last use, in the order of the text. A loop around a
/// use counts as a whole if the buffer was made outside it: the next iteration may use it again.
struct Lifetime {
  kernel::BufferOp buffer;
  int64_t first = 0, last = -1; ///< empty if the buffer is not used
  int64_t nominalBytes = 0;     ///< at usual values of the symbols; rounded, never 0

  bool meets(const Lifetime &other) const { return first <= other.last && other.first <= last; }
};

/// The buffers of a driver, in order. Their sizes are still 0.
std::vector<Lifetime> findLifetimes(mlir::func::FuncOp driver);

/// Sets the sizes.
///
/// **Errors**: a size that is not computed from symbols by arithmetic.
mlir::LogicalResult setNominalBytes(mlir::MutableArrayRef<Lifetime> lifetimes,
                                    mlir::ModuleOp module);

/// The bytes of all buffers for one row of a batch.
int64_t bytesPerRow(mlir::ArrayRef<Lifetime> lifetimes);

/// The most bytes that are alive at once.
int64_t peakBytes(mlir::ArrayRef<Lifetime> lifetimes);

} // namespace horn::memory
