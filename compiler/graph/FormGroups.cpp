// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Wraps the ops of each group (Groups.h) into a horn.fused.
#include "compiler/graph/Groups.h"
#include "compiler/graph/Passes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornModuleOps.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

namespace horn::graph {
#define GEN_PASS_DEF_FORMGROUPS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-form-groups";

/// The op whose layer the group is named after.
static Operation *namesake(const Group &group) {
  return group.anchor ? group.anchor : group.root();
}

/// The ops of the group, in their order.
static SmallVector<Operation *> membersOf(const Group &group) {
  SmallVector<Operation *> members(group.ops);
  if (group.lineSums)
    members.push_back(group.lineSums);
  return members;
}

/// Says, for each layer in the group, which of its ops became part of the namesake's kernel.
static void reportGroup(const Group &group) {
  std::string kernel = layerName(namesake(group));
  llvm::MapVector<StringRef, SmallVector<Operation *>> members;
  for (Operation *op : membersOf(group))
    if (op != namesake(group))
      members[layerPath(op->getLoc())].push_back(op);
  for (auto &[layer, ops] : members) {
    auto names = llvm::map_range(ops, shortName);
    std::string what = llvm::join(names, ", ");
    if (!layer.empty() && layer != kernel)
      what = layer.str() + " (" + what + ")";
    remarkApplied(ops.front(), kPass, what + " fused into " + kernel);
  }
}

/// The values from outside that the group uses, in the order of use.
static SmallVector<Value> groupInputs(const Group &group) {
  llvm::SmallPtrSet<Operation *, 16> members(llvm::from_range, group.ops);
  llvm::SetVector<Value> inputs;
  for (Operation *op : group.ops)
    for (Value operand : op->getOperands())
      if (!members.contains(operand.getDefiningOp()) && !isOneElementConstant(operand))
        inputs.insert(operand);
  return inputs.takeVector();
}

/// Gives the body its own copies of the constants of one element that it uses.
static void cloneConstants(Block &body) {
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  llvm::SmallDenseMap<Value, Value> copies;
  for (Operation &op : body)
    for (OpOperand &operand : op.getOpOperands()) {
      Operation *constant = operand.get().getDefiningOp();
      if (!constant || constant->getBlock() == &body)
        continue;
      Value &copy = copies[operand.get()];
      if (!copy)
        copy = builder.clone(*constant)->getResult(0);
      operand.set(copy);
    }
}

/// Moves the ops of a group into a horn.fused in the place of the last of them.
static void wrapGroup(const Group &group) {
  SmallVector<Value> results = {group.root()->getResult(0)};
  if (group.lineSums)
    results.push_back(group.lineSums->getResult(0));
  SmallVector<Value> inputs = groupInputs(group);
  OpBuilder builder(group.root());
  auto fused =
      FusedOp::create(builder, namesake(group)->getLoc(), TypeRange(ValueRange(results)), inputs);
  Block &body = fused.getBody().emplaceBlock();
  for (Operation *op : membersOf(group))
    op->moveBefore(&body, body.end());
  for (auto [inside, outside] : llvm::zip_equal(results, fused.getResults()))
    inside.replaceUsesWithIf(outside,
                             [&](OpOperand &use) { return use.getOwner()->getBlock() != &body; });
  for (Value input : inputs) {
    Value inside = body.addArgument(input.getType(), input.getLoc());
    input.replaceUsesWithIf(inside,
                            [&](OpOperand &use) { return use.getOwner()->getBlock() == &body; });
  }
  cloneConstants(body);
  builder.setInsertionPointToEnd(&body);
  YieldOp::create(builder, group.root()->getLoc(), results);
}

static bool holdsGraph(Operation *op) { return isa<func::FuncOp, ScanOp>(op); }

static void eraseUnusedConstants(func::FuncOp function) {
  function.walk([](ConstantOp constant) {
    if (constant->use_empty())
      constant->erase();
  });
}

namespace {
struct FormGroups : graph::impl::FormGroupsBase<FormGroups> {
  void runOnOperation() override {
    FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(getOperation());
    if (failed(shapes))
      return signalPassFailure();
    SmallVector<Block *> blocks;
    getOperation()->walk([&](Block *block) {
      if (holdsGraph(block->getParentOp()))
        blocks.push_back(block);
    });
    for (Block *block : blocks)
      for (const Group &group : GroupFormation(*block, *shapes).run()) {
        if (getOperation().getName() != kPrepare)
          reportGroup(group);
        wrapGroup(group);
      }
    eraseUnusedConstants(getOperation());
  }
};
} // namespace
