// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/graph/Windows.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_SPLITMEANS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::typeOf;

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

static Value sumOver(OpBuilder &b, Location location, Value x, ArrayRef<int64_t> axes,
                     bool keepdims) {
  return ReduceSumOp::create(b, location, x, b.getDenseI64ArrayAttr(axes), b.getBoolAttr(keepdims));
}

/// sum(sum(x over the last spatial axis) over the others) / count
static void split(ReduceMeanOp mean) {
  OpBuilder b(mean);
  Location location = mean.getLoc();
  bool keeps = mean.getKeepdims();
  SmallVector<int64_t> axes(mean.getAxes());
  int64_t pixels =
      ShapedType::getNumElements(mean.getX().getType().getShape().slice(1, axes.size()));
  Value sum = sumOver(b, location, mean.getX(), axes.pop_back_val(), keeps);
  if (!axes.empty())
    sum = sumOver(b, location, sum, axes, keeps);
  auto scalar = RankedTensorType::get({}, typeOf(mean).getElementType());
  Value count = ConstantOp::create(
      b, location,
      cast<ElementsAttr>(DenseElementsAttr::get(
          scalar,
          Attribute(b.getFloatAttr(scalar.getElementType(), static_cast<double>(pixels))))));
  mean.replaceAllUsesWith(Value(DivideOp::create(b, location, sum, count)));
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
