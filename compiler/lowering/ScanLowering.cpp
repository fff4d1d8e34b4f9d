// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops over time: the body becomes launches inside a loop of the driver.
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/KernelFunction.h"
#include "dialects/horn/HornModuleOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

/// Step `time` (a value of the loop) of a tensor [batch, time, ...].
static View stepOf(FunctionLowering &lowering, const View &sequence, Value time) {
  Driver &driver = lowering.driver;
  Value stride = driver.size(sequence.strides[1]);
  View step = driver.moved(sequence, arith::MulIOp::create(driver.b, driver.loc, time, stride));
  step.shape.erase(step.shape.begin() + 1);
  step.strides.erase(step.strides.begin() + 1);
  return step;
}

/// The time at which round `i` of the loop works.
static Value timeOf(Driver &driver, Value round, Value steps, bool reverse) {
  if (!reverse)
    return round;
  Value last = arith::SubIOp::create(driver.b, driver.loc, steps,
                                     codegen::indexConstant(driver.b, driver.loc, 1));
  return arith::SubIOp::create(driver.b, driver.loc, last, round);
}

LogicalResult lowerScan(FunctionLowering &lowering, Operation *op) {
  auto scan = cast<ir::ScanOp>(op);
  Driver &driver = lowering.driver;
  Block &body = scan.getBody().front();
  if (scan.getSequences().empty())
    return op->emitError("a scan without sequences has no length");
  size_t carriedCount = scan.getCarried().size();
  // The carried values live in buffers that each round reads and, at its end, overwrites.
  SmallVector<View> carried, stacked;
  for (auto [i, value] : llvm::enumerate(scan.getCarried())) {
    carried.push_back(lowering.resultView(op->getResult(i)));
    lowering.copy(lowering.view(value), carried.back());
  }
  for (Value result : op->getResults().drop_front(carriedCount))
    stacked.push_back(lowering.resultView(result));
  AffineExpr length = lowering.shapes.dims(scan.getSequences().front())[1];
  Value steps = driver.size(length), zero = codegen::indexConstant(driver.b, driver.loc, 0);
  LogicalResult status = success();
  codegen::emitLoop(driver.b, driver.loc, zero, steps,
                    codegen::indexConstant(driver.b, driver.loc, 1), [&](Value round) {
                      Value time = timeOf(driver, round, steps, scan.getReverse());
                      for (auto [i, view] : llvm::enumerate(carried))
                        lowering.bind(body.getArgument(i), view);
                      for (auto [i, sequence] : llvm::enumerate(scan.getSequences()))
                        lowering.bind(body.getArgument(carriedCount + i),
                                      stepOf(lowering, lowering.view(sequence), time));
                      // A step's output is computed where it stays, if a kernel computes it and it
                      // is used once.
                      Operation *yield = body.getTerminator();
                      for (auto [i, view] : llvm::enumerate(stacked)) {
                        Value value = yield->getOperand(carriedCount + i);
                        if (value.hasOneUse() && value.getDefiningOp<ir::FusedOp>())
                          lowering.setDestination(value, stepOf(lowering, view, round));
                      }
                      status = lowering.lowerBlock(body);
                      if (failed(status))
                        return;
                      driver.loc = op->getLoc();
                      for (auto [i, view] : llvm::enumerate(stacked)) {
                        Value value = yield->getOperand(carriedCount + i);
                        if (!(value.hasOneUse() && value.getDefiningOp<ir::FusedOp>()))
                          lowering.copy(lowering.view(value), stepOf(lowering, view, round));
                      }
                      // First everything into fresh memory where a new value is another carried
                      // one's old value.
                      SmallVector<View> next;
                      for (size_t i = 0; i < carriedCount; ++i) {
                        Value value = yield->getOperand(i);
                        View view = lowering.view(value);
                        bool isOldState = isa<BlockArgument>(value) &&
                                          value != body.getArgument(i) && carriedCount > 1;
                        if (isOldState) {
                          View saved = driver.allocate(view.shape, view.element);
                          lowering.copy(view, saved);
                          view = saved;
                        }
                        next.push_back(view);
                      }
                      for (size_t i = 0; i < carriedCount; ++i)
                        if (yield->getOperand(i) != body.getArgument(i))
                          lowering.copy(next[i], carried[i]);
                    });
  if (failed(status))
    return failure();
  for (auto [i, view] : llvm::enumerate(carried))
    lowering.bind(op->getResult(i), view);
  for (auto [i, view] : llvm::enumerate(stacked))
    lowering.bind(op->getResult(carriedCount + i), view);
  return success();
}

} // namespace horn::lowering
