// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes groups of the products in loops over time and the cell's element-wise ops behind them.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/codegen/TileSizes.h"
#include "compiler/graph/Groups.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/Build.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/IR/IRMapping.h"

namespace horn::graph {
#define GEN_PASS_DEF_FUSECELLS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::typeOf;

static constexpr StringLiteral kPass = "horn-fuse-cells";

/// The limits of a group: the launch has a pointer and a stride for each operand and result.
static constexpr size_t kMaxCellOps = 64, kMaxCellInputs = 16, kMaxCellResults = 8;

static bool isElementwise(Operation *op) { return op->hasTrait<Elementwise>(); }

namespace {
/// The group of one product: what it holds, and whether it can be made.
class Cell {
public:
  Cell(MatmulOp product, const WeightOnly &weights) : product(product), weights(weights) {}

  /// Finds gates and members. Returns why there is no group, or nothing.
  StringRef plan();
  void build(int64_t lanes, int64_t registers);

  int64_t numGates() const { return gates; }
  size_t numMembers() const { return members.size(); }

private:
  StringRef findGates();
  StringRef followSum();
  bool isGateOf(SliceOp slice);
  void findMembers();
  StringRef findResults();
  size_t countInputs() const;
  bool dependsOnProduct(Value value) const {
    return value.getDefiningOp() && behind.contains(value.getDefiningOp());
  }
  /// Whether an operand of a member can be had before the group, or in it.
  bool isAvailable(Value value) const { return !dependsOnProduct(value) || narrow.contains(value); }

  Value panels(GraphBuilder &b, int64_t lanes, int64_t registers);
  /// The value that stands for `value` inside the group.
  Value inside(Value value);
  /// Columns of gate `gate` of a value as wide as the sum, inside the group.
  Value gateInside(Value value, int64_t gate);
  Value input(Value value);
  Value gateSlice(OpBuilder &b, Value value, int64_t gate);

  MatmulOp product;
  const WeightOnly &weights;
  int64_t gates = 1, units = 0;
  llvm::SetVector<Operation *> behind;            ///< all that depends on the product, in its block
  llvm::SmallSetVector<Value, 8> wide;            ///< the sum, and element-wise results as wide
  llvm::SmallMapVector<Value, SliceOp, 8> slices; ///< the cuts of wide values
  llvm::SmallSetVector<Value, 16> narrow;         ///< values of the units: the cuts and members
  SmallVector<Operation *> members;
  SmallVector<OpOperand *> uses; ///< of narrow values, outside: one result each

