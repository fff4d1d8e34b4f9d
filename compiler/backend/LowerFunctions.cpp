// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels, drivers and planning functions as LLVM functions with the runtime's signatures.
#include "compiler/backend/Lowering.h"
#include "compiler/backend/Slots.h"

#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"
#include <horn/runtime.h>

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include <cstddef>

using namespace mlir;

namespace horn::backend {

//===--- building blocks
//-----------------------------------------------------------------------===//

/// Replaces a function by an LLVM function of another signature, which gets its body. The body's
/// arguments are left as they were: the caller replaces them.
static LLVM::LLVMFuncOp takeFunction(func::FuncOp function, LLVM::LLVMFunctionType type) {
  OpBuilder b(function);
  auto made = LLVM::LLVMFuncOp::create(b, function.getLoc(), function.getName(), type);
  made.setNoUnwind(true);
  made.setDsoLocal(true);
  for (NamedAttribute attr : function->getDiscardableAttrs())
    made->setDiscardableAttr(attr.getName(), attr.getValue());
  made.getBody().takeBody(function.getBody());
  function.erase();
  made.walk([](func::ReturnOp op) {
    OpBuilder at(op);
    LLVM::ReturnOp::create(at, op.getLoc(), op.getOperands());
    op.erase();
  });
  return made;
}

static LogicalResult checkNoCalls(func::FuncOp function) {
  WalkResult result = function.walk([](func::CallOp op) {
    op.emitOpError("has no lowering: kernels and drivers call no functions of the module");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

//===--- kernels
//-------------------------------------------------------------------------------===//

/// void kernel(void *arguments, int64_t begin, int64_t end): a horn_task.
static void lowerKernel(func::FuncOp kernel) {
  MLIRContext *context = kernel.getContext();
  Type pointer = pointerType(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer, i64, i64});
  LLVM::LLVMFuncOp made = takeFunction(kernel, type);
  made.setVisibility_(LLVM::Visibility::Hidden);

  // The old arguments are read from the slots; the last two of them, the range, are passed.
  Block &entry = made.getBody().front();
  unsigned numOld = entry.getNumArguments(), numSlots = numOld - 2;
  for (Type type : {pointer, i64, i64})
    entry.addArgument(type, made.getLoc());
  OpBuilder b = OpBuilder::atBlockBegin(&entry);
  for (unsigned i = 0; i < numSlots; ++i) {
    BlockArgument old = entry.getArgument(i);
    old.replaceAllUsesWith(
        loadAt(b, old.getLoc(), entry.getArgument(numOld), i * kSlotBytes, old.getType()));
  }
  for (unsigned i = 0; i < 2; ++i)
    entry.getArgument(numSlots + i).replaceAllUsesWith(entry.getArgument(numOld + 1 + i));
  entry.eraseArguments(0, numOld);
}

//===--- drivers
//-------------------------------------------------------------------------------===//

namespace {
struct Variable {
  ir::VariableOp op;
  int64_t index; ///< among the variables of the module
};
using Variables = llvm::StringMap<Variable>;

/// Lowers the ops of one function that are about a run.
class RunLowering {
public:
  RunLowering(ModuleOp module, const Variables &variables)
      : module_(module), variables_(variables) {}

  /// void driver(const horn_frame *frame)
  LogicalResult lowerDriver(func::FuncOp driver);
  /// A function whose first argument points to the symbols.
  LogicalResult lowerPlan(func::FuncOp function);

private:
  struct Fields {
    Value frame, inputs, outputs, weights, symbols, offsets, arena, pool;
  };

  static Fields readFrame(OpBuilder &b, Location loc, Value frame);
  LogicalResult lowerBody(LLVM::LLVMFuncOp function);
  LogicalResult lower(Operation *op);
  LogicalResult lowerBuffer(kernel::BufferOp op);
  FailureOr<Variable> variableOf(Operation *op, StringRef name) const;
  LogicalResult lowerWeight(kernel::WeightOp op);
  LogicalResult lowerAcquires(LLVM::LLVMFuncOp function);
  LogicalResult lowerRelease(kernel::ReleaseOp op);
  LLVM::CallOp callFrame(OpBuilder &b, Location loc, size_t field, Type result, int64_t weight);
  void lowerConstant(kernel::ConstantOp op);
  void lowerLaunch(kernel::LaunchOp op);
  void lowerSymbol(kernel::SymbolOp op);
  void replaceByEntry(Operation *op, Value table, int64_t index);
  /// Makes room for the arguments of the largest launch below `op`, at the start of `block`.
  static Value allocateLaunchSlots(Operation *op, Block &block);
  /// Gives the body of a team its own place for arguments, and the value that names the member.
  void prepareTeam(kernel::TeamOp op);

  ModuleOp module_;
  const Variables &variables_;
  Fields fields_;
  bool isPrepare_ = false;
  int64_t numBuffers_ = 0;
  Value slots_; ///< the array of launch arguments: one for all launches, as they end in order
  DenseMap<Operation *, Value> teamSlots_; ///< those of each team's members
};
} // namespace

RunLowering::Fields RunLowering::readFrame(OpBuilder &b, Location loc, Value frame) {
  auto field = [&](size_t offset) {
    return loadAt(b, loc, frame, static_cast<int64_t>(offset), frame.getType());
  };
  return {.frame = frame,
          .inputs = field(offsetof(horn_frame, inputs)),
          .outputs = field(offsetof(horn_frame, outputs)),
          .weights = field(offsetof(horn_frame, weights)),
          .symbols = field(offsetof(horn_frame, symbols)),
          .offsets = field(offsetof(horn_frame, offsets)),
          .arena = field(offsetof(horn_frame, arena)),
          .pool = field(offsetof(horn_frame, pool))};
}

LogicalResult RunLowering::lowerDriver(func::FuncOp driver) {
  MLIRContext *context = driver.getContext();
  Type pointer = pointerType(context);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer});
  LLVM::LLVMFuncOp made = takeFunction(driver, type);
  Block &entry = made.getBody().front();
  Value frame = entry.addArgument(pointer, made.getLoc());
  OpBuilder b = OpBuilder::atBlockBegin(&entry);
  fields_ = readFrame(b, made.getLoc(), frame);
  slots_ = allocateLaunchSlots(made, entry);
  made.walk([&](kernel::TeamOp op) { prepareTeam(op); });
  isPrepare_ = made.getSymName() == "prepare";
  LogicalResult result =
      failure(failed(lowerBody(made)) || failed(outlineTeams(made, fields_.pool)) ||
              failed(lowerAcquires(made)));
  made->setAttr(kNumBuffersAttr, b.getI64IntegerAttr(numBuffers_));
  return result;
}

LogicalResult RunLowering::lowerPlan(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  Type result = function.getNumResults() ? function.getResultTypes()[0]
                                         : Type(LLVM::LLVMVoidType::get(context));
  LLVM::LLVMFuncOp made =
      takeFunction(function, LLVM::LLVMFunctionType::get(result, function.getArgumentTypes()));
  fields_ = {};
  fields_.symbols = made.getArgument(0);
  return lowerBody(made);
}

Value RunLowering::allocateLaunchSlots(Operation *op, Block &block) {
  size_t count = 0;
  op->walk([&](kernel::LaunchOp op) { count = std::max(count, op.getArguments().size()); });
  OpBuilder b = OpBuilder::atBlockBegin(&block);
  return allocateSlots(b, op->getLoc(), count);
}

void RunLowering::prepareTeam(kernel::TeamOp op) {
  Block &body = op.getBody().front();
  body.addArgument(pointerType(op.getContext()), op.getLoc());
  teamSlots_[op] = allocateLaunchSlots(op, body);
}

LogicalResult RunLowering::lowerBody(LLVM::LLVMFuncOp function) {
  WalkResult result = function.walk([&](Operation *op) { return WalkResult(lower(op)); });
  return failure(result.wasInterrupted());
}

LogicalResult RunLowering::lower(Operation *op) {
  if (auto buffer = dyn_cast<kernel::BufferOp>(op))
    return lowerBuffer(buffer);
  if (auto weight = dyn_cast<kernel::WeightOp>(op))
    return lowerWeight(weight);
  if (auto release = dyn_cast<kernel::ReleaseOp>(op))
    return lowerRelease(release);
  if (auto symbol = dyn_cast<kernel::SymbolOp>(op))
    lowerSymbol(symbol);
  else if (auto constant = dyn_cast<kernel::ConstantOp>(op))
    lowerConstant(constant);
  else if (auto launch = dyn_cast<kernel::LaunchOp>(op))
    lowerLaunch(launch);
  else if (auto input = dyn_cast<kernel::InputOp>(op))
    replaceByEntry(op, fields_.inputs, input.getIndex());
  else if (auto output = dyn_cast<kernel::OutputOp>(op))
    replaceByEntry(op, fields_.outputs, output.getIndex());
  return success();
}

/// Loads entry `index` of a table where the op stands: so no pointer lives across many launches.
void RunLowering::replaceByEntry(Operation *op, Value table, int64_t index) {
  OpBuilder b(op);
  Value entry = loadAt(b, op->getLoc(), table, index * kSlotBytes, op->getResult(0).getType());
  op->getResult(0).replaceAllUsesWith(entry);
  op->erase();
}

LogicalResult RunLowering::lowerBuffer(kernel::BufferOp op) {
  std::optional<uint64_t> index = op.getIndex();
  if (!index)
    return op.emitOpError("has no place in the arena: run kernel-plan-arena first");
  numBuffers_ = std::max(numBuffers_, static_cast<int64_t>(*index) + 1);
  OpBuilder b(op);
  Location loc = op.getLoc();
  Value offset = loadAt(b, loc, fields_.offsets, *index * kSlotBytes, b.getI64Type());
  op.replaceAllUsesWith(Value(LLVM::GEPOp::create(b, loc, op.getType(), b.getI8Type(),
                                                  fields_.arena, ArrayRef<LLVM::GEPArg>(offset))));
  op.erase();
  return success();
}

/// The elements as they lie in memory, where a bool is a byte.
static DenseElementsAttr storedElements(DenseElementsAttr value) {
  auto type = cast<ShapedType>(value.getType());
  SmallVector<int64_t> count = {type.getNumElements()};
  Type element = type.getElementType();
  if (element.isInteger(1)) {
    SmallVector<int8_t> bytes;
    for (bool bit : value.getValues<bool>())
      bytes.push_back(bit);
    auto type = RankedTensorType::get(count, IntegerType::get(value.getContext(), 8));
    return DenseElementsAttr::get(type, ArrayRef(bytes));
  }
  if (auto integer = dyn_cast<IntegerType>(element))
    element = IntegerType::get(value.getContext(), integer.getWidth());
  auto stored = RankedTensorType::get(count, element);
  return DenseElementsAttr::getFromRawBuffer(stored, value.getRawData());
}

void RunLowering::lowerConstant(kernel::ConstantOp op) {
  DenseElementsAttr value = storedElements(cast<DenseElementsAttr>(op.getValue()));
  auto type = cast<RankedTensorType>(value.getType());
  OpBuilder b = OpBuilder::atBlockBegin(module_.getBody());
  auto globals = module_.getOps<LLVM::GlobalOp>();
  auto number = std::distance(globals.begin(), globals.end());
  auto array = LLVM::LLVMArrayType::get(type.getElementType(), type.getNumElements());
  auto global =
      LLVM::GlobalOp::create(b, op.getLoc(), array, /*isConstant=*/true, LLVM::Linkage::Internal,
                             "horn_constant_" + std::to_string(number), value, /*alignment=*/64);
  b.setInsertionPoint(op);
  Value address = LLVM::AddressOfOp::create(b, op.getLoc(), global);
  op.replaceAllUsesWith(address);
  op.erase();
}

FailureOr<Variable> RunLowering::variableOf(Operation *op, StringRef name) const {
  auto found = variables_.find(name);
  if (found == variables_.end())
    return op->emitOpError("refers to @") << name << ", which is no variable";
  return found->second;
}

LogicalResult RunLowering::lowerWeight(kernel::WeightOp op) {
  FailureOr<Variable> variable = variableOf(op, op.getVariable());
  if (failed(variable))
    return failure();
  if (!isPrepare_)
    variable->op->setAttr(kInForwardAttr, UnitAttr::get(op.getContext()));
  replaceByEntry(op, fields_.weights, variable->index);
  return success();
}

/// Calls a function of the frame for a weight.
LLVM::CallOp RunLowering::callFrame(OpBuilder &b, Location loc, size_t field, Type result,
                                    int64_t weight) {
  Type pointer = pointerType(b.getContext());
  Value callee = loadAt(b, loc, fields_.frame, static_cast<int64_t>(field), pointer);
  Value index = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(static_cast<int32_t>(weight)));
  auto type = LLVM::LLVMFunctionType::get(result, {pointer, b.getI32Type()});
  return LLVM::CallOp::create(b, loc, type, ValueRange{callee, fields_.frame, index});
}

