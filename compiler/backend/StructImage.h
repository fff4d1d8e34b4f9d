// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C structs as constants of an LLVM module: their bytes, with addresses of globals in between.
#pragma once

#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

#include <vector>

namespace horn::backend {

/// An array of values of a C struct, to be made a constant. The compiler's own layout of the struct
/// is used, so that the two cannot come apart; host and target must agree on it.
///
///     StructImage<horn_symbol_info> image(symbols);
///     image.setPointer(0, offsetof(horn_tensor_info, name), text);
///     llvm::Constant *table = image.emit(module, "symbols");
class ImageBase {
public:
  /// Puts an address into element `index`, at `offset` bytes of it; null leaves a null pointer.
  void setPointer(size_t index, size_t offset, llvm::Constant *address);
  /// The array as a private global; null if it has no elements.
  llvm::GlobalVariable *emit(llvm::Module &module, llvm::StringRef name) const;

protected:
  ImageBase(const void *data, size_t count, size_t stride);

private:
  struct Pointer {
    size_t offset;
    llvm::Constant *address;
  };
  std::string bytes;
  size_t stride;
  std::vector<Pointer> pointers; ///< by rising offset
};

template <typename Struct> class StructImage : public ImageBase {
  static_assert(std::is_trivially_copyable_v<Struct> && alignof(Struct) <= 8);

public:
  explicit StructImage(llvm::ArrayRef<Struct> values)
      : ImageBase(values.data(), values.size(), sizeof(Struct)) {}
};

/// A text as a private global that ends with a zero.
llvm::Constant *emitText(llvm::Module &module, llvm::StringRef text);

} // namespace horn::backend
