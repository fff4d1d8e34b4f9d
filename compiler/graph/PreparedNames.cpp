// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/PreparedNames.h"

#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

/// The variable at the end of the chain of first operands, where rewrites keep the weights; else
/// "", as where several are joined.
static StringRef mainVariable(Value value) {
  Operation *op = value.getDefiningOp();
  while (!isa<ReadOp>(op)) {
    if (op->getNumOperands() == 0 || isa<ConcatenateOp>(op))
      return {};
    op = op->getOperand(0).getDefiningOp();
  }
  return cast<ReadOp>(op).getVariable();
}

/// A user that needs the value in each run.
static Operation *runUser(Value value, const WeightOnly &weights) {
  for (Operation *user : value.getUsers())
    if (user->getNumResults() == 0 || !weights.contains(user->getResult(0)))
      return user;
  return nullptr;
}

/// The layer of the value, or else of its user.
static std::string layerOf(Value value, Operation *user) {
  StringRef path = layerPath(value.getLoc());
  if (path.empty() && user)
    path = layerPath(user->getLoc());
  return path.empty() ? shortName(value.getDefiningOp()).str() : path.str();
}

std::string horn::graph::preparedName(Value value, const WeightOnly &weights) {
  Operation *op = value.getDefiningOp(), *user = runUser(value, weights);
  StringRef variable = mainVariable(value);
  std::string layer = layerOf(value, user);
  std::string source = variable.empty() ? layer : variable.str();
  bool isForGates =
      isa_and_present<FusedOp>(user) && cast<RankedTensorType>(value.getType()).getRank() == 4;
  bool isPacked =
      isa<PackOp>(op) || (isa<ConcatenateOp>(op) && op->getOperand(0).getDefiningOp<PackOp>());
  if (isPacked || isForGates)
    return source + ".panels";
  if (isa<TransposeOp>(op))
    return source + ".transposed";
  if (isa_and_present<AddOp>(user))
    return layer + ".shift";
  if (isa_and_present<MultiplyOp>(user))
    return layer + ".scale";
  return layer + ".prepared";
}

std::string horn::graph::uniqueName(std::string name, const SymbolTable &symbols) {
  if (!symbols.lookup(name))
    return name;
  unsigned number = 1;
  while (symbols.lookup(name + "_" + std::to_string(number)))
    ++number;
  return name + "_" + std::to_string(number);
}