  FusedOp fused;
  Block *body = nullptr;
  IRMapping mapping;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> gateValues;
};
} // namespace

StringRef Cell::plan() {
  RankedTensorType y = product.getType();
  Type element = y.getElementType();
  if (!element.isF32() && !element.isF64())
    return "only f32 and f64 have panel kernels";
  if (!weights.contains(product.getB()))
    return "its right operand is computed in each run";
  if (product.getTransposeA() || product.getTransposeB() || y.getRank() != 2 ||
      typeOf(product.getB()).getRank() != 2)
    return "it is no plain product of two matrices";
  getForwardSlice(product.getResult(), &behind);
  for (StringRef reason : {findGates(), followSum()})
    if (!reason.empty())
      return reason;
  findMembers();
  return findResults();
}

/// The size of the gates: that of the first cut of the sum, or all of it.
StringRef Cell::findGates() {
  int64_t columns = product.getType().getDimSize(1);
  units = columns;
  SmallVector<Value> open = {product.getResult()};
  while (!open.empty())
    for (Operation *user : open.pop_back_val().getUsers()) {
      if (isa<SliceOp>(user)) {
        units = typeOf(user->getResult(0)).getDimSize(1);
        gates = units > 0 ? columns / units : 0;
        return gates < 1 || gates > codegen::kMaxGates || gates * units != columns
                   ? "it is not cut into equal gates"
                   : "";
      }
      if (isElementwise(user) && user->getResult(0).getType() == product.getType())
        open.push_back(user->getResult(0));
    }
  return "";
}

/// Whether a slice is one gate, all rows of it.
bool Cell::isGateOf(SliceOp slice) {
  RankedTensorType type = typeOf(slice.getResult());
  bool isWhole = slice.getSteps() == ArrayRef<int64_t>{1, 1} && slice.getStarts()[0] == 0 &&
                 slice.getLimits()[0] == INT64_MAX;
  return isWhole && type.getDimSize(1) == units && slice.getStarts()[1] >= 0 &&
         slice.getStarts()[1] % units == 0;
}

/// Follows the sum through element-wise ops to where it is cut.
StringRef Cell::followSum() {
  wide.insert(product.getResult());
  if (gates == 1) {
    narrow.insert(product.getResult());
    return "";
  }
  for (size_t i = 0; i < wide.size(); ++i)
    for (Operation *user : wide[i].getUsers()) {
      if (auto slice = dyn_cast<SliceOp>(user); slice && isGateOf(slice)) {
        slices.insert({slice.getResult(), slice});
        narrow.insert(slice.getResult());
        continue;
      }
      if (!isElementwise(user) || user->getResult(0).getType() != product.getType())
        return "not all of its sum is cut into gates";
      wide.insert(user->getResult(0));
    }
  for (Value value : wide.getArrayRef().drop_front())
    for (Value operand : value.getDefiningOp()->getOperands())
      if (!wide.contains(operand) && dependsOnProduct(operand))
        return "its sum meets another of its results";
  return "";
}

/// Element-wise ops on the units that need nothing but gates, each other, and what is there before.
void Cell::findMembers() {
  ArrayRef<int64_t> shape = typeOf(narrow.front()).getShape();
  for (Operation &op : *product->getBlock()) {
    if (!behind.contains(&op) || !isElementwise(&op) || members.size() == kMaxCellOps ||
        wide.contains(op.getResult(0)) || typeOf(op.getResult(0)).getShape() != shape ||
        !llvm::all_of(op.getOperands(), [&](Value v) { return isAvailable(v); }))
      continue;
    members.push_back(&op);
    narrow.insert(op.getResult(0));
  }
}

StringRef Cell::findResults() {
  llvm::SmallPtrSet<Operation *, 32> inGroup(llvm::from_range, members);
  for (Value value : narrow)
    for (OpOperand &use : value.getUses()) {
      if (inGroup.contains(use.getOwner()))
        continue;
      if (value.getType() != narrow.front().getType())
        return "the cell has results of several types";
      uses.push_back(&use);
    }
  if (members.empty())
    return "no element-wise op stands behind it";
  bool fits = countInputs() <= kMaxCellInputs && !uses.empty() && uses.size() <= kMaxCellResults;
  return fits ? "" : "the kernel would have too many inputs or results";
}

/// How many operands the group has beside those of the product.
size_t Cell::countInputs() const {
  llvm::SmallDenseSet<Value> ofUnits, asWide;
  for (Operation *member : members)
    for (Value operand : member->getOperands())
      if (!narrow.contains(operand) && !isOneElementConstant(operand))
        ofUnits.insert(operand);
  for (Value value : wide.getArrayRef().drop_front())
    for (Value operand : value.getDefiningOp()->getOperands())
      if (!wide.contains(operand) && !isOneElementConstant(operand))
        asWide.insert(operand);
  return ofUnits.size() + asWide.size() * gates;
}

/// w [K, G * units] as [P, K, G, W], the last panel filled with zeros.
Value Cell::panels(GraphBuilder &b, int64_t lanes, int64_t registers) {
  Value w = product.getB();
  int64_t depth = typeOf(w).getDimSize(0);
  int64_t vectorLanes = graph::lanesFor(w, lanes);
  int64_t width = codegen::gateVectors(gates, units, vectorLanes, registers) * vectorLanes;
  int64_t count = llvm::divideCeil(units, width), missing = count * width - units;
  auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
  Value byGate = b.make<ReshapeOp>(w, Value(), i64s({depth, gates, units}));
  if (missing)
    byGate = b.make<PadOp>(byGate, i64s({0, 0, 0}), i64s({0, 0, missing}), i64s({0, 0, 0}),
                           b.builder.getF64FloatAttr(0));
  Value split = b.make<ReshapeOp>(byGate, Value(), i64s({depth, gates, count, width}));
  return b.make<TransposeOp>(split, i64s({2, 0, 1, 3}));
}

Value Cell::gateSlice(OpBuilder &b, Value value, int64_t gate) {
  int64_t rank = typeOf(value).getRank();
  SmallVector<int64_t> starts(rank, 0), limits(rank, INT64_MAX), steps(rank, 1);
  starts.back() = gate * units;
  limits.back() = (gate + 1) * units;
  return SliceOp::create(b, value.getLoc(), value, b.getDenseI64ArrayAttr(starts),
                         b.getDenseI64ArrayAttr(limits), b.getDenseI64ArrayAttr(steps));
}

/// A value from outside as an argument of the body; a constant of one element as a copy.
Value Cell::input(Value value) {
  OpBuilder b(fused.getContext());
  if (isOneElementConstant(value)) {
    b.setInsertionPointToEnd(body);
    return b.clone(*value.getDefiningOp())->getResult(0);
  }
  fused.getInputsMutable().append(value);
  return body->addArgument(value.getType(), value.getLoc());
}

Value Cell::gateInside(Value value, int64_t gate) {
  if (Value known = gateValues.lookup({value, gate}))
    return known;
  OpBuilder b(fused.getContext());
  if (!wide.contains(value)) {
    // The columns of the gate, if it is as wide as the sum, and else all of it.
    RankedTensorType type = typeOf(value);
    bool isWide = type.getRank() > 0 && type.getShape().back() == gates * units;
    OpBuilder before(fused);
    Value made = input(isWide ? gateSlice(before, value, gate) : value);
    return gateValues[{value, gate}] = made;
  }
  if (value == product.getResult()) {
    b.setInsertionPointToEnd(body);
    return gateValues[{value, gate}] = gateSlice(b, mapping.lookup(value), gate);
  }
  Operation *op = value.getDefiningOp();
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(gateInside(operand, gate));
  b.setInsertionPointToEnd(body);
  Operation *made = b.clone(*op);
  made->setOperands(operands);
  auto type = typeOf(made->getResult(0));
  made->getResult(0).setType(
      RankedTensorType::get({type.getDimSize(0), units}, type.getElementType()));
  return gateValues[{value, gate}] = made->getResult(0);
}

Value Cell::inside(Value value) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Value made;
  if (auto slice = slices.find(value); slice != slices.end())
    made = gateInside(slice->second.getX(), slice->second.getStarts()[1] / units);
  else
    made = input(value);
  mapping.map(value, made);
  return made;
}

