// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Passes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_SPLITPOOLS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-split-pools";

namespace {
struct SplitPools : graph::impl::SplitPoolsBase<SplitPools> {
  using SplitPoolsBase::SplitPoolsBase;

  void runOnOperation() override {
    SmallVector<MaxPoolOp> pools;
    getOperation()->walk([&](MaxPoolOp pool) {
      if (isLarge(pool.getPoolSize()))
        pools.push_back(pool);
    });
    llvm::for_each(pools, split);
  }

  /// Whether a window has enough elements on more than one axis.
  bool isLarge(ArrayRef<int64_t> sizes) const {
    int64_t elements = 1;
    for (int64_t size : sizes)
      elements *= size;
    return elements >= minElements && llvm::count_if(sizes, [](int64_t n) { return n > 1; }) > 1;
  }

  static void split(MaxPoolOp pool) {
    remarkApplied(pool, kPass, Twine(layerName(pool)) + " takes one axis after the other");
    OpBuilder b(pool);
    Value x = pool.getX();
    size_t axes = pool.getPoolSize().size();
    for (size_t axis = 0; axis < axes; ++axis) {
      SmallVector<int64_t> sizes(axes, 1), strides(axes, 1);
      sizes[axis] = pool.getPoolSize()[axis];
      strides[axis] = pool.getStrides()[axis];
      if (sizes[axis] == 1 && strides[axis] == 1)
        continue;
      x = MaxPoolOp::create(b, pool.getLoc(), x, b.getDenseI64ArrayAttr(sizes),
                            b.getDenseI64ArrayAttr(strides), pool.getPaddingAttr());
    }
    pool.replaceAllUsesWith(x);
    pool.erase();
  }
};
} // namespace
