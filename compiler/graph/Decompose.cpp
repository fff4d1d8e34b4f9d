// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/Decompose.h"
#include "compiler/graph/Passes.h"
#include "dialects/horn/Horn.h"

namespace horn::graph {

#define GEN_PASS_DEF_HORNDECOMPOSE
#include "compiler/graph/Passes.h.inc"

namespace {
struct HornDecompose : impl::HornDecomposeBase<HornDecompose> {
  using HornDecomposeBase::HornDecomposeBase;

  void runOnOperation() override {
    numDecomposed += ir::decomposeAll(getOperation(), [&](mlir::Operation *op) {
      return llvm::is_contained(keep, op->getName().getStringRef());
    });
  }
};
} // namespace

} // namespace horn::graph
