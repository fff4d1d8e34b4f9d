// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Passes.h"
#include "compiler/graph/Windows.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/Build.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornReduceOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_SPLITMEANS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-split-means";

/// The depthwise convolution whose kernel gives this value, with the element-wise ops behind it; or
/// null.
static DepthwiseConvOp convolutionOf(Value value) {
  SmallVector<Value> open = {value};
  llvm::SmallPtrSet<Operation *, 8> seen;
  constexpr size_t kMostOps = 16;
  while (!open.empty() && seen.size() < kMostOps) {
    Value next = open.pop_back_val();
    Operation *op = next.getDefiningOp();
    if (!op || next.getType() != value.getType() || !seen.insert(op).second)
      continue;
    if (auto convolution = dyn_cast<DepthwiseConvOp>(op))
      return convolution;
    if (op->hasTrait<Elementwise>())
      llvm::append_range(open, op->getOperands());
  }
  return {};
}

/// Whether an op takes the mean of each channel of a picture of known size.
static bool isMeanOfPicture(ReduceMeanOp mean) {
  auto type = mean.getX().getType();
  auto spatial = llvm::seq<int64_t>(1, type.getRank() - 1);
  return type.getRank() > 2 && llvm::equal(mean.getAxes(), spatial) &&
         !ShapedType::isDynamicShape(type.getShape().drop_front());
}

/// sum(sum(x over the last spatial axis) over the others) / count
static void split(ReduceMeanOp mean) {
  OpBuilder builder(mean);
  GraphBuilder b(builder, mean.getLoc());
  SmallVector<int64_t> axes(mean.getAxes());
  int64_t pixels =
      ShapedType::getNumElements(mean.getX().getType().getShape().slice(1, axes.size()));
  auto sumOver = [&](Value x, ArrayRef<int64_t> axes) {
    return b.make<ReduceSumOp>(x, builder.getDenseI64ArrayAttr(axes), mean.getKeepdimsAttr());
  };
  Value sum = sumOver(mean.getX(), axes.pop_back_val());
  if (!axes.empty())
    sum = sumOver(sum, axes);
  mean.replaceAllUsesWith(b.make<DivideOp>(sum, b.scalar(static_cast<double>(pixels), sum)));
  mean.erase();
}

namespace {
struct SplitMeans : graph::impl::SplitMeansBase<SplitMeans> {
  void runOnOperation() override {
    SmallVector<ReduceMeanOp> means;
    getOperation()->walk([&](ReduceMeanOp mean) {
      DepthwiseConvOp convolution =
          isMeanOfPicture(mean) ? convolutionOf(mean.getX()) : DepthwiseConvOp();
      if (!convolution || !graph::suitsDepthwiseKernel(convolution))
        return;
      remarkApplied(mean, kPass,
                    Twine(layerName(mean)) + " by sums of the lines of " + layerName(convolution));
      means.push_back(mean);
    });
    llvm::for_each(means, split);
  }
};
} // namespace