/// The driver returns where there is no value, so these ops end blocks.
LogicalResult RunLowering::lowerAcquires(LLVM::LLVMFuncOp function) {
  SmallVector<kernel::AcquireOp> ops;
  function.walk([&](kernel::AcquireOp op) { ops.push_back(op); });
  if (ops.empty())
    return success();
  OpBuilder b(function.getContext());
  Block *end = b.createBlock(&function.getBody(), function.getBody().end());
  LLVM::ReturnOp::create(b, function.getLoc(), ValueRange());
  for (kernel::AcquireOp op : ops) {
    if (!isPrepare_ || op->getParentOp() != function)
      return op.emitOpError("stands outside of the body of @prepare");
    FailureOr<Variable> variable = variableOf(op, op.getVariable());
    if (failed(variable))
      return failure();
    Location loc = op.getLoc();
    Block *block = op->getBlock(), *rest = block->splitBlock(op);
    b.setInsertionPointToEnd(block);
    Value value =
        callFrame(b, loc, offsetof(horn_frame, acquire), op.getType(), variable->index).getResult();
    Value null = LLVM::ZeroOp::create(b, loc, op.getType());
    Value isMissing = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, value, null);
    LLVM::CondBrOp::create(b, loc, isMissing, end, rest);
    op.replaceAllUsesWith(value);
    op.erase();
  }
  return success();
}

