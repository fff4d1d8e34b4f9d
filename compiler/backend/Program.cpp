// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/Program.h"

#include "compiler/backend/Lowering.h"

#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace horn::backend {

int64_t dtypeBytes(horn_dtype dtype) {
  switch (dtype) {
  case HORN_INT8:
  case HORN_UINT8:
  case HORN_BOOL:
    return 1;
  case HORN_FLOAT16:
  case HORN_BFLOAT16:
  case HORN_INT16:
  case HORN_UINT16:
    return 2;
  case HORN_FLOAT32:
  case HORN_INT32:
  case HORN_UINT32:
    return 4;
  case HORN_FLOAT64:
  case HORN_INT64:
  case HORN_UINT64:
    return 8;
  }
  llvm_unreachable("no horn_dtype");
}

static std::optional<horn_dtype> integerDtype(IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return HORN_BOOL;
  case 8:
    return isUnsigned ? HORN_UINT8 : HORN_INT8;
  case 16:
    return isUnsigned ? HORN_UINT16 : HORN_INT16;
  case 32:
    return isUnsigned ? HORN_UINT32 : HORN_INT32;
  case 64:
    return isUnsigned ? HORN_UINT64 : HORN_INT64;
  default:
    return std::nullopt;
  }
}

static std::optional<horn_dtype> dtypeOf(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return integerDtype(integer);
  if (type.isF32())
    return HORN_FLOAT32;
  if (type.isF64())
    return HORN_FLOAT64;
  if (type.isF16())
    return HORN_FLOAT16;
  if (type.isBF16())
    return HORN_BFLOAT16;
  return std::nullopt;
}

/// Fills in what all kinds of tensors have.
static llvm::Error fill(TensorInfo &info, StringRef name, Type type, ArrayRef<int64_t> shape) {
  std::optional<horn_dtype> dtype = dtypeOf(type);
  if (!dtype)
    return llvm::createStringError("'" + name + "' has an element type that the runtime lacks");
  if (shape.size() > HORN_MAX_RANK)
    return llvm::createStringError("'" + name + "' has rank " + llvm::Twine(shape.size()) +
                                   ", the runtime takes at most " + llvm::Twine(HORN_MAX_RANK));
  info.name = name.str();
  info.dtype = *dtype;
  for (int64_t size : shape)
    info.shape.push_back(ShapedType::isDynamic(size) ? HORN_UNKNOWN_DIM : size);
  return llvm::Error::success();
}

static llvm::Error fill(TensorInfo &info, DictionaryAttr attr) {
  return fill(info, attr.getAs<StringAttr>("name").getValue(),
              attr.getAs<TypeAttr>("type").getValue(),
              attr.getAs<DenseI64ArrayAttr>("shape").asArrayRef());
}

static llvm::Error addInputs(ProgramInfo &program, ArrayAttr inputs) {
  for (Attribute attr : inputs) {
    InputInfo &info = program.inputs.emplace_back();
    auto entry = cast<DictionaryAttr>(attr);
    if (llvm::Error error = fill(info, entry))
      return error;
    llvm::append_range(info.symbols, entry.getAs<DenseI64ArrayAttr>("symbols").asArrayRef());
  }
  return llvm::Error::success();
}

static llvm::Error addOutputs(ProgramInfo &program, ArrayAttr outputs) {
  for (Attribute attr : outputs)
    if (llvm::Error error = fill(program.outputs.emplace_back(), cast<DictionaryAttr>(attr)))
      return error;
  return llvm::Error::success();
}

//===--- names of dimensions
//-------------------------------------------------------------------===//

std::string identifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += llvm::isAlnum(c) ? c : '_';
  if (name.empty() || llvm::isDigit(name.front()))
    name = "_" + name;
  return name;
}

/// Names each symbol by the first dimension that it stands for. The first batch is "batch".
static void nameSymbols(ProgramInfo &program, size_t count) {
  program.symbols.assign(count, "");
  bool hasBatch = false;
  for (const InputInfo &input : program.inputs)
    for (auto [axis, symbol] : llvm::enumerate(input.symbols)) {
      if (symbol < 0 || static_cast<size_t>(symbol) >= count || !program.symbols[symbol].empty())
        continue;
      bool isBatch = axis == 0 && !hasBatch;
      hasBatch |= isBatch;
      program.symbols[symbol] =
          isBatch ? "batch" : identifier(input.name) + "_dim" + std::to_string(axis);
    }
}

static void nameDims(ProgramInfo &program, ModuleOp module) {
  for (InputInfo &input : program.inputs)
    for (auto [size, symbol] : llvm::zip_equal(input.shape, input.symbols))
      input.dims.push_back(symbol < 0 ? std::to_string(size) : program.symbols[symbol]);
  auto outputs = module->getAttrOfType<ArrayAttr>("horn.outputs");
  for (auto [i, output] : llvm::enumerate(program.outputs)) {
    auto dims = cast<DictionaryAttr>(outputs[i]).getAs<AffineMapAttr>("dims").getValue();
    for (AffineExpr expr : dims.getResults())
      output.dims.push_back(symbolText(expr, module, program.symbols));
  }
}

//===--- the program
//---------------------------------------------------------------------------===//

static llvm::Error addWeight(ProgramInfo &program, ir::VariableOp variable) {
  WeightInfo &info = program.weights.emplace_back();
  info.kind = llvm::StringSwitch<horn_weight_kind>(variable.getKind())
                  .Case("prepared", HORN_WEIGHT_PREPARED)
                  .Case("state", HORN_WEIGHT_STATE)
                  .Default(HORN_WEIGHT_VARIABLE);
  info.inForward = variable->hasAttr(kInForwardAttr);
  auto type = cast<RankedTensorType>(variable.getType());
  return fill(info, variable.getSymName(), type.getElementType(), type.getShape());
}

static int32_t numBuffers(ModuleOp module, StringRef driver) {
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(driver);
  auto attr = function ? function->getAttrOfType<IntegerAttr>(kNumBuffersAttr) : IntegerAttr();
  return attr ? static_cast<int32_t>(attr.getInt()) : 0;
}

llvm::Expected<ProgramInfo> describeProgram(ModuleOp module) {
  ProgramInfo program;
  program.name = module.getName().value_or("model").str();
  if (auto inputs = module->getAttrOfType<ArrayAttr>("horn.inputs"))
    if (llvm::Error error = addInputs(program, inputs))
      return std::move(error);
  if (auto outputs = module->getAttrOfType<ArrayAttr>("horn.outputs"))
    if (llvm::Error error = addOutputs(program, outputs))
      return std::move(error);
  for (auto variable : module.getOps<ir::VariableOp>())
    if (llvm::Error error = addWeight(program, variable))
      return std::move(error);
  if (auto count = module->getAttrOfType<IntegerAttr>("horn.num_symbols"))
    nameSymbols(program, count.getInt());
  nameDims(program, module);
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    program.numKernels += function->hasAttr(kernel::kKernelAttr);
  program.numBuffers = numBuffers(module, "forward");
  program.numPrepareBuffers = numBuffers(module, "prepare");
  program.rowsApart = module->hasAttr(ir::kRowsApartAttr);
  if (auto forward = module.lookupSymbol<LLVM::LLVMFuncOp>("forward"))
    if (auto bytes = forward->getAttrOfType<IntegerAttr>("kernel.row_bytes"))
      program.rowBytes = bytes.getInt();
  return program;
}

} // namespace horn::backend
