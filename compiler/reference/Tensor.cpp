// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/reference/Tensor.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/ErrorHandling.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir;

namespace horn::reference {

/// The upper half of a float, rounded to nearest even.
struct BFloat16 {
  BFloat16() = default;
  explicit BFloat16(double value) {
    auto word = llvm::bit_cast<uint32_t>(static_cast<float>(value));
    bits = std::isnan(value) ? 0x7fc0 : (word + 0x7fff + (word >> 16 & 1)) >> 16;
  }
  operator double() const { return llvm::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
  uint16_t bits;
};

/// A bool as one byte.
struct Bool {
  Bool() = default;
  explicit Bool(int64_t value) : byte(value != 0) {}
  operator int64_t() const { return byte != 0; }
  uint8_t byte;
};

/// IEEE's half; by way of float, as kernels compute it.
struct Half {
  Half() = default;
  explicit Half(double value) : half(static_cast<_Float16>(static_cast<float>(value))) {}
  operator double() const { return half; }
  _Float16 half;
};

/// Calls `function` with a value of the type that holds an element in memory.
template <typename Function>
static decltype(auto) dispatchMemory(ElementType type, Function function) {
  switch (type) {
  case ElementType::F32:
    return function(float());
  case ElementType::F64:
    return function(double());
  case ElementType::F16:
    return function(Half());
  case ElementType::BF16:
    return function(BFloat16());
  case ElementType::I1:
    return function(Bool());
  case ElementType::I8:
    return function(int8_t());
  case ElementType::I16:
    return function(int16_t());
  case ElementType::I32:
    return function(int32_t());
  case ElementType::I64:
    return function(int64_t());
  case ElementType::UI8:
    return function(uint8_t());
  case ElementType::UI16:
    return function(uint16_t());
  case ElementType::UI32:
    return function(uint32_t());
  case ElementType::UI64:
    return function(uint64_t());
  }
  llvm_unreachable("unknown element type");
}

unsigned bitWidth(ElementType type) { return type == ElementType::I1 ? 1 : 8 * byteSize(type); }

size_t byteSize(ElementType type) {
  return dispatchMemory(type, [](auto memory) { return sizeof(memory); });
}

ElementType elementTypeOf(Type type) {
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  auto integer = cast<IntegerType>(type);
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 1:
    return ElementType::I1;
  case 8:
    return isUnsigned ? ElementType::UI8 : ElementType::I8;
  case 16:
    return isUnsigned ? ElementType::UI16 : ElementType::I16;
  case 32:
    return isUnsigned ? ElementType::UI32 : ElementType::I32;
  case 64:
    return isUnsigned ? ElementType::UI64 : ElementType::I64;
  }
  llvm_unreachable("not an element type of the horn dialect");
}

template <typename T> T lowestOf(ElementType type) {
  if constexpr (std::is_same_v<T, double>)
    return -std::numeric_limits<double>::infinity();
  else if (isUnsigned(type) || type == ElementType::I1)
    return 0;
  else
    return static_cast<T>(std::numeric_limits<int64_t>::min() >> (64 - bitWidth(type)));
}

template <typename T> T highestOf(ElementType type) {
  if constexpr (std::is_same_v<T, double>)
    return std::numeric_limits<double>::infinity();
  else if (type == ElementType::I1)
    return 1;
  else
    return static_cast<T>(~uint64_t(0) >> (64 - bitWidth(type) + (isUnsigned(type) ? 0 : 1)));
}

template double lowestOf(ElementType);
template int64_t lowestOf(ElementType);
template uint64_t lowestOf(ElementType);
template double highestOf(ElementType);
template int64_t highestOf(ElementType);
template uint64_t highestOf(ElementType);

int64_t countOf(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

Tensor::Tensor(ElementType element, ArrayRef<int64_t> shape) : element(element), shape(shape) {
  if (isFloat(element))
    reals.resize(count());
  else
    integers.resize(count());
}

void roundToElement(Tensor &tensor) {
  if (tensor.element == ElementType::F64 || tensor.element == ElementType::I64 ||
      tensor.element == ElementType::UI64)
    return;
  dispatchMemory(tensor.element, [&](auto memory) {
    for (double &value : tensor.reals)
      value = static_cast<double>(decltype(memory)(value));
    for (int64_t &value : tensor.integers)
      value = static_cast<int64_t>(decltype(memory)(value));
  });
}

Tensor fromBytes(ElementType element, ArrayRef<int64_t> shape, const void *bytes) {
  Tensor tensor(element, shape);
  dispatchMemory(element, [&](auto memory) {
    auto *source = static_cast<const char *>(bytes);
    auto read = [&](auto &value) {
      std::memcpy(&memory, source, sizeof(memory));
      value = static_cast<std::decay_t<decltype(value)>>(memory);
      source += sizeof(memory);
    };
    llvm::for_each(tensor.reals, read);
    llvm::for_each(tensor.integers, read);
  });
  return tensor;
}

std::vector<char> toBytes(const Tensor &tensor) {
  std::vector<char> bytes(tensor.count() * byteSize(tensor.element));
  dispatchMemory(tensor.element, [&](auto memory) {
    char *target = bytes.data();
    auto write = [&](auto value) {
      memory = decltype(memory)(value);
      std::memcpy(target, &memory, sizeof(memory));
      target += sizeof(memory);
    };
    llvm::for_each(tensor.reals, write);
    llvm::for_each(tensor.integers, write);
  });
  return bytes;
}

FailureOr<Tensor> fromAttribute(ElementsAttr attribute) {
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense)
    return failure();
  Tensor tensor(elementTypeOf(dense.getElementType()), dense.getType().getShape());
  if (isFloat(tensor.element)) {
    for (auto [i, value] : llvm::enumerate(dense.getValues<APFloat>()))
      tensor.reals[i] = value.convertToDouble();
    return tensor;
  }
  bool isSigned = !isUnsigned(tensor.element) && tensor.element != ElementType::I1;
  for (auto [i, value] : llvm::enumerate(dense.getValues<APInt>()))
    tensor.integers[i] =
        isSigned ? value.getSExtValue() : static_cast<int64_t>(value.getZExtValue());
  return tensor;
}

} // namespace horn::reference