LogicalResult RunLowering::lowerRelease(kernel::ReleaseOp op) {
  FailureOr<Variable> variable = variableOf(op, op.getVariable());
  if (failed(variable))
    return failure();
  if (!isPrepare_)
    return op.emitOpError("stands outside of the body of @prepare");
  OpBuilder b(op);
  callFrame(b, op.getLoc(), offsetof(horn_frame, release), LLVM::LLVMVoidType::get(b.getContext()),
            variable->index);
  op.erase();
  return success();
}

void RunLowering::lowerSymbol(kernel::SymbolOp op) {
  OpBuilder b(op);
  auto given = [&](int64_t index) {
    return loadAt(b, op.getLoc(), fields_.symbols, index * kSlotBytes, b.getI64Type());
  };
  op.replaceAllUsesWith(buildSymbol(b, op.getLoc(), module_, op.getIndex(), given));
  op.erase();
}

void RunLowering::lowerLaunch(kernel::LaunchOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  auto team = op->getParentOfType<kernel::TeamOp>();
  Value slots = team ? teamSlots_.lookup(team) : slots_;
  Value threads = team ? Value(team.getBody().front().getArgument(0)) : fields_.pool;
  for (auto [i, argument] : llvm::enumerate(op.getArguments()))
    storeSlot(b, loc, argument, slots, i);
  Value kernel = LLVM::AddressOfOp::create(b, loc, pointerType(b.getContext()), op.getKernel());
  SmallVector<Value> values = {threads, kernel, slots, op.getTasks(), op.getGrain()};
  bool isApart = team && op.getApart();
  if (isApart)
    values.push_back(LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(*op.getApart())));
  StringRef name = isApart ? kTeamForApart : team ? kTeamFor : kParallelFor;
  LLVM::CallOp::create(b, loc, TypeRange(), name, values);
  op.erase();
}

