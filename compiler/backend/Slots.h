// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays of 8-byte slots, in which launches and teams pass pointers and i64.
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace horn::backend {

inline constexpr int64_t kSlotBytes = 8;
static_assert(sizeof(void *) == kSlotBytes && sizeof(int64_t) == kSlotBytes);

inline mlir::Type pointerType(mlir::MLIRContext *context) {
  return mlir::LLVM::LLVMPointerType::get(context);
}

inline mlir::Value addressAt(mlir::OpBuilder &b, mlir::Location loc, mlir::Value base,
                             int64_t bytes) {
  if (bytes == 0)
    return base;
  return mlir::LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base,
                                   llvm::ArrayRef<mlir::LLVM::GEPArg>(static_cast<int32_t>(bytes)));
}

inline mlir::Value loadAt(mlir::OpBuilder &b, mlir::Location loc, mlir::Value base, int64_t bytes,
                          mlir::Type type) {
  return mlir::LLVM::LoadOp::create(b, loc, type, addressAt(b, loc, base, bytes), kSlotBytes);
}

/// Stores a pointer or i64 in slot number `slot`.
inline void storeSlot(mlir::OpBuilder &b, mlir::Location loc, mlir::Value value, mlir::Value slots,
                      int64_t slot) {
  mlir::LLVM::StoreOp::create(b, loc, value, addressAt(b, loc, slots, slot * kSlotBytes),
                              kSlotBytes);
}

/// `count` slots on the stack.
inline mlir::Value allocateSlots(mlir::OpBuilder &b, mlir::Location loc, size_t count) {
  mlir::Value size = mlir::LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(count));
  return mlir::LLVM::AllocaOp::create(b, loc, pointerType(b.getContext()), b.getI64Type(), size,
                                      kSlotBytes);
}

} // namespace horn::backend
