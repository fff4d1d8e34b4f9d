// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Passes.h"

#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_EXPOSEPADDING
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
namespace ir = horn::ir;

namespace {
class ExposePadding : public horn::graph::impl::ExposePaddingBase<ExposePadding> {
public:
  void runOnOperation() override;
};
} // namespace

/// The padding on all axes, if every amount is known.
static bool collectPadding(ir::PanelConvOp conv, SmallVectorImpl<int64_t> &low,
                           SmallVectorImpl<int64_t> &high) {
  ir::ShapeScope scope(conv.getContext());
  ir::Dims dims = scope.dimsOf(cast<RankedTensorType>(conv.getX().getType()));
  low.assign(dims.size(), 0);
  high.assign(dims.size(), 0);
  for (size_t axis = 0; axis < conv.getKernelSize().size(); ++axis) {
    ir::Padding padding =
        windowPadding(scope, dims[axis + 1], conv.getKernelSize()[axis], conv.getStrides()[axis],
                      conv.getDilations()[axis], conv.getPadding());
    auto before = ir::constantValue(padding.low), after = ir::constantValue(padding.high);
    if (!before || !after)
      return false;
    low[axis + 1] = *before;
    high[axis + 1] = *after;
  }
  return true;
}

void ExposePadding::runOnOperation() {
  getOperation().walk([](ir::PanelConvOp conv) {
    SmallVector<int64_t> low, high;
    // The kernel of small groups goes around the padding itself.
    if (conv.sharesPanels() || conv.getPadding() != "same" || !collectPadding(conv, low, high))
      return;
    OpBuilder b(conv);
    bool isPadded = llvm::any_of(low, [](int64_t n) { return n; }) ||
                    llvm::any_of(high, [](int64_t n) { return n; });
    if (isPadded) {
      SmallVector<int64_t> interior(low.size(), 0);
      conv.getXMutable().assign(ir::PadOp::create(
          b, conv.getLoc(), conv.getX(), b.getDenseI64ArrayAttr(low), b.getDenseI64ArrayAttr(high),
          b.getDenseI64ArrayAttr(interior), b.getF64FloatAttr(0)));
    }
    conv.setPadding("valid");
  });
}
