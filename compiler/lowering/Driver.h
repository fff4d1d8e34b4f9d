// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A driver function under construction: sizes, buffers and launches.
#pragma once

#include "compiler/codegen/Target.h"
#include "compiler/lowering/View.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

namespace horn::lowering {

/// The arguments of a launch, in the order in which the kernel takes them.
struct LaunchArguments {
  llvm::SmallVector<mlir::Value> pointers;
  llvm::SmallVector<mlir::AffineExpr> sizes;

  void add(mlir::AffineExpr size) { sizes.push_back(size); }
  void add(llvm::ArrayRef<mlir::AffineExpr> more) { llvm::append_range(sizes, more); }
};

/// Kernels of a module by signature. Equal signatures share one function, so the number of kernels
/// does not grow with the depth of a model.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module) : module(module) {}
  /// The name of the kernel with this signature; `emit` makes it the first time.
  std::string get(llvm::StringRef kind, llvm::StringRef signature,
                  llvm::function_ref<void(llvm::StringRef name)> emit);

  mlir::ModuleOp module;

private:
  llvm::StringMap<std::string> names_;
  llvm::StringMap<unsigned> counts_;
};

/// Of work, which is counted in units of about 0.02 ns (a flop at 50 GFLOP/s).
inline constexpr int64_t kWorkPerNanosecond = 50;
/// Work that is worth another thread: 10 µs.
inline constexpr int64_t kMinimumWork = 10'000 * kWorkPerNanosecond;
/// The same within a team, whose threads are there already.
inline constexpr int64_t kMinimumTeamWork = kMinimumWork / 8;

class Driver {
public:
  Driver(mlir::func::FuncOp function, KernelLibrary &kernels, ir::ShapeScope &scope,
         const codegen::Target &target);

  /// An i64 with the value of a size expression.
  mlir::Value size(mlir::AffineExpr expr);
  /// The memory of a variable, as a value of the prologue.
  mlir::Value prologuePointer(mlir::FlatSymbolRefAttr variable);
  /// New memory in the arena, dense.
  View allocate(llvm::ArrayRef<mlir::AffineExpr> shape, mlir::Type element);
  /// The address of a view's first element.
  mlir::Value pointer(const View &view);
  /// The same elements, `offset` (a value computed at run time) elements further on.
  View moved(const View &view, mlir::Value offset);
  /// Launches a kernel. `workPerTask` in units as kMinimumWork. Other than 0, `apart` is how many
  /// neighbouring tasks need only what such tasks wrote (kernel.launch).
  void launch(llvm::StringRef kernel, const LaunchArguments &arguments, mlir::AffineExpr tasks,
              mlir::AffineExpr workPerTask, int64_t apart = 0);

  mlir::OpBuilder b;
  mlir::Location loc;
  bool isInTeam = false;     ///< whether launches now go into a team
  mlir::AffineExpr teamWork; ///< of the launches that went into it
  bool areRowsApart = false; ///< whether rows in the team's loop need no other rows
  mlir::Operation *teams =
      nullptr; ///< null, or the kernel.teams around it: buffers are made before
  mlir::func::FuncOp function;
  KernelLibrary &kernels;
  ir::ShapeScope &scope;
  const codegen::Target &target;

private:
  mlir::Value expand(mlir::AffineExpr expr);

  mlir::OpBuilder prologue_; ///< sizes are computed once, at the start of the function
  llvm::DenseMap<mlir::AffineExpr, mlir::Value> sizes_;
};

} // namespace horn::lowering
