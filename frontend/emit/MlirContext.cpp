// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/emit/MlirContext.h"

#include "compiler/Pipeline.h"
#include "frontend/emit/RemarkScope.h"

#include "mlir/IR/Block.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;

namespace horn::emit {

static std::unique_ptr<MLIRContext> make_context() {
  DialectRegistry registry;
  registerDialects(registry);
  auto context = std::make_unique<MLIRContext>(registry);
  context->loadAllAvailableDialects();
  enable_remarks(*context);
  return context;
}

MLIRContext &context() {
  static std::unique_ptr<MLIRContext> instance = make_context();
  return *instance;
}

Type element_type(DType dtype) {
  Builder b(&context());
  switch (dtype) {
  case DType::float32:
    return b.getF32Type();
  case DType::float64:
    return b.getF64Type();
  case DType::float16:
    return b.getF16Type();
  case DType::bfloat16:
    return b.getBF16Type();
  case DType::int8:
    return b.getIntegerType(8);
  case DType::int16:
    return b.getIntegerType(16);
  case DType::int32:
    return b.getIntegerType(32);
  case DType::int64:
    return b.getIntegerType(64);
  case DType::uint8:
    return b.getIntegerType(8, /*isSigned=*/false);
  case DType::uint16:
    return b.getIntegerType(16, /*isSigned=*/false);
  case DType::uint32:
    return b.getIntegerType(32, /*isSigned=*/false);
  case DType::uint64:
    return b.getIntegerType(64, /*isSigned=*/false);
  case DType::boolean:
    return b.getI1Type();
  }
  return nullptr;
}

DType dtype_of(Type element) {
  for (int i = 0; i <= static_cast<int>(DType::boolean); ++i)
    if (element_type(static_cast<DType>(i)) == element)
      return static_cast<DType>(i);
  assert(false && "an element type that the frontend does not have");
  return DType::float32;
}

RankedTensorType tensor_type(const TensorType &type) {
  SmallVector<int64_t> shape;
  for (int64_t dim : type.shape)
    shape.push_back(dim < 0 ? ShapedType::kDynamic : dim);
  return RankedTensorType::get(shape, element_type(type.dtype));
}

TensorType tensor_type_of(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  std::vector<int64_t> dims;
  for (int64_t dim : tensor.getShape())
    dims.push_back(ShapedType::isDynamic(dim) ? None : dim);
  return {Shape(std::move(dims)), dtype_of(tensor.getElementType())};
}

static mlir::Attribute attribute_of(const AttributeValue &value) {
  Builder b(&context());
  struct Visitor {
    Builder &b;
    mlir::Attribute operator()(bool v) const { return b.getBoolAttr(v); }
    mlir::Attribute operator()(int64_t v) const { return b.getI64IntegerAttr(v); }
    mlir::Attribute operator()(double v) const { return b.getF64FloatAttr(v); }
    mlir::Attribute operator()(const std::string &v) const { return b.getStringAttr(v); }
    mlir::Attribute operator()(const std::vector<int64_t> &v) const {
      return b.getDenseI64ArrayAttr(v);
    }
    mlir::Attribute operator()(const std::vector<double> &v) const {
      return b.getDenseF64ArrayAttr(v);
    }
    mlir::Attribute operator()(DType v) const { return TypeAttr::get(element_type(v)); }
  };
  return std::visit(Visitor{b}, value);
}

NamedAttrList attribute_list(const Attributes &attributes) {
  NamedAttrList list;
  for (const horn::Attribute &attribute : attributes)
    list.set(StringAttr::get(&context(), StringRef(attribute.name.data(), attribute.name.size())),
             attribute_of(attribute.value));
  return list;
}

DiagnosticScope::DiagnosticScope()
    : handler_(
          std::make_unique<ScopedDiagnosticHandler>(&context(), [this](Diagnostic &diagnostic) {
            if (diagnostic.getSeverity() == DiagnosticSeverity::Error) {
              text_ += (text_.empty() ? "" : "\n") + diagnostic.str();
              for (Diagnostic &note : diagnostic.getNotes())
                text_ += "\n  " + note.str();
            }
            return success();
          })) {}

DiagnosticScope::~DiagnosticScope() = default;

std::vector<Type> infer_result_types(std::string_view name, ValueRange operands,
                                     const NamedAttrList &attributes) {
  MLIRContext &ctx = context();
  OperationName op(("horn." + std::string(name)), &ctx);
  auto *inference = op.getInterface<InferTypeOpInterface>();
  if (!inference)
    throw Error({.what = "there is no op horn." + std::string(name) + " with inferred types"});
  DiagnosticScope diagnostics;
  SmallVector<Type> types;
  Location location = UnknownLoc::get(&ctx);
  DictionaryAttr dictionary = attributes.getDictionary(&ctx);
  // Properties hold the op's own attributes; setting them checks names and kinds.
  OpaqueProperties properties = nullptr;
  std::unique_ptr<char[]> memory;
  if (size_t bytes = op.getOpPropertyByteSize()) {
    memory = std::make_unique<char[]>(bytes + 16);
    properties = OpaqueProperties(memory.get());
    op.initOpProperties(properties, OpaqueProperties(nullptr));
    if (failed(op.setOpPropertiesFromAttribute(op, properties, dictionary,
                                               [&]() { return mlir::emitError(location); }))) {
      op.destroyOpProperties(properties);
      throw Error({.where = "horn." + std::string(name), .what = diagnostics.text()});
    }
  }
  LogicalResult status = inference->inferReturnTypes(&ctx, location, operands, dictionary,
                                                     properties, RegionRange(), types);
  if (properties)
    op.destroyOpProperties(properties);
  if (failed(status))
    throw Error({.what = diagnostics.text()});
  return std::vector<Type>(types.begin(), types.end());
}

} // namespace horn::emit

std::vector<horn::TensorType> horn::infer_types(std::string_view name,
                                                const std::vector<TensorType> &operands,
                                                const Attributes &attributes) {
  mlir::Block scratch; // its arguments stand for the operands
  mlir::Location location = mlir::UnknownLoc::get(&emit::context());
  for (const TensorType &operand : operands)
    scratch.addArgument(emit::tensor_type(operand), location);
  std::vector<TensorType> results;
  for (mlir::Type type :
       emit::infer_result_types(name, scratch.getArguments(), emit::attribute_list(attributes)))
    results.push_back(emit::tensor_type_of(type));
  return results;
}
