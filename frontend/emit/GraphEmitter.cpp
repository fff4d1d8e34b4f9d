// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/emit/GraphEmitter.h"

#include "dialects/horn/HornModuleOps.h"
#include "frontend/core/Variable.h"
#include "frontend/emit/MlirContext.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

#include <map>

using namespace mlir;

namespace horn::emit {

namespace {
/// The tracer that builds ops.
class GraphEmitter : public Tracer {
public:
  explicit GraphEmitter(ModuleOp module) : module_(module), b_(module.getContext()) {}

  std::vector<Tensor> op(std::string_view name, const std::vector<Tensor> &operands,
                         const Attributes &attributes) override;
  Tensor constant(const Array &value) override;
  Tensor read(const Variable &variable) override;
  void assign(const Variable &variable, const Tensor &value) override;
  std::vector<Tensor> scan(const std::vector<Tensor> &initial, const std::vector<Tensor> &sequences,
                           bool reverse, const ScanBody &body) override;
  void push_location(const std::string &name) override { path_.push_back(name); }
  void pop_location() override { path_.pop_back(); }

  void emit_forward(Network &network);

private:
  Location location() const;
  FlatSymbolRefAttr declare(const Variable &variable);
  static Tensor tensor_of(mlir::Value value);
  static mlir::Value value_of(const Tensor &tensor) {
    return mlir::Value::getFromOpaquePointer(tensor.value());
  }
  static SmallVector<mlir::Value> values_of(const std::vector<Tensor> &tensors);