void Cell::build(int64_t lanes, int64_t registers) {
  OpBuilder builder(product);
  GraphBuilder b(builder, product.getLoc());
  SmallVector<Value> inputs = {product.getA(), panels(b, lanes, registers)};
  SmallVector<Type> types(uses.size(), narrow.front().getType());
  fused = FusedOp::create(builder, product.getLoc(), types, inputs);
  body = &fused.getBody().emplaceBlock();
  for (Value input : inputs)
    body->addArgument(input.getType(), input.getLoc());
  builder.setInsertionPointToEnd(body);
  mapping.map(product.getResult(), b.make<GateMatmulOp>(body->getArgument(0), body->getArgument(1),
                                                        builder.getI64IntegerAttr(units)));
  for (Operation *member : members) {
    for (Value operand : member->getOperands())
      inside(operand);
    builder.setInsertionPointToEnd(body);
    builder.clone(*member, mapping);
  }
  SmallVector<Value> yields;
  for (OpOperand *use : uses)
    yields.push_back(inside(use->get()));
  builder.setInsertionPointToEnd(body);
  YieldOp::create(builder, product.getLoc(), yields);
  for (auto [use, result] : llvm::zip(uses, fused.getResults()))
    use->set(result);
  for (Operation *member : llvm::reverse(members))
    member->erase();
  for (auto [value, slice] : slices)
    slice->erase();
  for (Value value : llvm::reverse(wide.getArrayRef()))
    value.getDefiningOp()->erase();
  // Operands may stand behind the product; none of them depends on it.
  sortTopologically(fused->getBlock());
}

namespace {
struct FuseCells : graph::impl::FuseCellsBase<FuseCells> {
  using FuseCellsBase::FuseCellsBase;

  void runOnOperation() override {
    WeightOnly weights(getOperation());
    SmallVector<MatmulOp> products;
    getOperation()->walk([&](MatmulOp op) {
      if (isa<ScanOp>(op->getParentOp()))
        products.push_back(op);
    });
    for (MatmulOp product : products) {
      std::string layer = layerName(product);
      Cell cell(product, weights);
      if (StringRef reason = cell.plan(); !reason.empty()) {
        remarkMissed(product, kPass, Twine("step of ") + layer + " not one kernel: " + reason);
        continue;
      }
      remarkApplied(product, kPass,
                    Twine(cell.numMembers()) + " ops on " + Twine(cell.numGates()) +
                        " gates fused into a product of " + layer +
                        "; its weights packed gate by gate, once when they are set");
      cell.build(lanes, registers);
    }
  }
};
} // namespace
