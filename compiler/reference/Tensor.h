// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors of the reference interpreter: every float is stored as a double and every integer as 64
// bits, so that an op is one loop for all element types. Rounding to the element type is a step
// apart.
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <type_traits>
#include <vector>

namespace horn::reference {

enum class ElementType : uint8_t {
  F32,
  F64,
  F16,
  BF16,
  I1,
  I8,
  I16,
  I32,
  I64,
  UI8,
  UI16,
  UI32,
  UI64
};

/// Whether elements are floating-point numbers.
inline bool isFloat(ElementType type) { return type <= ElementType::BF16; }
/// Whether elements are unsigned integers; bools are not.
inline bool isUnsigned(ElementType type) { return type >= ElementType::UI8; }
/// Width in bits; 1 for bools.
unsigned bitWidth(ElementType type);
/// The size of one element as raw bytes; a bool takes one byte.
size_t byteSize(ElementType type);
/// The element type of an MLIR type of the horn dialect.
ElementType elementTypeOf(mlir::Type type);
/// The smallest and the largest number of an element type; infinities for floats.
template <typename T> T lowestOf(ElementType type);
template <typename T> T highestOf(ElementType type);

using Shape = llvm::SmallVector<int64_t, 4>;

/// The product of sizes.
int64_t countOf(llvm::ArrayRef<int64_t> shape);

/// A tensor by value, row-major.
struct Tensor {
  Tensor() = default;
  /// A tensor of zeros.
  Tensor(ElementType element, llvm::ArrayRef<int64_t> shape);

  int64_t count() const { return countOf(shape); }
  /// The elements as double, int64_t or uint64_t; the first for floats alone, the others for
  /// integers.
  template <typename T> T *data();
  template <typename T> const T *data() const { return const_cast<Tensor *>(this)->data<T>(); }

  ElementType element = ElementType::F32;
  Shape shape;
  std::vector<double> reals;     ///< the elements of floats
  std::vector<int64_t> integers; ///< the elements of all others; a ui64 as its bits
};

template <typename T> T *Tensor::data() {
  if constexpr (std::is_same_v<T, double>)
    return reals.data();
  else
    return reinterpret_cast<T *>(integers.data());
}

/// Calls `function` with a zero of the type that holds a tensor's elements: double or int64_t.
template <typename Function>
decltype(auto) dispatchStorage(ElementType element, Function function) {
  return isFloat(element) ? function(double()) : function(int64_t());
}
/// Likewise with uint64_t for unsigned integers, for ops that differ by sign.
template <typename Function> decltype(auto) dispatchSigned(ElementType element, Function function) {
  if (isUnsigned(element))
    return function(uint64_t());
  return dispatchStorage(element, function);
}

/// Rounds each element to the element type: floats to nearest even, integers modulo their width,
/// bools to whether they are not 0.
void roundToElement(Tensor &tensor);

/// A tensor from its elements as raw bytes, little-endian.
Tensor fromBytes(ElementType element, llvm::ArrayRef<int64_t> shape, const void *bytes);
/// The elements as raw bytes, little-endian; a bool is one byte.
std::vector<char> toBytes(const Tensor &tensor);
/// The value of a constant.
mlir::FailureOr<Tensor> fromAttribute(mlir::ElementsAttr attribute);

} // namespace horn::reference