  ModuleOp module_;
  OpBuilder b_;
  std::vector<std::string> path_;
  std::map<const Variable *, FlatSymbolRefAttr> declared_;
  struct Assignment {
    Location location;
    FlatSymbolRefAttr variable;
    mlir::Value value;
  };
  std::vector<Assignment> assignments_; ///< made at the end of the run
};
} // namespace

/// Characters that read well in names of values; others become '_'.
static std::string readable(std::string name) {
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.' && c != '-')
      c = '_';
  return name;
}

Location GraphEmitter::location() const {
  std::string text;
  for (const std::string &name : path_)
    text += (text.empty() ? "" : ".") + readable(name);
  return text.empty() ? Location(UnknownLoc::get(b_.getContext()))
                      : Location(NameLoc::get(StringAttr::get(b_.getContext(), text)));
}

Tensor GraphEmitter::tensor_of(mlir::Value value) {
  TensorType type = tensor_type_of(value.getType());
  return Tensor(type.shape, type.dtype, value.getAsOpaquePointer());
}

SmallVector<mlir::Value> GraphEmitter::values_of(const std::vector<Tensor> &tensors) {
  SmallVector<mlir::Value> values;
  for (const Tensor &tensor : tensors)
    values.push_back(value_of(tensor));
  return values;
}

std::vector<Tensor> GraphEmitter::op(std::string_view name, const std::vector<Tensor> &operands,
                                     const Attributes &attributes) {
  SmallVector<mlir::Value> values = values_of(operands);
  NamedAttrList list = attribute_list(attributes);
  std::vector<Type> types = infer_result_types(name, values, list);
  OperationState state(location(), "horn." + std::string(name), values, types, list.getAttrs());
  std::vector<Tensor> results;
  for (mlir::Value result : b_.create(state)->getResults())
    results.push_back(tensor_of(result));
  return results;
}

Tensor GraphEmitter::constant(const Array &value) {
  RankedTensorType type = tensor_type({value.shape(), value.dtype()});
  DenseElementsAttr elements;
  if (value.dtype() == DType::boolean) {
    SmallVector<bool> bits;
    for (size_t i = 0; i < value.size(); ++i)
      bits.push_back(value.at(i) != 0);
    elements = DenseElementsAttr::get(type, bits);
  } else {
    ArrayRef<char> bytes(reinterpret_cast<const char *>(value.bytes()), value.num_bytes());
    elements = DenseElementsAttr::getFromRawBuffer(type, bytes);
  }
  return tensor_of(ir::ConstantOp::create(b_, location(), cast<ElementsAttr>(elements)));
}

FlatSymbolRefAttr GraphEmitter::declare(const Variable &variable) {
  FlatSymbolRefAttr &symbol = declared_[&variable];
  if (symbol)
    return symbol;
  OpBuilder::InsertionGuard guard(b_);
  b_.setInsertionPointToStart(module_.getBody());
  auto name = b_.getStringAttr(variable.symbol());
  // A variable's symbol must not be that of a function.
  symbol = FlatSymbolRefAttr::get(name);
  ir::VariableOp::create(
      b_, UnknownLoc::get(b_.getContext()), name,
      TypeAttr::get(tensor_type({variable.shape(), variable.dtype()})),
      b_.getStringAttr(variable.kind() == VariableKind::state ? "state" : "weight"));
  return symbol;
}

Tensor GraphEmitter::read(const Variable &variable) {
  return tensor_of(ir::ReadOp::create(
      b_, location(), tensor_type({variable.shape(), variable.dtype()}), declare(variable)));
}

void GraphEmitter::assign(const Variable &variable, const Tensor &value) {
  assignments_.push_back({location(), declare(variable), value_of(value)});
}

std::vector<Tensor> GraphEmitter::scan(const std::vector<Tensor> &initial,
                                       const std::vector<Tensor> &sequences, bool reverse,
                                       const ScanBody &body) {
  auto block = std::make_unique<Block>();
  std::vector<Tensor> carried, slices;
  for (const Tensor &tensor : initial)
    carried.push_back(tensor_of(block->addArgument(value_of(tensor).getType(), location())));
  for (const Tensor &tensor : sequences) {
    TensorType type{tensor.shape().slice(0, 1).concat(tensor.shape().slice(2, tensor.rank())),
                    tensor.dtype()};
    slices.push_back(tensor_of(block->addArgument(tensor_type(type), location())));
  }
  ScanStep step;
  {
    OpBuilder::InsertionGuard guard(b_);
    b_.setInsertionPointToEnd(block.get());
    step = body(carried, slices);
    SmallVector<mlir::Value> yielded = values_of(step.carried);
    llvm::append_range(yielded, values_of(step.outputs));
    ir::YieldOp::create(b_, location(), yielded);
  }
  SmallVector<Type> types;
  for (const Tensor &tensor : initial)
    types.push_back(value_of(tensor).getType());
  for (const Tensor &tensor : step.outputs) {
    Shape shape = tensor.shape()
                      .slice(0, 1)
                      .concat({sequences.front().shape()[1]})
                      .concat(tensor.shape().slice(1, tensor.rank()));
    types.push_back(tensor_type({shape, tensor.dtype()}));
  }
  auto scan = ir::ScanOp::create(b_, location(), types, values_of(initial), values_of(sequences),
                                 b_.getBoolAttr(reverse));
  scan.getBody().push_back(block.release());
  std::vector<Tensor> results;
  for (mlir::Value result : scan.getResults())
    results.push_back(tensor_of(result));
  return results;
}

void GraphEmitter::emit_forward(Network &network) {
  SmallVector<Type> inputTypes;
  for (const Tensor &input : network.inputs())
    inputTypes.push_back(tensor_type({input.shape(), input.dtype()}));
  b_.setInsertionPointToEnd(module_.getBody());
  auto function =
      func::FuncOp::create(b_, location(), ir::kForward, b_.getFunctionType(inputTypes, {}));
  b_.setInsertionPointToStart(function.addEntryBlock());
  std::vector<std::string> inputNames = network.input_names(), outputNames = network.output_names();
  std::vector<Tensor> inputs;
  for (BlockArgument argument : function.getArguments()) {
    function.setArgAttr(argument.getArgNumber(), "horn.name",
                        b_.getStringAttr(inputNames[argument.getArgNumber()]));
    argument.setLoc(NameLoc::get(b_.getStringAttr(readable(inputNames[argument.getArgNumber()]))));
    inputs.push_back(tensor_of(argument));
  }
  SmallVector<mlir::Value> outputs = values_of(network.trace(inputs));
  network.trace_state_updates();
  for (const Assignment &assignment : assignments_)
    ir::AssignOp::create(b_, assignment.location, assignment.variable, assignment.value);
  func::ReturnOp::create(b_, location(), outputs);
  function.setFunctionType(b_.getFunctionType(inputTypes, mlir::ValueRange(outputs).getTypes()));
  for (auto [i, name] : llvm::enumerate(outputNames))
    function.setResultAttr(i, "horn.name", b_.getStringAttr(name));
}

OwningOpRef<ModuleOp> emit_graph(Network &network) {
  MLIRContext &ctx = context();
  network.variables(); // gives each its path, which is its symbol
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&ctx), readable(network.name()));
  DiagnosticScope diagnostics;
  GraphEmitter emitter(*module);
  {
    TracerScope scope(emitter);
    emitter.emit_forward(network);
  }
  if (failed(verify(*module)))
    throw Error({.where = network.name(),
                 .what = "internal error: the emitted graph is not valid: " + diagnostics.text()});
  return module;
}

} // namespace horn::emit
