// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/Rows.h"
#include "compiler/graph/Passes.h"
#include "dialects/horn/HornModuleOps.h"

namespace horn::graph {

#define GEN_PASS_DEF_FINDROWS
#include "compiler/graph/Passes.h.inc"

namespace {
struct FindRows : impl::FindRowsBase<FindRows> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.getName() == ir::kForward && !function.isExternal() && keepsRowsApart(function))
      function->setAttr(ir::kRowsApartAttr, mlir::UnitAttr::get(&getContext()));
    markAllAnalysesPreserved();
  }
};
} // namespace

} // namespace horn::graph
