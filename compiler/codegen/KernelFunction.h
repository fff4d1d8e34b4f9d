// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel function under construction.
#pragma once

#include "compiler/codegen/Lanes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace horn::codegen {

/// Creates a kernel and hands out its arguments in the order of its launches: pointers and sizes as
/// they are asked for, then the range of tasks.
class KernelFunction {
public:
  KernelFunction(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location);

  mlir::Value pointer();
  mlir::Value size();
  llvm::SmallVector<mlir::Value> sizes(unsigned count);
  /// Memory on the stack for `count` elements, aligned to a cache line; the same for all tasks.
  mlir::Value scratch(mlir::Type element, int64_t count);
  mlir::Value scratch(mlir::Type element, mlir::Value count);
  /// Calls `body` with each task of the range. To be called once, after all arguments were taken.
  void forEachTask(llvm::function_ref<void(mlir::Value task)> body);

  mlir::OpBuilder b;
  mlir::Location loc;

private:
  mlir::Value argument(mlir::Type type);
  mlir::func::FuncOp function_;
};

/// A counted loop from `begin` to `end` that carries values.
llvm::SmallVector<mlir::Value>
emitLoop(mlir::OpBuilder &b, mlir::Location loc, mlir::Value begin, mlir::Value end,
         mlir::Value step, llvm::ArrayRef<mlir::Value> initial,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);
/// A loop that carries nothing.
void emitLoop(mlir::OpBuilder &b, mlir::Location loc, mlir::Value begin, mlir::Value end,
              mlir::Value step, llvm::function_ref<void(mlir::Value)> body);
/// A loop over the lanes from `begin` to `end` that carries values: whole vectors first, with a
/// null mask, then what is left under a mask.
llvm::SmallVector<mlir::Value>
emitVectors(const Lanes &lanes, mlir::Value begin, mlir::Value end,
            llvm::ArrayRef<mlir::Value> initial,
            llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index, mlir::Value mask,
                                                              mlir::ValueRange carried)>
                body);
/// The same, carrying nothing.
void emitVectors(const Lanes &lanes, mlir::Value begin, mlir::Value end,
                 llvm::function_ref<void(mlir::Value index, mlir::Value mask)> body);
/// Runs `body` if the condition holds.
void emitIf(mlir::OpBuilder &b, mlir::Location loc, mlir::Value condition,
            llvm::function_ref<void()> body);

/// The index on each axis of the element `linear` of a row-major box.
llvm::SmallVector<mlir::Value> splitIndex(mlir::OpBuilder &b, mlir::Location loc,
                                          mlir::Value linear, llvm::ArrayRef<mlir::Value> sizes);
/// base + sum of index * stride, in elements.
mlir::Value elementAt(mlir::OpBuilder &b, mlir::Location loc, mlir::Type element, mlir::Value base,
                      llvm::ArrayRef<mlir::Value> indices, llvm::ArrayRef<mlir::Value> strides);

} // namespace horn::codegen
