// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/analysis/Loops.h"
#include "compiler/codegen/ElementEmitter.h"
#include "compiler/support/Blocks.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using horn::codegen::Access;
using horn::codegen::LaneStride;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

LogicalResult FunctionLowering::lowerBlock(Block &block) {
  planDestinations(block);
  for (Operation *op = &block.front(), *next; op != block.getTerminator(); op = next) {
    driver.loc = op->getLoc();
    SmallVector<ir::ScanOp> loops;
    if (auto scan = dyn_cast<ir::ScanOp>(op))
      loops = driver.isInTeam ? SmallVector{scan} : loopsSideBySide(scan);
    next = loops.empty() ? op->getNextNode() : loops.back()->getNextNode();
    if (failed(loops.empty() ? lowerOp(op) : lowerScans(*this, loops)))
      return failure();
  }
  return success();
}

LogicalResult FunctionLowering::lowerOp(Operation *op) {
  using Lower = LogicalResult (*)(FunctionLowering &, Operation *);
  Lower lower = llvm::StringSwitch<Lower>(op->getName().stripDialect())
                    .Case("fused", lowerFused)
                    .Cases({"reshape", "transpose", "slice", "broadcast_to", "reverse"}, lowerView)
                    .Cases({"concatenate", "pad", "pack"}, lowerJoin)
                    .Cases({"take", "take_along_axis", "iota", "argmax", "argmin", "cumulative_sum",
                            "cumulative_prod", "sort", "argsort", "scatter"},
                           lowerLookup)
                    .Cases({"read", "constant", "keep", "assign"}, lowerVariable)
                    .Case("winograd_tiles", lowerWinogradTiles)
                    .Default(nullptr);
  if (!lower)
    return op->emitError() << op->getName() << " has no kernel";
  return lower(*this, op);
}

/// Whether a value is the steps of a loop, in the order in which it went through them.
static bool isStacked(Value value) {
  auto scan = value.getDefiningOp<ir::ScanOp>();
  return scan && cast<OpResult>(value).getResultNumber() >= scan.getCarried().size();
}

/// The only user of the steps of a loop, if it turns them around, as behind one that runs
/// backwards.
static ir::ReverseOp turnAround(Value value) {
  if (!isStacked(value) || !value.hasOneUse())
    return {};
  auto reverse = dyn_cast<ir::ReverseOp>(*value.user_begin());
  return reverse && reverse.getAxes() == ArrayRef<int64_t>{1} ? reverse : nullptr;
}

/// Whether a value is computed by kernels, which can write anywhere.
static bool isWrittenAnywhere(Value value) {
  Operation *op = value.getDefiningOp();
  if (isStacked(value))
    return true;
  if (auto reverse = dyn_cast<ir::ReverseOp>(op))
    return turnAround(reverse.getX()) == reverse;
  return llvm::StringSwitch<bool>(op->getName().stripDialect())
      .Cases({"fused", "concatenate", "pad", "pack"}, true)
      .Default(false);
}

/// Whether operands of an op may be written straight into its result.
static bool joinsInPlace(Operation *op) {
  if (auto pad = dyn_cast<ir::PadOp>(op))
    return llvm::all_of(pad.getInterior(), [](int64_t interior) { return interior == 0; });
  return isa<ir::ConcatenateOp>(op);
}

void FunctionLowering::planDestinations(Block &block) {
  for (Operation &op : block) {
    if (auto assign = dyn_cast<ir::AssignOp>(op))
      assigned_.insert(assign.getVariableAttr().getAttr());
    if (!joinsInPlace(&op) && !isa<ir::KeepOp>(op))
      continue;
    for (OpOperand &operand : op.getOpOperands()) {
      Operation *producer = operand.get().getDefiningOp();
      if (!producer || producer->getBlock() != &block || !isWrittenAnywhere(operand.get()) ||
          !operand.get().hasOneUse())
        continue;
      if (auto keep = dyn_cast<ir::KeepOp>(op))
        setDestination(operand.get(),
                       variableView(keep.getVariableAttr(),
                                    cast<RankedTensorType>(keep.getValue().getType())));
      else
        joins_[operand.get()] = &operand;
    }
  }
}

View FunctionLowering::operandView(Operation *fused, Value argument) const {
  return view(fused->getOperand(cast<BlockArgument>(argument).getArgNumber()));
}

SmallVector<View> FunctionLowering::operandViews(Operation *fused,
                                                 ArrayRef<unsigned> numbers) const {
  SmallVector<View> views;
  for (unsigned number : numbers)
    views.push_back(view(fused->getOperand(number)));
  return views;
}

View FunctionLowering::denseView(Value pointer, RankedTensorType type) {
  Dims shape = driver.scope.dimsOf(type);
  return {pointer, driver.scope.constant(0), shape, rowMajorStrides(driver.scope, shape),
          type.getElementType()};
}

View FunctionLowering::variableView(FlatSymbolRefAttr variable, RankedTensorType type) {
  Value &pointer = variables_[variable.getAttr()];
  if (!pointer)
    pointer = driver.prologuePointer(variable);
  return denseView(pointer, type);
}

