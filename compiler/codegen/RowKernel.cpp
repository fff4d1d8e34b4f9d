// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/RowKernel.h"

#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/RowBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace horn::codegen {

unsigned laneCount(const Target &target, ArrayRef<Access> accesses) {
  unsigned bytes = 4; // narrower elements are widened to this anyway
  for (const Access &access : accesses) {
    if (access.lane == LaneStride::Strided)
      return 1;
    bytes = std::max(bytes, elementBytes(access.element));
  }
  return target.vectorBytes / bytes;
}

namespace {
/// The memory of one operand or of the result.
struct Rows {
  Access access;
  Value base;
  SmallVector<Value> outerStrides;
  Value laneStride; ///< null unless Strided
};

/// Emits the code of one kernel.
class RowEmitter {
public:
  RowEmitter(KernelFunction &kernel, const RowKernelSpec &spec, unsigned lanes)
      : kernel_(kernel), b_(kernel.b), loc_(kernel.loc), spec_(spec),
        lanes_(kernel.b, kernel.loc, lanes) {}

  void run();

private:
  void takeArguments();
  void emitTask(Value task);

  KernelFunction &kernel_;
  OpBuilder &b_;
  Location loc_;
  const RowKernelSpec &spec_;
  Lanes lanes_;
  Rows result_;
  SmallVector<Rows> operands_;
  SmallVector<Value> outerSizes_;
  Value length_;
};
} // namespace

void RowEmitter::takeArguments() {
  auto takePointer = [&](const Access &access) {
    return Rows{.access = access, .base = kernel_.pointer(), .outerStrides = {}, .laneStride = {}};
  };
  result_ = takePointer(spec_.result);
  for (const Access &access : spec_.operands)
    operands_.push_back(takePointer(access));
  outerSizes_ = kernel_.sizes(spec_.outerAxes);
  length_ = kernel_.size();
  auto takeStrides = [&](Rows &rows) {
    rows.outerStrides = kernel_.sizes(spec_.outerAxes);
    if (rows.access.lane == LaneStride::Strided)
      rows.laneStride = kernel_.size();
  };
  takeStrides(result_);
  llvm::for_each(operands_, takeStrides);
}

void RowEmitter::run() {
  takeArguments();
  kernel_.forEachTask([&](Value task) { emitTask(task); });
}

void RowEmitter::emitTask(Value task) {
  SmallVector<Value> outer = splitIndex(b_, loc_, task, outerSizes_);
  auto rowOf = [&](const Rows &rows) {
    Value row = elementAt(b_, loc_, rows.access.element, rows.base, outer, rows.outerStrides);
    return RowPointer{.access = rows.access, .row = row, .laneStride = rows.laneStride};
  };
  RowPointer result = rowOf(result_);
  SmallVector<RowPointer> operands = llvm::map_to_vector(operands_, rowOf);
  if (spec_.outerAxes > 0)
    return emitRowBody(lanes_, spec_.body, operands, result, indexConstant(b_, loc_, 0), length_);
  Value chunk = indexConstant(b_, loc_, kRowChunk);
  Value first = arith::MulIOp::create(b_, loc_, task, chunk);
  Value last =
      arith::MinSIOp::create(b_, loc_, arith::AddIOp::create(b_, loc_, first, chunk), length_);
  emitRowBody(lanes_, spec_.body, operands, result, first, last);
}

void emitRowKernel(ModuleOp module, StringRef name, Location location, const RowKernelSpec &spec,
                   const Target &target) {
  KernelFunction kernel(module, name, location);
  SmallVector<Access> all(spec.operands);
  all.push_back(spec.result);
  RowEmitter(kernel, spec, laneCount(target, all)).run();
}

} // namespace horn::codegen
