// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Moves what depends on weights alone from @forward to @prepare.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/PreparedNames.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/IRMapping.h"

namespace horn::graph {
#define GEN_PASS_DEF_HOISTPREPARE
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-hoist-prepare";

/// A value of constants alone is kept as a variable only beyond this size.
static constexpr int64_t kLargeElements = 1024;

/// Whether a weight is read on the way to the value.
static bool dependsOnWeight(Value value) {
  SmallVector<Value> open = {value};
  llvm::SmallDenseSet<Value> seen;
  while (!open.empty()) {
    Operation *op = open.pop_back_val().getDefiningOp();
    if (isa<ReadOp>(op))
      return true;
    for (Value operand : op->getOperands())
      if (seen.insert(operand).second)
        open.push_back(operand);
  }
  return false;
}

/// Whether a weight-only value costs something in each run: a weight as it is, reshaped or not, and
/// what a few constants give cost nothing.
static bool isWorthPreparing(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa<ReshapeOp>(op) && op->getOperand(0).getDefiningOp())
    op = op->getOperand(0).getDefiningOp();
  if (isa<ReadOp, ConstantOp>(op))
    return false;
  return dependsOnWeight(value) ||
         cast<RankedTensorType>(value.getType()).getNumElements() > kLargeElements;
}

static bool isWeightOnly(Operation *op, const WeightOnly &weights) {
  return op->getNumResults() > 0 &&
         llvm::all_of(op->getResults(), [&](Value v) { return weights.contains(v); });
}

/// The weight-only values that the rest of the function uses and that cost something.
static SmallVector<Value> valuesToPrepare(func::FuncOp forward, const WeightOnly &weights) {
  SmallVector<Value> values;
  forward.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Value result : op->getResults()) {
      auto isOutside = [&](Operation *user) { return !isWeightOnly(user, weights); };
      if (weights.contains(result) && llvm::any_of(result.getUsers(), isOutside) &&
          isWorthPreparing(result))
        values.push_back(result);
    }
  });
  return values;
}

/// @prepare, made in front of @forward if the module has none.
static func::FuncOp getPrepare(ModuleOp module, func::FuncOp forward) {
  if (auto prepare = module.lookupSymbol<func::FuncOp>(kPrepare))
    return prepare;
  OpBuilder builder(forward);
  auto prepare =
      func::FuncOp::create(builder, forward.getLoc(), kPrepare, builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(prepare.addEntryBlock());
  func::ReturnOp::create(builder, forward.getLoc());
  return prepare;
}

/// Builds the computation of a weight-only value; `copies` holds what is built already.
static Value copyComputation(OpBuilder &builder, Value value, IRMapping &copies) {
  if (Value copy = copies.lookupOrNull(value))
    return copy;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    copyComputation(builder, operand, copies);
  builder.clone(*op, copies);
  return copies.lookup(value);
}

static VariableOp declareVariable(func::FuncOp before, Location location, StringRef name,
                                  Type type) {
  OpBuilder builder(before);
  return VariableOp::create(builder, location, builder.getStringAttr(name), TypeAttr::get(type),
                            builder.getStringAttr("prepared"));
}

/// Erases what nothing uses any more, users before their operands.
static void eraseDead(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (op != function && isOpTriviallyDead(op))
      op->erase();
}

namespace {
struct HoistPrepare : graph::impl::HoistPrepareBase<HoistPrepare> {
  void runOnOperation() override {
    auto forward = getOperation().lookupSymbol<func::FuncOp>(kForward);
    if (!forward || forward.isExternal())
      return;
    WeightOnly weights(forward);
    SmallVector<Value> values = valuesToPrepare(forward, weights);
    if (values.empty())
      return;
    func::FuncOp prepare = getPrepare(getOperation(), forward);
    OpBuilder builder(prepare.getBody().front().getTerminator());
    SymbolTable symbols(getOperation());
    IRMapping copies;
    for (Value value : values) {
      Value prepared = copyComputation(builder, value, copies);
      std::string name = graph::uniqueName(graph::preparedName(value, weights), symbols);
      VariableOp variable = declareVariable(prepare, value.getLoc(), name, value.getType());
      symbols.insert(variable);
      KeepOp::create(builder, value.getLoc(), name, prepared);
      readInstead(forward, value, name, weights);
    }
    eraseDead(forward);
  }

  /// Lets the rest of @forward, scan bodies included, read the variable. The read stands outside of
  /// any loop.
  void readInstead(func::FuncOp forward, Value value, StringRef name, const WeightOnly &weights) {
    Operation *op = value.getDefiningOp();
    OpBuilder builder(forward.getBody().front().findAncestorOpInBlock(*op));
    auto read = ReadOp::create(builder, value.getLoc(), value.getType(), name);
    value.replaceUsesWithIf(read,
                            [&](OpOperand &use) { return !isWeightOnly(use.getOwner(), weights); });
    remarkApplied(read, kPass,
                  Twine(name) + " computed once, when weights are set (" +
                      Twine(read.getType().getNumElements()) + " values)");
  }
};
} // namespace
