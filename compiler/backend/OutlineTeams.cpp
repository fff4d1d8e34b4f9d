// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bodies of kernel.team as functions that every member of a team calls, and the calls that run
// them.
#include "compiler/backend/Lowering.h"
#include "compiler/backend/Slots.h"

#include "dialects/kernel/Kernel.h"
#include <horn/runtime.h>

#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace horn::backend {

namespace {
/// What the runtime needs to run a team.
struct TeamCall {
  Value body, arguments, limit;
};

/// Outlines one team: void body(void *values, horn_team *team), where `values` are what the body
/// uses of the driver.
class TeamOutlining {
public:
  TeamOutlining(LLVM::LLVMFuncOp driver, kernel::TeamOp op, unsigned number)
      : driver_(driver), op_(op), loc_(op.getLoc()),
        name_((driver.getName() + "_team_" + Twine(number)).str()) {}

  /// Moves the body to its function, and prepares a call of it in front of `before`.
  FailureOr<TeamCall> run(Operation *before);

private:
  LogicalResult takeValues();
  void makeFunction();
  TeamCall prepareCall(Operation *before);

  LLVM::LLVMFuncOp driver_;
  kernel::TeamOp op_;
  Location loc_;
  std::string name_;
  SmallVector<Value> values_;
};
} // namespace

/// Copies the constants that the body uses into it; what else it uses must fit a slot.
LogicalResult TeamOutlining::takeValues() {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(op_.getBody(), used);
  OpBuilder b = OpBuilder::atBlockBegin(&op_.getBody().front());
  for (Value value : used) {
    Operation *op = value.getDefiningOp();
    if (op && (op->hasTrait<OpTrait::ConstantLike>() || isa<LLVM::AddressOfOp>(op))) {
      replaceAllUsesInRegionWith(value, b.clone(*op)->getResult(0), op_.getBody());
      continue;
    }
    if (!isa<LLVM::LLVMPointerType>(value.getType()) && !value.getType().isInteger(64))
      return op_.emitOpError("uses a value of type ") << value.getType() << " of its driver";
    values_.push_back(value);
  }
  return success();
}

void TeamOutlining::makeFunction() {
  MLIRContext *context = op_.getContext();
  Type pointer = pointerType(context);
  OpBuilder b(driver_);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer, pointer});
  auto function = LLVM::LLVMFuncOp::create(b, loc_, name_, type, LLVM::Linkage::Internal);
  function.setNoUnwind(true);
  function.setDsoLocal(true);
  function.getBody().takeBody(op_.getBody());
  Block &entry = function.getBody().front();
  Value slots = entry.insertArgument(0u, pointer, loc_);
  b.setInsertionPointToStart(&entry);
  for (auto [i, value] : llvm::enumerate(values_))
    replaceAllUsesInRegionWith(
        value, loadAt(b, loc_, slots, static_cast<int64_t>(i) * kSlotBytes, value.getType()),
        function.getBody());
  b.setInsertionPointToEnd(&entry);
  LLVM::ReturnOp::create(b, loc_, ValueRange());
}

TeamCall TeamOutlining::prepareCall(Operation *before) {
  OpBuilder b = OpBuilder::atBlockBegin(&driver_.getBody().front());
  Value slots = allocateSlots(b, loc_, values_.size());
  b.setInsertionPoint(before);
  for (auto [i, value] : llvm::enumerate(values_))
    storeSlot(b, loc_, value, slots, i);
  Value body = LLVM::AddressOfOp::create(b, loc_, pointerType(b.getContext()), name_);
  return {body, slots, op_.getLimit()};
}

FailureOr<TeamCall> TeamOutlining::run(Operation *before) {
  if (failed(takeValues()))
    return failure();
  makeFunction();
  return prepareCall(before);
}

static void callTeam(Operation *at, Value pool, const TeamCall &call) {
  OpBuilder b(at);
  LLVM::CallOp::create(b, at->getLoc(), TypeRange(), kParallelTeam,
                       ValueRange{pool, call.body, call.arguments, call.limit});
}

/// Passes an array of horn_team_call.
static void callTeams(kernel::TeamsOp op, Value pool, ArrayRef<TeamCall> calls) {
  constexpr int64_t kFields = 4;
  static_assert(sizeof(horn_team_call) == kFields * kSlotBytes);
  auto driver = op->getParentOfType<LLVM::LLVMFuncOp>();
  Location loc = op.getLoc();
  OpBuilder b = OpBuilder::atBlockBegin(&driver.getBody().front());
  Value array = allocateSlots(b, loc, kFields * calls.size());
  b.setInsertionPoint(op);
  for (auto [i, call] : llvm::enumerate(calls)) {
    Value fields[kFields] = {call.body, call.arguments, call.limit, op.getNanoseconds()[i]};
    for (auto [field, value] : llvm::enumerate(fields))
      storeSlot(b, loc, value, array, i * kFields + field);
  }
  Value count = LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(calls.size()));
  LLVM::CallOp::create(b, loc, TypeRange(), kParallelTeams, ValueRange{pool, array, count});
}

LogicalResult outlineTeams(LLVM::LLVMFuncOp driver, Value pool) {
  SmallVector<kernel::TeamOp> teams;
  driver.walk([&](kernel::TeamOp op) { teams.push_back(op); });
  llvm::MapVector<Operation *, SmallVector<TeamCall>> calls; // by the op that runs them
  for (auto [number, team] : llvm::enumerate(teams)) {
    Operation *together = team->getParentOfType<kernel::TeamsOp>();
    Operation *caller = together ? together : team;
    FailureOr<TeamCall> call = TeamOutlining(driver, team, number).run(caller);
    if (failed(call))
      return failure();
    calls[caller].push_back(*call);
  }
  for (auto &[caller, ofCaller] : calls) {
    if (auto together = dyn_cast<kernel::TeamsOp>(caller))
      callTeams(together, pool, ofCaller);
    else
      callTeam(caller, pool, ofCaller.front());
    caller->erase();
  }
  return success();
}

} // namespace horn::backend
