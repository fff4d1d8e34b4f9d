// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Computes only the pixels that pointwise convolutions with strides read.
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/graph/Windows.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <limits>

namespace horn::graph {
#define GEN_PASS_DEF_HOISTSTRIDES
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::graph;
using namespace horn::ir;
using horn::graph::typeOf;

static constexpr StringLiteral kPass = "horn-hoist-strides";

/// A window of one pixel, which pads nothing.
static bool isPointwise(ConvOp conv) {
  return isAllOnes(typeOf(conv.getKernel()).getShape().drop_back(2));
}

/// x[:, ::strides, :] for the spatial axes between the first and the last.
static SliceOp createSlice(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> strides) {
  SmallVector<int64_t> starts(strides.size() + 2, 0), steps(strides);
  SmallVector<int64_t> limits(strides.size() + 2, std::numeric_limits<int64_t>::max());
  steps.insert(steps.begin(), 1);
  steps.push_back(1);
  return SliceOp::create(b, loc, x, b.getDenseI64ArrayAttr(starts), b.getDenseI64ArrayAttr(limits),
                         b.getDenseI64ArrayAttr(steps));
}

/// Whether an operand of an element-wise op has no extent along the spatial axes of its result.
static bool isConstantOverPixels(Value operand, RankedTensorType result) {
  ArrayRef<int64_t> shape = typeOf(operand).getShape();
  return shape.size() <= 1 || (static_cast<int64_t>(shape.size()) <= result.getRank() &&
                               isAllOnes(shape.drop_back().take_back(result.getRank() - 2)));
}

namespace {
class HoistStrides : public graph::impl::HoistStridesBase<HoistStrides> {
public:
  void runOnOperation() override;

private:
  void hoistFrom(Value value);
  /// Moves a slice in front of the op that computes what it slices, as far as that goes.
  void moveUp(SliceOp slice);
};
} // namespace

/// Whether the slice of a value could move in front of its op.
static bool canMove(Operation *op) {
  if (!op)
    return false;
  if (auto conv = dyn_cast<ConvOp>(op))
    return isPointwise(conv) || conv.getPadding() == "valid";
  return op->hasTrait<Elementwise>() && op->getNumOperands() > 0 &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           RankedTensorType result = typeOf(op->getResult(0));
           return typeOf(operand).getShape() == result.getShape() ||
                  isConstantOverPixels(operand, result);
         });
}

/// Whether a convolution would compute less; element-wise ops alone would just leave its kernel.
static bool leadsToConvolution(Value value) {
  Operation *op = value.getDefiningOp();
  if (!canMove(op))
    return false;
  return isa<ConvOp>(op) || llvm::any_of(op->getOperands(), [](Value operand) {
           return operand.hasOneUse() && leadsToConvolution(operand);
         });
}

void HoistStrides::moveUp(SliceOp slice) {
  Operation *op = slice.getX().getDefiningOp();
  if (!canMove(op) || !slice.getX().hasOneUse())
    return;
  OpBuilder b(op);
  ArrayRef<int64_t> strides = slice.getSteps().drop_front().drop_back();
  RankedTensorType result = typeOf(op->getResult(0));
  SmallVector<SliceOp> moved;
  if (auto conv = dyn_cast<ConvOp>(op)) {
    SmallVector<int64_t> product(conv.getStrides());
    for (auto [stride, step] : llvm::zip(product, strides))
      stride *= step;
    conv.setStrides(product);
  } else {
    for (OpOperand &operand : op->getOpOperands())
      if (typeOf(operand.get()).getShape() == result.getShape()) {
        moved.push_back(createSlice(b, op->getLoc(), operand.get(), strides));
        operand.set(moved.back());
      }
  }
  op->getResult(0).setType(
      RankedTensorType::get(typeOf(slice).getShape(), result.getElementType()));
  slice.replaceAllUsesWith(op->getResult(0));
  slice.erase();
  for (SliceOp next : moved)
    moveUp(next);
}

void HoistStrides::hoistFrom(Value value) {
  ArrayRef<int64_t> strides;
  for (OpOperand &use : value.getUses()) {
    auto conv = dyn_cast<ConvOp>(use.getOwner());
    if (!conv || use.getOperandNumber() != 0 || !isPointwise(conv) ||
        isAllOnes(conv.getStrides()) || (!strides.empty() && conv.getStrides() != strides))
      return;
    strides = conv.getStrides();
  }
  if (strides.empty() || !leadsToConvolution(value))
    return;
  remarkApplied(value.getDefiningOp(), kPass,
                "computes only the pixels that the convolutions behind it read");
  OpBuilder b(value.getContext());
  b.setInsertionPointAfterValue(value);
  SliceOp slice = createSlice(b, value.getLoc(), value, strides);
  SmallVector<int64_t> ones(strides.size(), 1);
  value.replaceUsesWithIf(slice, [&](OpOperand &use) { return use.getOwner() != slice; });
  for (Operation *user : slice->getUsers())
    cast<ConvOp>(user).setStrides(ones);
  moveUp(slice);
}

void HoistStrides::runOnOperation() {
  SmallVector<Value> inputs;
  getOperation().walk([&](ConvOp conv) { inputs.push_back(conv.getX()); });
  // From the last to the first: what a slice made strided may hoist further.
  for (Value value : llvm::reverse(inputs))
    hoistFrom(value);
}
