// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Steps of recurrent cells: one product, and what is computed from its gates.
#include "compiler/lowering/Contraction.h"

#include "compiler/support/Blocks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

/// The operands of a group in front of those of its element-wise ops: of the product.
static constexpr unsigned kProductOperands = 2;

static ir::GateMatmulOp gateProduct(Operation *fused) {
  auto products = cast<ir::FusedOp>(fused).getBody().front().getOps<ir::GateMatmulOp>();
  return products.empty() ? nullptr : *products.begin();
}

/// The group's element-wise ops as an epilogue: arguments are the gates' sums, then the group's
/// other operands.
static support::OwnedBlock cellEpilogue(Operation *fused, ir::GateMatmulOp product,
                                        unsigned gates) {
  support::OwnedBlock epilogue;
  Block &body = cast<ir::FusedOp>(fused).getBody().front();
  OpBuilder b = epilogue.builder(fused->getContext());
  auto type = RankedTensorType::get({}, getElementTypeOrSelf(product.getType()));
  for (unsigned gate = 0; gate < gates; ++gate)
    epilogue->addArgument(type, fused->getLoc());
  IRMapping mapping;
  for (BlockArgument argument : body.getArguments().drop_front(kProductOperands))
    mapping.map(argument, epilogue->addArgument(argument.getType(), argument.getLoc()));
  int64_t units = product.getUnits();
  if (gates == 1)
    mapping.map(product.getResult(), epilogue->getArgument(0));
  for (Operation &op : body) {
    if (auto slice = dyn_cast<ir::SliceOp>(op))
      mapping.map(slice.getResult(), epilogue->getArgument(slice.getStarts()[1] / units));
    else if (&op != product)
      b.clone(op, mapping);
  }
  return epilogue;
}

bool readsOwnElements(Operation *fused, Value operand) {
  if (isElementwiseGroup(fused))
    return true;
  return gateProduct(fused) &&
         !llvm::is_contained(fused->getOperands().take_front(kProductOperands), operand);
}

/// Whether an op only moves what the loop does not change, or reads it.
static bool movesConstantsOfLoop(Operation &op, ir::ScanOp scan) {
  Block &body = scan.getBody().front();
  auto changes = [&](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    bool isCarried = argument && argument.getOwner() == &body &&
                     argument.getArgNumber() < scan.getCarried().size();
    return isCarried || value.getDefiningOp<ir::FusedOp>();
  };
  return isa<ir::SliceOp, ir::ReshapeOp, ir::TransposeOp, ir::BroadcastToOp, ir::ReverseOp,
             ir::ReadOp, ir::ConstantOp>(op) &&
         llvm::none_of(op.getOperands(), changes);
}

bool areRowsApart(ir::ScanOp scan) {
  Block &body = scan.getBody().front();
  Operation *cell = nullptr;
  for (Operation &op : body.without_terminator()) {
    if (isa<ir::FusedOp>(op) && !cell)
      cell = &op;
    else if (!movesConstantsOfLoop(op, scan))
      return false;
  }
  if (!cell || !gateProduct(cell))
    return false;
  Type result = cell->getResult(0).getType();
  return llvm::all_of(body.getArguments().take_front(scan.getCarried().size()), [&](Value state) {
    return llvm::all_of(cell->getOpOperands(), [&](OpOperand &operand) {
      // As the left operand of the product, or element by element.
      return operand.get() != state || operand.getOperandNumber() == 0 ||
             (operand.getOperandNumber() >= kProductOperands && state.getType() == result);
    });
  });
}

LogicalResult lowerCell(FunctionLowering &lowering, Operation *fused) {
  ir::GateMatmulOp product = gateProduct(fused);
  Driver &driver = lowering.driver;
  View a = lowering.withUnitStride(lowering.view(fused->getOperand(0)));
  View panels = lowering.contiguous(lowering.view(fused->getOperand(1)));
  unsigned gates = *constantValue(panels.shape[2]);
  int64_t gateWidth = *constantValue(panels.shape[3]);
  unsigned lanes = driver.target.vectorBytes / codegen::elementBytes(a.element);
  // Results that kernels cannot write to are copied from where they can.
  SmallVector<View> results, written;
  for (Value result : fused->getResults()) {
    results.push_back(lowering.resultView(result));
    bool canWrite = hasUnitStride(results.back());
    written.push_back(canWrite ? results.back()
                               : driver.allocate(results.back().shape, results.back().element));
    lowering.bind(result, results.back());
  }
  Contraction x;
  x.a = a;
  x.b = panels;
  x.c = written.front();
  x.otherResults.assign(written.begin() + 1, written.end());
  x.gates = gates;
  x.areRowsApart = driver.areRowsApart;
  x.k = a.shape.back();
  x.n = x.c.shape.back();
  x.bRowStride = driver.scope.constant(gates * gateWidth);
  x.panelStride = x.k * (gates * gateWidth);
  x.tile = codegen::tileOfWidth(gates * gateWidth / lanes, driver.target.vectorRegisters);
  support::OwnedBlock epilogue = cellEpilogue(fused, product, gates);
  SmallVector<View> operands;
  for (Value operand : fused->getOperands().drop_front(kProductOperands))
    operands.push_back(lowering.view(operand));
  launchContraction(lowering, x, epilogue.get(), blockSignature(*epilogue.get()), operands);
  for (auto [result, view] : llvm::zip(results, written))
    if (view.base != result.base)
      lowering.copy(view, result);
  return success();
}

} // namespace horn::lowering