View FunctionLowering::resultView(Value value) {
  auto known = destinations_.find(value);
  if (known != destinations_.end())
    return known->second;
  View result;
  if (OpOperand *join = joins_.lookup(value))
    result = partOf(*this, *join, resultView(join->getOwner()->getResult(0)));
  else
    result = driver.allocate(shapes.dims(value), getElementTypeOrSelf(value.getType()));
  destinations_[value] = result;
  return result;
}

View FunctionLowering::resultViewThroughReverse(Value value) {
  ir::ReverseOp reverse = turnAround(value);
  if (!reverse || reverse->getBlock() != value.getParentBlock() || destinations_.contains(value))
    return resultView(value);
  View result = reversed(driver.scope, resultView(reverse), reverse.getAxes());
  destinations_[value] = result;
  return result;
}

View FunctionLowering::resultViewThroughTranspose(Value value) {
  auto transpose = value.hasOneUse() ? dyn_cast<ir::TransposeOp>(*value.user_begin()) : nullptr;
  bool isPlaced = destinations_.contains(value) || joins_.contains(value);
  if (isPlaced || !transpose || transpose->getBlock() != value.getParentBlock() ||
      transpose.getPermutation().back() != transpose.getType().getRank() - 1)
    return resultView(value);
  SmallVector<int64_t> inverse(transpose.getPermutation().size());
  for (auto [i, axis] : llvm::enumerate(transpose.getPermutation()))
    inverse[axis] = i;
  View result = transposed(resultView(transpose), inverse);
  destinations_[value] = result;
  return result;
}

Access accessOf(const View &view) {
  if (view.rank() == 0 || constantValue(view.strides.back()) == 0 ||
      constantValue(view.shape.back()) == 1)
    return {view.element, LaneStride::Broadcast};
  bool unit = constantValue(view.strides.back()) == 1;
  return {view.element, unit ? LaneStride::Contiguous : LaneStride::Strided};
}

std::string accessSignature(ArrayRef<Access> accesses) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (const Access &access : accesses)
    stream << access.element << "bcs"[static_cast<int>(access.lane)] << ",";
  return text;
}

std::string blockSignature(Block &block) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  DenseMap<Value, unsigned> numbers;
  for (BlockArgument argument : block.getArguments()) {
    numbers[argument] = numbers.size();
    stream << getElementTypeOrSelf(argument.getType()) << ",";
  }
  for (Operation &op : block) {
    stream << op.getName().stripDialect() << "(";
    for (Value operand : op.getOperands())
      stream << numbers[operand] << ",";
    // Splat constants differ by value, not by the shape they are spread to.
    if (auto constant = dyn_cast<ir::ConstantOp>(op))
      cast<DenseElementsAttr>(constant.getValue()).getSplatValue<Attribute>().print(stream);
    else if (!op.hasTrait<OpTrait::IsTerminator>() && !codegen::isRowReduction(&op))
      op.getAttrDictionary().print(stream);
    stream << ")";
    for (Value result : op.getResults()) {
      numbers[result] = numbers.size();
      stream << getElementTypeOrSelf(result.getType());
    }
  }
  return text;
}

/// Rough cost of one element of a body, in units as kMinimumWork.
static int64_t costPerElement(Block *body, size_t operands) {
  int64_t cost = 4 * static_cast<int64_t>(operands + 1);
  for (Operation &op : *body)
    cost += codegen::isHeavy(&op) ? 60 : 2;
  return cost;
}

/// Rows of a few elements, such as the colours of a picture, leave most lanes idle. Where only
/// small operands keep them from being joined to longer ones (a mean for each colour), these are
/// repeated once over the axis before. `views`: the result, then the operands, all of one shape.
static void lengthenShortRows(FunctionLowering &lowering, MutableArrayRef<View> views) {
  constexpr int64_t kShort = 16, kLongest = 4096;
  const Dims &shape = views.front().shape;
  unsigned last = shape.size() - 1;
  if (shape.size() < 3)
    return;
  int64_t length = constantValue(shape[last]).value_or(kShort);
  int64_t rows = constantValue(shape[last - 1]).value_or(kLongest);
  if (length < 2 || length >= kShort || rows * length > kLongest)
    return;
  auto isJoined = [&](const View &view) {
    AffineExpr step = view.strides[last];
    return view.strides[last - 1] == step * length;
  };
  auto isSmall = [&](const View &view) {
    return constantValue(view.strides[last]) == 1 && constantValue(view.strides[last - 1]) == 0;
  };
  if (!isJoined(views.front()) || llvm::none_of(views, isSmall) ||
      !llvm::all_of(views, [&](const View &view) { return isJoined(view) || isSmall(view); }))
    return;
  for (View &view : views) {
    if (isJoined(view))
      continue;
    View row = view;
    row.shape = {shape[last - 1], shape[last]};
    row.strides = {view.strides[last - 1], view.strides[last]};
    if (llvm::any_of(ArrayRef(view.strides).drop_back(2),
                     [](AffineExpr stride) { return constantValue(stride) != 0; }))
      continue; // differs from row to row
    View repeated = lowering.contiguous(row);
    view.base = repeated.base;
    view.offset = repeated.offset;
    view.strides[last - 1] = repeated.strides[0];
  }
}

