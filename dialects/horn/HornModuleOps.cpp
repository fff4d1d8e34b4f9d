// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/HornModuleOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace horn::ir;

LogicalResult VariableOp::verify() {
  if (getKind() != "weight" && getKind() != "prepared" && getKind() != "state")
    return emitOpError("kind must be \"weight\", \"prepared\" or \"state\", not \"")
           << getKind() << "\"";
  if (!cast<RankedTensorType>(getType()).hasStaticShape())
    return emitOpError("must have a known shape, not ") << getType();
  return success();
}

/// Checks that `symbol` names a variable of the given type.
static LogicalResult verifyVariable(Operation *user, SymbolTableCollection &symbols,
                                    FlatSymbolRefAttr symbol, Type type) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(user, symbol);
  if (!variable)
    return user->emitOpError("refers to ") << symbol << ", which is not a variable of the module";
  if (variable.getType() != type) {
    InFlightDiagnostic error = user->emitOpError("has type ")
                               << type << ", but " << symbol << " has another";
    error.attachNote(variable.getLoc()) << "declared here as " << variable.getType();
    return error;
  }
  return success();
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyVariable(*this, symbols, getVariableAttr(), getValue().getType());
}
LogicalResult AssignOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyVariable(*this, symbols, getVariableAttr(), getValue().getType());
}
LogicalResult KeepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyVariable(*this, symbols, getVariableAttr(), getValue().getType());
}

/// A tensor type without its time axis (axis 1).
static RankedTensorType stepOf(Type sequence) {
  RankedTensorType::Builder step(cast<RankedTensorType>(sequence));
  return step.dropDim(1);
}

/// Checks that the body's arguments and results are the carried values and steps of the sequences.
static LogicalResult verifyScanTypes(ScanOp op) {
  size_t carried = op.getCarried().size();
  SmallVector<Type> arguments(op.getCarried().getTypes());
  for (Value sequence : op.getSequences())
    arguments.push_back(stepOf(sequence.getType()));
  SmallVector<Type> yields;
  for (auto [i, type] : llvm::enumerate(op.getResultTypes())) {
    if (i >= carried && cast<RankedTensorType>(type).getRank() < 2)
      return op.emitOpError("outputs must have a time axis (axis 1)");
    yields.push_back(i < carried ? type : stepOf(type));
  }
  Block &block = op.getBody().front();
  // Unknown sizes may be known on one side.
  if (failed(verifyCompatibleShapes(block.getArgumentTypes(), arguments)))
    return op.emitOpError("body's arguments must have the types of the carried values and of a "
                          "step of each sequence");
  if (failed(verifyCompatibleShapes(block.getTerminator()->getOperandTypes(), yields)))
    return op.emitOpError(
        "body must yield the types of the carried values and of a step of each output");
  return success();
}

LogicalResult ScanOp::verify() {
  size_t carried = getCarried().size();
  Block &block = getBody().front();
  if (block.getNumArguments() != carried + getSequences().size())
    return emitOpError("body must have one argument for each carried value and sequence");
  if (block.getTerminator()->getNumOperands() != getNumResults() || getNumResults() < carried)
    return emitOpError("body must yield one value for each result");
  for (Value sequence : getSequences())
    if (cast<RankedTensorType>(sequence.getType()).getRank() < 2)
      return emitOpError("sequences must have a time axis (axis 1)");
  return verifyScanTypes(*this);
}

LogicalResult FusedOp::verify() {
  Block &block = getBody().front();
  if (block.getArgumentTypes() != getInputs().getTypes())
    return emitOpError("body must have one argument of the same type for each input");
  if (block.getTerminator()->getOperandTypes() != getResultTypes())
    return emitOpError("body must yield one value of the same type for each result");
  return success();
}

#define GET_OP_CLASSES
#include "dialects/horn/HornModuleOps.cpp.inc"
