// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tables of op functions, one table an op family. Internal to the interpreter.
#pragma once

#include "compiler/reference/Tensor.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"

namespace horn::reference {

using Inputs = llvm::ArrayRef<const Tensor *>;

/// Computes the result of an op. The result comes with its shape and filled with zeros; the
/// interpreter rounds it to its element type afterwards.
using Kernel = void (*)(mlir::Operation *op, Inputs inputs, Tensor &result);
/// From an op's name ("horn.add") to its function.
using KernelTable = llvm::StringMap<Kernel>;

void addUnaryKernels(KernelTable &table);
void addBinaryKernels(KernelTable &table);
void addMoveKernels(KernelTable &table);
void addLookupKernels(KernelTable &table);
void addReduceKernels(KernelTable &table);
void addOrderKernels(KernelTable &table);
void addContractionKernels(KernelTable &table);

/// A kernel from a function that takes the op by its class.
template <auto function> struct KernelOf;
template <typename OpT, void (*function)(OpT, Inputs, Tensor &)> struct KernelOf<function> {
  static void run(mlir::Operation *op, Inputs inputs, Tensor &result) {
    function(llvm::cast<OpT>(op), inputs, result);
  }
  static void addTo(KernelTable &table) { table[OpT::getOperationName()] = run; }
};
/// Enters functions that take their op by its class into a table.
template <auto... functions> void addKernels(KernelTable &table) {
  (KernelOf<functions>::addTo(table), ...);
}

/// x as the element-wise maximum and minimum take it: NaN if one is NaN.
template <typename T> T maximum(T a, T b) {
  if constexpr (std::is_same_v<T, double>)
    if (a != a || b != b)
      return a + b;
  return a > b ? a : b;
}
template <typename T> T minimum(T a, T b) {
  if constexpr (std::is_same_v<T, double>)
    if (a != a || b != b)
      return a + b;
  return b < a ? b : a;
}
/// Sums and products; of integers modulo 2^64.
template <typename T> T add(T a, T b) {
  if constexpr (std::is_same_v<T, double>)
    return a + b;
  else
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
template <typename T> T multiply(T a, T b) {
  if constexpr (std::is_same_v<T, double>)
    return a * b;
  else
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

} // namespace horn::reference