void FunctionLowering::launchRows(Block *body, StringRef signature, ArrayRef<View> operands,
                                  const View &result) {
  ir::ShapeScope &scope = driver.scope;
  bool hasReduction = codegen::reducesRows(body);
  SmallVector<View> views = {result};
  for (const View &operand : operands)
    views.push_back(broadcast(scope, operand, result.shape));
  if (!hasReduction)
    lengthenShortRows(*this, views);
  Dims shape = result.shape;
  SmallVector<Dims *> strides;
  for (View &view : views)
    strides.push_back(&view.strides);
  collapseAxes(scope, shape, strides, /*keepLast=*/hasReduction ? 1 : 0);
  // A row kernel with reductions needs its whole row in one task, so at least one outer axis.
  while (shape.empty() || (hasReduction && shape.size() < 2)) {
    shape.insert(shape.begin(), scope.constant(1));
    for (Dims *list : strides)
      list->insert(list->begin(), scope.constant(0));
  }
  codegen::RowKernelSpec spec{.body = body,
                              .outerAxes = static_cast<unsigned>(shape.size() - 1),
                              .result = {},
                              .operands = {}};
  LaunchArguments arguments;
  for (View &view : views) {
    view.shape = shape;
    arguments.pointers.push_back(driver.pointer(view));
  }
  // A result of one element a row is written at index 0, whatever its stride.
  auto access = [&](const View &view) {
    Access result = {view.element, LaneStride::Strided};
    auto stride = constantValue(view.strides.back());
    if (stride == 0)
      result.lane = LaneStride::Broadcast;
    else if (stride == 1)
      result.lane = LaneStride::Contiguous;
    return result;
  };
  spec.result = access(views[0]);
  if (spec.result.lane == LaneStride::Broadcast)
    spec.result.lane = LaneStride::Contiguous;
  for (const View &view : ArrayRef(views).drop_front())
    spec.operands.push_back(access(view));
  arguments.add(shape);
  for (auto [i, view] : llvm::enumerate(views)) {
    arguments.add(ArrayRef(view.strides).drop_back());
    if ((i ? spec.operands[i - 1] : spec.result).lane == LaneStride::Strided)
      arguments.add(view.strides.back());
  }
  SmallVector<Access> accesses = {spec.result};
  llvm::append_range(accesses, spec.operands);
  std::string key =
      signature.str() + "|" + std::to_string(spec.outerAxes) + "|" + accessSignature(accesses);
  std::string name =
      driver.kernels.get(hasReduction ? "rows" : "elementwise", key, [&](StringRef name) {
        emitRowKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
      });
  AffineExpr length = shape.back(), rows = scope.product(ArrayRef(shape).drop_back());
  AffineExpr chunk = scope.constant(codegen::kRowChunk);
  AffineExpr tasks = spec.outerAxes ? rows : length.ceilDiv(codegen::kRowChunk);
  AffineExpr perTask = spec.outerAxes ? length : scope.min(length, chunk);
  driver.launch(name, arguments, tasks, perTask * costPerElement(body, operands.size()));
}

void FunctionLowering::copy(const View &from, const View &to) {
  support::OwnedBlock body;
  auto type = RankedTensorType::get({}, from.element);
  Value x = body->addArgument(type, driver.loc);
  OpBuilder b = body.builder(driver.b.getContext());
  ir::YieldOp::create(b, driver.loc, x);
  launchRows(body.get(), "copy", from, to);
}

void FunctionLowering::fill(const View &to, double value) {
  support::OwnedBlock body;
  auto type = RankedTensorType::get({}, to.element);
  OpBuilder b = body.builder(driver.b.getContext());
  Attribute scalar = isa<FloatType>(to.element)
                         ? Attribute(b.getFloatAttr(to.element, value))
                         : Attribute(b.getIntegerAttr(to.element, static_cast<int64_t>(value)));
  Value constant = ir::ConstantOp::create(b, driver.loc,
                                          cast<ElementsAttr>(DenseElementsAttr::get(type, scalar)));
  ir::YieldOp::create(b, driver.loc, constant);
  launchRows(body.get(), blockSignature(*body.get()), {}, to);
}

View FunctionLowering::contiguous(const View &view) {
  if (isContiguous(driver.scope, view))
    return view;
  View dense = driver.allocate(view.shape, view.element);
  copy(view, dense);
  return dense;
}

View FunctionLowering::withUnitStride(const View &view) {
  return hasUnitStride(view) ? view : contiguous(view);
}

View FunctionLowering::inLanes(const View &view, ArrayRef<AffineExpr> shape) {
  View wide = broadcast(driver.scope, view, shape);
  return accessOf(wide).lane == LaneStride::Strided ? contiguous(wide) : wide;
}

} // namespace horn::lowering
