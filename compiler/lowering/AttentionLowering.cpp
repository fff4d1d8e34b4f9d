// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/AttentionLowering.h"

#include "compiler/lowering/GroupBody.h"

#include "compiler/codegen/AttentionKernel.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::codegen::LaneStride;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

namespace {
/// An operand of a body: [batch..., queries, keys].
struct PairOperand {
  View view;
  codegen::Access access;
};
} // namespace

/// A view of a matrix for each batch, [batch..., rows, columns], its last two axes swapped on wish.
static View matrices(FunctionLowering &lowering, const View &view, bool swap,
                     ArrayRef<AffineExpr> batch) {
  View result = view;
  unsigned rank = view.rank();
  if (swap) {
    std::swap(result.shape[rank - 1], result.shape[rank - 2]);
    std::swap(result.strides[rank - 1], result.strides[rank - 2]);
  }
  result = lowering.withUnitStride(result);
  Dims shape(batch);
  shape.append(result.shape.end() - 2, result.shape.end());
  return broadcast(lowering.driver.scope, result, shape);
}

/// The operands of a body, spread over [batch..., queries, keys].
static SmallVector<PairOperand> pairOperands(FunctionLowering &lowering, Operation *fused,
                                             const GroupBody &body, ArrayRef<AffineExpr> pairs,
                                             codegen::ScoreBody &spec) {
  SmallVector<PairOperand> operands;
  for (const View &operand : lowering.operandViews(fused, body.operands)) {
    View view = broadcast(lowering.driver.scope, operand, pairs);
    auto stride = constantValue(view.strides[view.rank() - 2]);
    LaneStride lane = stride == 0   ? LaneStride::Broadcast
                      : stride == 1 ? LaneStride::Contiguous
                                    : LaneStride::Strided;
    operands.push_back({view, {view.element, lane}});
    spec.operands.push_back(operands.back().access);
  }
  return operands;
}

static ir::MatmulOp scoresOf(ir::AttendOp attend) {
  ir::MatmulOp scores;
  attend->getBlock()->walk([&](ir::MatmulOp matmul) { scores = matmul; });
  return scores;
}

static std::string signatureOf(const codegen::AttentionSpec &spec) {
  std::string key;
  llvm::raw_string_ostream stream(key);
  stream << spec.element << spec.scoreTile.vectors << "x" << spec.valueTile.vectors << "d"
         << spec.depth << "v" << spec.valueDepth << "b" << spec.batchAxes;
  for (const codegen::ScoreBody *body : {&spec.score, &spec.factor})
    stream << "|" << (body->block ? blockSignature(*body->block) : "")
           << accessSignature(body->operands);
  return key;
}

/// The stride from row to row.
static AffineExpr rowStride(const View &view) { return view.strides[view.rank() - 2]; }

/// Launches the kernel of `spec` on matrices y, q, k, v for each batch.
static void launchAttention(FunctionLowering &lowering, codegen::AttentionSpec &spec,
                            ArrayRef<View> matrices, ArrayRef<PairOperand> operands) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  const View &q = matrices[1], &k = matrices[2];
  AffineExpr queries = q.shape[q.rank() - 2], keys = k.shape[k.rank() - 2];
  LaunchArguments arguments;
  SmallVector<Dims> batchStrides;
  auto addView = [&](const View &view) {
    arguments.pointers.push_back(driver.pointer(view));
    batchStrides.push_back(Dims(ArrayRef(view.strides).drop_back(2)));
  };
  llvm::for_each(matrices, addView);
  for (const PairOperand &operand : operands)
    addView(operand.view);
  Dims batch(ArrayRef(q.shape).drop_back(2));
  SmallVector<Dims *> lists;
  for (Dims &list : batchStrides)
    lists.push_back(&list);
  collapseAxes(scope, batch, lists, 0);
  spec.batchAxes = batch.size();
  arguments.add({queries, keys});
  arguments.add(batch);
  for (const View &view : matrices)
    arguments.add(rowStride(view));
  for (const PairOperand &operand : operands) {
    arguments.add(operand.view.strides.back());
    if (operand.access.lane == LaneStride::Strided)
      arguments.add(rowStride(operand.view));
  }
  for (const Dims &list : batchStrides)
    arguments.add(list);
  std::string name = driver.kernels.get("attention", signatureOf(spec), [&](StringRef name) {
    emitAttentionKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  int64_t lanes = driver.target.vectorBytes / codegen::elementBytes(spec.element);
  int64_t width = spec.scoreTile.vectors * lanes;
  AffineExpr work = keys * (2 * width * (spec.depth + spec.valueDepth));
  driver.launch(name, arguments, scope.product(batch) * queries.ceilDiv(width), work);
}

LogicalResult lowerAttention(FunctionLowering &lowering, Operation *fused, ir::AttendOp attend) {
  ir::MatmulOp product = scoresOf(attend);
  auto argument = [&](Value value) { return lowering.operandView(fused, value); };
  Value root = fused->getResult(0);
  View result = lowering.resultViewThroughTranspose(root);
  lowering.bind(root, result);
  View y = hasUnitStride(result) ? result : lowering.driver.allocate(result.shape, result.element);
  ArrayRef<AffineExpr> batch = ArrayRef(y.shape).drop_back(2);
  View q = matrices(lowering, argument(product.getA()), product.getTransposeA(), batch);
  View k = matrices(lowering, argument(product.getB()), !product.getTransposeB(), batch);
  View v = matrices(lowering, argument(attend.getValues()), /*swap=*/false, batch);
  Dims pairs(batch);
  pairs.append({q.shape[q.rank() - 2], k.shape[k.rank() - 2]});

  const codegen::Target &target = lowering.driver.target;
  unsigned registers = target.vectorRegisters;
  codegen::AttentionSpec spec{.element = y.element,
                              .scoreTile = {},
                              .narrowTile = codegen::tileShapes(registers).back(),
                              .valueTile = {},
                              .depth = *constantValue(q.shape.back()),
                              .valueDepth = *constantValue(v.shape.back()),
                              .score = {},
                              .factor = {}};
  auto tileOf = [&](int64_t columns) {
    return codegen::chooseTile(columns, target.vectorBytes / codegen::elementBytes(y.element),
                               registers);
  };
  spec.scoreTile = tileOf(constantValue(q.shape[q.rank() - 2]).value_or(1024));
  spec.valueTile = tileOf(spec.valueDepth);
  GroupBody score = bodyBetween(fused, product, attend.getScores()), factor;
  spec.score.block = score.blockOrNull();
  SmallVector<PairOperand> operands = pairOperands(lowering, fused, score, pairs, spec.score);
  if (attend.getFactors()) {
    factor = prologueOf(fused, attend.getFactors());
    spec.factor.block = factor.block.get();
    llvm::append_range(operands, pairOperands(lowering, fused, factor, pairs, spec.factor));
  }
  launchAttention(lowering, spec, {y, q, k, v}, operands);
  if (y.base != result.base)
    lowering.copy(y, result);
  return success();
}

} // namespace horn::lowering