//===--- all functions
//-------------------------------------------------------------------------===//

/// Declares the functions of the runtime that run launches.
static void declareRuntime(ModuleOp module) {
  MLIRContext *context = module.getContext();
  Type pointer = pointerType(context), i64 = IntegerType::get(context, 64);
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  auto declare = [&](StringRef name, ArrayRef<Type> arguments) {
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), arguments);
    LLVM::LLVMFuncOp::create(b, module.getLoc(), name, type).setNoUnwind(true);
  };
  declare(kParallelFor, {pointer, pointer, pointer, i64, i64});
  declare(kParallelTeam, {pointer, pointer, pointer, i64});
  declare(kParallelTeams, {pointer, pointer, i64});
  declare(kTeamFor, {pointer, pointer, pointer, i64, i64});
  declare(kTeamForApart, {pointer, pointer, pointer, i64, i64, i64});
}

LogicalResult lowerFunctions(ModuleOp module) {
  Variables variables;
  for (auto variable : module.getOps<ir::VariableOp>())
    variables.try_emplace(variable.getSymName(), variable, variables.size());
  declareRuntime(module);
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    if (function.isExternal() || failed(checkNoCalls(function)))
      return function.emitOpError("is no kernel, driver or planning function");
    if (function->hasAttr(kernel::kKernelAttr)) {
      lowerKernel(function);
      continue;
    }
    RunLowering lowering(module, variables);
    bool isDriver = function.getNumArguments() == 0 && function.getNumResults() == 0;
    if (failed(isDriver ? lowering.lowerDriver(function) : lowering.lowerPlan(function)))
      return failure();
  }
  return success();
}

} // namespace horn::backend
