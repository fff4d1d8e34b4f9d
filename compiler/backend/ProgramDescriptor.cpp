// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/ProgramDescriptor.h"

#include "compiler/backend/StructImage.h"

#include <cstddef>
#include <numeric>

namespace horn::backend {

static_assert(sizeof(void *) == 8, "programs are laid out for 64 bits");

static horn_tensor_info tensorInfo(const TensorInfo &tensor) {
  horn_tensor_info info = {};
  info.dtype = tensor.dtype;
  info.rank = static_cast<int32_t>(tensor.shape.size());
  llvm::copy(tensor.shape, info.shape);
  return info;
}

static int64_t bytesOf(const TensorInfo &tensor) {
  return std::accumulate(tensor.shape.begin(), tensor.shape.end(), dtypeBytes(tensor.dtype),
                         std::multiplies<>());
}

template <typename Tensor>
static llvm::Constant *emitTensors(llvm::Module &module, const std::vector<Tensor> &tensors,
                                   llvm::StringRef name) {
  std::vector<horn_tensor_info> infos;
  for (const TensorInfo &tensor : tensors)
    infos.push_back(tensorInfo(tensor));
  StructImage<horn_tensor_info> image(infos);
  for (auto [i, tensor] : llvm::enumerate(tensors))
    image.setPointer(i, offsetof(horn_tensor_info, name), emitText(module, tensor.name));
  return image.emit(module, name);
}

//===--- weights
//-------------------------------------------------------------------------------===//

/// The bytes of a weight, aligned as kernels and the runtime want them.
static llvm::Constant *emitValue(llvm::Module &module, llvm::StringRef bytes) {
  llvm::Type *byte = llvm::Type::getInt8Ty(module.getContext());
  llvm::Constant *value = llvm::ConstantDataArray::getRaw(bytes, bytes.size(), byte);
  auto *global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value, "weight");
  global->setAlignment(llvm::Align(64));
  return global;
}

static llvm::Expected<llvm::Constant *> emitValue(llvm::Module &module, const WeightInfo &weight,
                                                  const WeightValues &values) {
  auto found = values.find(weight.name);
  if (found == values.end())
    return llvm::createStringError("the value of variable '" + weight.name + "' is missing");
  if (static_cast<int64_t>(found->second.size()) != bytesOf(weight))
    return llvm::createStringError("the value of variable '" + weight.name + "' has " +
                                   llvm::Twine(found->second.size()) + " bytes, expected " +
                                   llvm::Twine(bytesOf(weight)));
  // An empty tensor has an address too: null would say that it is missing.
  return emitValue(module, found->second.empty() ? llvm::StringRef("\0", 1) : found->second);
}

static llvm::Expected<llvm::Constant *>
emitWeights(llvm::Module &module, const ProgramInfo &program, const WeightValues *values) {
  auto isNeeded = [](const WeightInfo &weight) {
    return weight.inForward || weight.kind == HORN_WEIGHT_STATE;
  };
  std::vector<horn_weight_info> infos;
  for (const WeightInfo &weight : program.weights) {
    // The runtime would want to prepare a weight without a value.
    horn_weight_kind kind = values && !isNeeded(weight) ? HORN_WEIGHT_VARIABLE : weight.kind;
    infos.push_back({tensorInfo(weight), kind, weight.inForward, nullptr});
  }
  StructImage<horn_weight_info> image(infos);
  for (auto [i, weight] : llvm::enumerate(program.weights)) {
    image.setPointer(i, offsetof(horn_weight_info, tensor) + offsetof(horn_tensor_info, name),
                     emitText(module, weight.name));
    if (!values || !isNeeded(weight))
      continue;
    llvm::Expected<llvm::Constant *> value = emitValue(module, weight, *values);
    if (!value)
      return value.takeError();
    image.setPointer(i, offsetof(horn_weight_info, data), *value);
  }
  return image.emit(module, "weights");
}

//===--- symbols
//-------------------------------------------------------------------------------===//

static std::vector<int32_t> inputSymbols(const ProgramInfo &program) {
  std::vector<int32_t> table(program.inputs.size() * HORN_MAX_RANK, -1);
  for (auto [i, input] : llvm::enumerate(program.inputs))
    for (auto [axis, symbol] : llvm::enumerate(input.symbols))
      table[i * HORN_MAX_RANK + axis] = static_cast<int32_t>(symbol);
  return table;
}

/// The first place of each symbol in the table of `inputSymbols`.
static llvm::Expected<std::vector<horn_symbol_info>>
symbolPlaces(const ProgramInfo &program, const std::vector<int32_t> &table) {
  std::vector<horn_symbol_info> places;
  for (size_t symbol = 0; symbol < program.symbols.size(); ++symbol) {
    auto found = llvm::find(table, static_cast<int32_t>(symbol));
    if (found == table.end())
      return llvm::createStringError("symbol " + llvm::Twine(symbol) +
                                     " stands for no dimension of an input");
    auto position = static_cast<int32_t>(found - table.begin());
    places.push_back({position / HORN_MAX_RANK, position % HORN_MAX_RANK});
  }
  return places;
}

//===--- the program
//---------------------------------------------------------------------------===//

static horn_program programCounts(const ProgramInfo &program) {
  horn_program counts = {};
  counts.magic = HORN_PROGRAM_MAGIC;
  counts.abi_version = HORN_ABI_VERSION;
  counts.num_inputs = static_cast<int32_t>(program.inputs.size());
  counts.num_outputs = static_cast<int32_t>(program.outputs.size());
  counts.num_weights = static_cast<int32_t>(program.weights.size());
  counts.num_symbols = static_cast<int32_t>(program.symbols.size());
  counts.num_buffers = program.numBuffers;
  counts.num_kernels = program.numKernels;
  counts.num_prepare_buffers = program.numPrepareBuffers;
  counts.rows_apart = program.rowsApart;
  counts.row_bytes = program.rowBytes;
  return counts;
}

llvm::Expected<llvm::GlobalVariable *> emitProgram(llvm::Module &module, const ProgramInfo &program,
                                                   const DescriptorOptions &options) {
  llvm::Expected<llvm::Constant *> weights = emitWeights(module, program, options.values);
  if (!weights)
    return weights.takeError();
  std::vector<int32_t> table = inputSymbols(program);
  llvm::Expected<std::vector<horn_symbol_info>> places = symbolPlaces(program, table);
  if (!places)
    return places.takeError();

  horn_program counts = programCounts(program);
  if (options.values)
    counts.num_prepare_buffers = 0;
  StructImage<horn_program> image(counts);
#define SET(field, address) image.setPointer(0, offsetof(horn_program, field), address)
  SET(name, emitText(module, program.name));
  SET(cpu, emitText(module, options.level));
  SET(inputs, emitTensors(module, program.inputs, "inputs"));
  SET(outputs, emitTensors(module, program.outputs, "outputs"));
  SET(weights, *weights);
  SET(symbols, StructImage<horn_symbol_info>(*places).emit(module, "symbols"));
  SET(input_symbols, StructImage<int32_t>(table).emit(module, "input_symbols"));
  SET(plan, module.getFunction("plan"));
  SET(output_shapes, module.getFunction("output_shapes"));
  SET(forward, module.getFunction("forward"));
  if (!options.values) {
    SET(prepare, module.getFunction("prepare"));
    SET(prepare_plan, module.getFunction("prepare_plan"));
  }
#undef SET
  llvm::GlobalVariable *global = image.emit(module, kProgramSymbol);
  global->setLinkage(llvm::GlobalValue::ExternalLinkage);
  return global;
}

} // namespace horn::backend
