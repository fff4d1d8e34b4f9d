// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/StructImage.h"

#include "llvm/ADT/STLExtras.h"

namespace horn::backend {

ImageBase::ImageBase(const void *data, size_t count, size_t stride)
    : bytes(static_cast<const char *>(data), count * stride), stride(stride) {}

void ImageBase::setPointer(size_t index, size_t offset, llvm::Constant *address) {
  if (address)
    pointers.push_back({index * stride + offset, address});
}

static llvm::Constant *emitBytes(llvm::LLVMContext &context, llvm::StringRef bytes) {
  return llvm::ConstantDataArray::getRaw(bytes, bytes.size(), llvm::Type::getInt8Ty(context));
}

llvm::GlobalVariable *ImageBase::emit(llvm::Module &module, llvm::StringRef name) const {
  if (bytes.empty())
    return nullptr;
  llvm::LLVMContext &context = module.getContext();
  std::vector<Pointer> sorted = pointers;
  llvm::sort(sorted, [](const Pointer &a, const Pointer &b) { return a.offset < b.offset; });

  llvm::SmallVector<llvm::Constant *> parts;
  size_t done = 0;
  llvm::StringRef all = bytes;
  for (const Pointer &pointer : sorted) {
    if (pointer.offset > done)
      parts.push_back(emitBytes(context, all.slice(done, pointer.offset)));
    parts.push_back(pointer.address);
    done = pointer.offset + sizeof(void *);
  }
  if (done < all.size())
    parts.push_back(emitBytes(context, all.substr(done)));
  llvm::Constant *value = llvm::ConstantStruct::getAnon(context, parts, /*Packed=*/true);
  auto *global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value, name);
  global->setAlignment(llvm::Align(8));
  return global;
}

llvm::Constant *emitText(llvm::Module &module, llvm::StringRef text) {
  llvm::Constant *value = llvm::ConstantDataArray::getString(module.getContext(), text);
  auto *global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value, "text");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  global->setAlignment(llvm::Align(1));
  return global;
}

} // namespace horn::backend
