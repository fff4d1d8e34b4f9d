// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bodies of kernel.team as functions that every member of a team calls.
#include "compiler/backend/Lowering.h"
#include "compiler/backend/Slots.h"

#include "dialects/kernel/Kernel.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace horn::backend {

namespace {
/// Outlines one team: void body(void *values, horn_team *team), where `values` are what the body
/// uses of the driver.
class TeamOutlining {
public:
  TeamOutlining(LLVM::LLVMFuncOp driver, kernel::TeamOp op, unsigned number)
      : driver_(driver), op_(op), loc_(op.getLoc()),
        name_((driver.getName() + "_team_" + Twine(number)).str()) {}

  LogicalResult run(Value pool);

private:
  LogicalResult takeValues();
  void makeFunction();
  void callTeam(Value pool);

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

void TeamOutlining::callTeam(Value pool) {
  OpBuilder b = OpBuilder::atBlockBegin(&driver_.getBody().front());
  Value slots = allocateSlots(b, loc_, values_.size());
  b.setInsertionPoint(op_);
  for (auto [i, value] : llvm::enumerate(values_))
    LLVM::StoreOp::create(b, loc_, value,
                          addressAt(b, loc_, slots, static_cast<int64_t>(i) * kSlotBytes),
                          kSlotBytes);
  Value body = LLVM::AddressOfOp::create(b, loc_, pointerType(b.getContext()), name_);
  auto module = driver_->getParentOfType<ModuleOp>();
  LLVM::CallOp::create(b, loc_, module.lookupSymbol<LLVM::LLVMFuncOp>(kParallelTeam),
                       ValueRange{pool, body, slots, op_.getLimit()});
  op_.erase();
}

LogicalResult TeamOutlining::run(Value pool) {
  if (failed(takeValues()))
    return failure();
  makeFunction();
  callTeam(pool);
  return success();
}

LogicalResult outlineTeams(LLVM::LLVMFuncOp driver, Value pool) {
  SmallVector<kernel::TeamOp> ops;
  driver.walk([&](kernel::TeamOp op) { ops.push_back(op); });
  for (auto [number, op] : llvm::enumerate(ops))
    if (failed(TeamOutlining(driver, op, number).run(pool)))
      return failure();
  return success();
}

} // namespace horn::backend
