// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model by the reference interpreter.
#include "compiler/reference/Interpreter.h"
#include "dialects/horn/Horn.h"
#include "frontend/core/Variable.h"
#include "frontend/emit/Compilation.h"
#include "frontend/emit/MlirContext.h"

#include <cstring>
#include <map>

using namespace mlir;

namespace horn {

static reference::Tensor tensor_of(const Array &array) {
  auto element = reference::elementTypeOf(emit::element_type(array.dtype()));
  return reference::fromBytes(element, array.shape().dims(), array.bytes());
}

static DType dtype_of(reference::ElementType element) {
  // Both lists have the same order but for bool.
  switch (element) {
  case reference::ElementType::F32:
    return DType::float32;
  case reference::ElementType::F64:
    return DType::float64;
  case reference::ElementType::F16:
    return DType::float16;
  case reference::ElementType::BF16:
    return DType::bfloat16;
  case reference::ElementType::I1:
    return DType::boolean;
  case reference::ElementType::I8:
    return DType::int8;
  case reference::ElementType::I16:
    return DType::int16;
  case reference::ElementType::I32:
    return DType::int32;
  case reference::ElementType::I64:
    return DType::int64;
  case reference::ElementType::UI8:
    return DType::uint8;
  case reference::ElementType::UI16:
    return DType::uint16;
  case reference::ElementType::UI32:
    return DType::uint32;
  case reference::ElementType::UI64:
    return DType::uint64;
  }
  return DType::float32;
}

static Array array_of(const reference::Tensor &tensor) {
  Array array(Shape(std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end())),
              dtype_of(tensor.element));
  std::vector<char> bytes = reference::toBytes(tensor);
  std::memcpy(array.bytes(), bytes.data(), bytes.size());
  return array;
}

std::vector<Array> interpret(const Model &model, const std::vector<Array> &inputs, bool in_double) {
  emit::CompilationLog log;
  auto module = emit::compile_module(model, {}, Phase::import, log);
  std::map<std::string, Weight> weights;
  for (const Weight &weight : model.network()->variables())
    weights[weight->symbol()] = weight;
  std::vector<reference::Tensor> tensors;
  for (const Array &input : inputs)
    tensors.push_back(tensor_of(input));
  auto find = [&](llvm::StringRef symbol) -> FailureOr<reference::Tensor> {
    auto found = weights.find(symbol.str());
    if (found == weights.end())
      return failure();
    return tensor_of(found->second->value());
  };
  reference::Options options;
  options.precision = in_double ? reference::Precision::F64 : reference::Precision::AsTyped;
  emit::DiagnosticScope diagnostics;
  auto results = reference::interpret(module->lookupSymbol<func::FuncOp>(ir::kForward), tensors,
                                      find, options);
  if (failed(results))
    emit::fail(model.name(), diagnostics.text());
  std::vector<Array> outputs;
  for (const reference::Tensor &result : *results)
    outputs.push_back(array_of(result));
  return outputs;
}

} // namespace horn
