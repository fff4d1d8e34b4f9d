// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/AttentionKernel.h"

#include "compiler/codegen/ElementEmitter.h"
#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace horn::codegen {

namespace {
/// A tensor [batch..., rows, ...] in memory.
struct Rows {
  Type element;
  Value base;
  Value stride;
  SmallVector<Value> batchStrides;
  Value current; ///< base at the current batch
};

/// An operand of the body, [batch..., queries, keys].
struct Operand {
  Access access;
  Rows keys;         ///< from key to key
  Value queryStride; ///< null unless Strided
};

/// Emits the code of one kernel.
class AttentionEmitter {
public:
  AttentionEmitter(KernelFunction &kernel, const AttentionSpec &spec, unsigned lanes)
      : kernel_(kernel), b_(kernel.b), loc_(kernel.loc), spec_(spec),
        lanes_(kernel.b, kernel.loc, lanes) {}

  void run();

private:
  SmallVector<Operand *> operands();
  /// y, q, k, v and the operands.
  SmallVector<Rows *> allRows();
  void takeArguments();
  void takeScratch();
  void emitTask(Value task);
  void reset();
  /// Writes the queries of the task to queries_, turned: [depth, width].
  void packQueries();
  /// The products of all queries with `keys` keys from `first` on, to scores_.
  void emitScores(Value first, Value keys);
  /// The body of each score; then the largest ones, and by what all before shrinks.
  void finishScores(Value first, Value keys);
  /// e^(score - largest) in place, and the sums of them.
  void emitWeights(Value first, Value keys);
  /// Adds the values of these keys, weighted, to results_.
  void emitResults(Value first, Value keys);
  void emitResultTile(Value row, unsigned rows, Value column, Value values, ArrayRef<Value> masks,
                      Value keys);
  void storeResults();

  /// The value of a body for vector v of a key; `score` is null for the factor.
  Value applyBody(const ScoreBody &body, ArrayRef<Operand> operands, Value score, Value key,
                  unsigned v);
  Value loadOperand(const Operand &operand, Value key, unsigned v);
  /// Lanes from queries that are not neighbours in memory.
  Value gather(const Operand &operand, Value row, unsigned v);
  /// Calls `body` for the vectors of each of `count` rows of scores_, and carries one vector each.
  SmallVector<Value>
  overScores(Value count, ArrayRef<Value> initial,
             llvm::function_ref<Value(Value row, unsigned v, Value at, Value carried)> body);

  Value add(Value x, Value y) { return addIndex(b_, loc_, x, y); }
  Value mul(Value x, Value y) { return mulIndex(b_, loc_, x, y); }
  Value smaller(Value x, Value y) { return arith::MinSIOp::create(b_, loc_, x, y); }
  Value index(int64_t value) { return indexConstant(b_, loc_, value); }
  Value element(Value base, Value offset, Type type) {
    return elementAt(b_, loc_, type, base, {offset}, {index(1)});
  }
  Value load(Value base, Value at) {
    return lanes_.load(spec_.element, base, at, LaneStride::Contiguous, Value());
  }
  void store(Value value, Value base, Value at) { lanes_.store(value, base, at, Value()); }
  /// A query's number in a scratch vector, in all lanes.
  Value splat(Value base, Value at) {
    return lanes_.load(spec_.element, base, at, LaneStride::Broadcast, Value());
  }
  Value exp(Value x) { return emitNamed(lanes_, "exp", {x}, spec_.element); }
  unsigned vectors() const { return tile_.vectors; }
  int64_t width() const { return spec_.scoreTile.vectors * lanes_.count; }
  int64_t valueWidth() const { return spec_.valueTile.vectors * lanes_.count; }
  /// Elements of a row of results_: whole panels.
  int64_t resultStride() const { return llvm::alignTo(spec_.valueDepth, valueWidth()); }

  KernelFunction &kernel_;
  OpBuilder &b_;
  Location loc_;
  const AttentionSpec &spec_;
  Lanes lanes_;
  Rows y_, q_, k_, v_;
  SmallVector<Operand> scoreOperands_, factorOperands_;
  Value m_, t_;
  TileShape tile_; ///< of scores, now
  SmallVector<Value> batchSizes_;
  Value queries_;                  ///< scratch, [depth, width]
  Value scores_;                   ///< scratch, [kKeyBlock, width]; then the weights
  Value results_;                  ///< scratch, [width, resultStride]
  Value largest_, sums_, factors_; ///< scratch, [width]
  Value firstQuery_, count_;       ///< of the current task
  SmallVector<Value> queryMasks_;
};
} // namespace

SmallVector<Operand *> AttentionEmitter::operands() {
  SmallVector<Operand *> all;
  for (SmallVector<Operand> *list : {&scoreOperands_, &factorOperands_})
    for (Operand &operand : *list)
      all.push_back(&operand);
  return all;
}

void AttentionEmitter::takeArguments() {
  for (Rows *rows : {&y_, &q_, &k_, &v_})
    *rows = {spec_.element, kernel_.pointer(), {}, {}, {}};
  auto takePointers = [&](const ScoreBody &body, SmallVector<Operand> &operands) {
    for (const Access &access : body.operands)
      operands.push_back({access, {access.element, kernel_.pointer(), {}, {}, {}}, {}});
  };
  takePointers(spec_.score, scoreOperands_);
  takePointers(spec_.factor, factorOperands_);
  m_ = kernel_.size();
  t_ = kernel_.size();
  batchSizes_ = kernel_.sizes(spec_.batchAxes);
  for (Rows *rows : {&y_, &q_, &k_, &v_})
    rows->stride = kernel_.size();
  for (Operand *operand : operands()) {
    operand->keys.stride = kernel_.size();
    if (operand->access.lane == LaneStride::Strided)
      operand->queryStride = kernel_.size();
  }
  for (Rows *rows : allRows())
    rows->batchStrides = kernel_.sizes(spec_.batchAxes);
}

SmallVector<Rows *> AttentionEmitter::allRows() {
  SmallVector<Rows *> all = {&y_, &q_, &k_, &v_};
  for (Operand *operand : operands())
    all.push_back(&operand->keys);
  return all;
}

void AttentionEmitter::takeScratch() {
  auto scratch = [&](int64_t count) { return kernel_.scratch(spec_.element, count); };
  queries_ = scratch(llvm::alignTo(spec_.depth, lanes_.count) * width());
  scores_ = scratch(kKeyBlock * width());
  results_ = scratch(width() * resultStride());
  largest_ = scratch(width());
  sums_ = scratch(width());
  factors_ = scratch(width());
}

void AttentionEmitter::run() {
  takeArguments();
  takeScratch();
  kernel_.forEachTask([&](Value task) { emitTask(task); });
}

void AttentionEmitter::emitTask(Value task) {
  SmallVector<Value> sizes = batchSizes_;
  sizes.push_back(arith::CeilDivUIOp::create(b_, loc_, m_, index(width())));
  SmallVector<Value> at = splitIndex(b_, loc_, task, sizes);
  firstQuery_ = mul(at.pop_back_val(), index(width()));
  count_ = smaller(arith::SubIOp::create(b_, loc_, m_, firstQuery_), index(width()));
  for (Rows *rows : allRows())
    rows->current = elementAt(b_, loc_, rows->element, rows->base, at, rows->batchStrides);
  tile_ = spec_.scoreTile;
  queryMasks_.clear();
  for (unsigned v = 0; v < vectors(); ++v)
    queryMasks_.push_back(lanes_.maskBelow(index(v * lanes_.count), count_));
  packQueries();
  reset();
  // The last block may have few queries, and the only one of a decoder has one.
  Value isNarrow =
      arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::sle, count_, index(lanes_.count));
  emitLoop(b_, loc_, index(0), t_, index(kKeyBlock), [&](Value first) {
    Value keys = smaller(arith::SubIOp::create(b_, loc_, t_, first), index(kKeyBlock));
    auto emitBy = [&](const TileShape &tile) {
      tile_ = tile;
      emitScores(first, keys);
      finishScores(first, keys);
      emitWeights(first, keys);
    };
    if (spec_.scoreTile.vectors > 1) {
      auto branch = scf::IfOp::create(b_, loc_, isNarrow, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b_);
      b_.setInsertionPointToStart(branch.thenBlock());
      emitBy(spec_.narrowTile);
      b_.setInsertionPointToStart(branch.elseBlock());
      emitBy(spec_.scoreTile);
    } else {
      emitBy(spec_.scoreTile);
    }
    emitResults(first, keys);
  });
  storeResults();
}

void AttentionEmitter::reset() {
  // The lowest number, not -infinity: where all scores are that, their weights are 0 and not NaN,
  // as other blocks may have larger ones.
  const llvm::fltSemantics &semantics = cast<FloatType>(spec_.element).getFloatSemantics();
  double lowest = APFloat::getLargest(semantics, /*Negative=*/true).convertToDouble();
  for (unsigned v = 0; v < vectors(); ++v) {
    store(lanes_.real(lowest, spec_.element), largest_, index(v * lanes_.count));
    store(lanes_.real(0, spec_.element), sums_, index(v * lanes_.count));
  }
  emitLoop(b_, loc_, index(0), index(width() * resultStride()), index(lanes_.count),
           [&](Value at) { store(lanes_.real(0, spec_.element), results_, at); });
}

void AttentionEmitter::packQueries() {
  unsigned count = lanes_.count;
  Value last = arith::SubIOp::create(b_, loc_, count_, index(1));
  emitLoop(b_, loc_, index(0), index(width()), index(count), [&](Value query) {
    SmallVector<Value> rows;
    for (unsigned r = 0; r < count; ++r) {
      // Behind the last query it is repeated: nobody reads these lanes.
      Value row = add(firstQuery_, smaller(add(query, index(r)), last));
      rows.push_back(element(q_.current, mul(row, q_.stride), spec_.element));
    }
    emitVectors(lanes_, index(0), index(spec_.depth), [&](Value h, Value mask) {
      SmallVector<Value> square;
      for (Value row : rows)
        square.push_back(lanes_.load(spec_.element, row, h, LaneStride::Contiguous, mask));
      for (auto [i, column] : llvm::enumerate(emitTranspose(lanes_, square)))
        store(column, queries_, add(mul(add(h, index(i)), index(width())), query));
    });
  });
}

void AttentionEmitter::emitScores(Value first, Value keys) {
  Value start = element(k_.current, mul(first, k_.stride), spec_.element);
  SmallVector<Value> whole(vectors());
  emitRowTiles(b_, loc_, tile_.rows, vectors(), keys, [&](Value key, unsigned rows) {
    SmallVector<Value> pointers;
    for (unsigned r = 0; r < rows; ++r)
      pointers.push_back(element(start, mul(add(key, index(r)), k_.stride), spec_.element));
    SmallVector<Value> zeros(rows * vectors(), lanes_.real(0, spec_.element));
    SmallVector<Value> sums = emitLoop(
        b_, loc_, index(0), index(spec_.depth), index(1), zeros, [&](Value h, ValueRange sums) {
          return emitTileStep(lanes_, spec_.element, pointers, h, queries_, mul(h, index(width())),
                              whole, sums);
        });
    for (auto [i, sum] : llvm::enumerate(sums))
      store(sum, scores_,
            add(mul(add(key, index(i / vectors())), index(width())),
                index(i % vectors() * lanes_.count)));
  });
}

SmallVector<Value> AttentionEmitter::overScores(
    Value count, ArrayRef<Value> initial,
    llvm::function_ref<Value(Value row, unsigned v, Value at, Value carried)> body) {
  return emitLoop(b_, loc_, index(0), count, index(1), initial, [&](Value row, ValueRange carried) {
    SmallVector<Value> next;
    for (unsigned v = 0; v < vectors(); ++v)
      next.push_back(
          body(row, v, add(mul(row, index(width())), index(v * lanes_.count)), carried[v]));
    return next;
  });
}

void AttentionEmitter::finishScores(Value first, Value keys) {
  SmallVector<Value> before;
  for (unsigned v = 0; v < vectors(); ++v)
    before.push_back(load(largest_, index(v * lanes_.count)));
  SmallVector<Value> largest =
      overScores(keys, before, [&](Value row, unsigned v, Value at, Value carried) -> Value {
        Value score = load(scores_, at);
        if (spec_.score.block) {
          score = applyBody(spec_.score, scoreOperands_, score, add(first, row), v);
          store(score, scores_, at);
        }
        // NaN is passed over here, and its weight makes the result NaN.
        Value isLarger = arith::CmpFOp::create(b_, loc_, arith::CmpFPredicate::OGT, score, carried);
        return arith::SelectOp::create(b_, loc_, isLarger, score, carried);
      });
  for (unsigned v = 0; v < vectors(); ++v) {
    Value at = index(v * lanes_.count);
    Value factor = exp(arith::SubFOp::create(b_, loc_, before[v], largest[v]));
    store(factor, factors_, at);
    store(arith::MulFOp::create(b_, loc_, load(sums_, at), factor), sums_, at);
    store(largest[v], largest_, at);
  }
}

void AttentionEmitter::emitWeights(Value first, Value keys) {
  SmallVector<Value> largest, before;
  for (unsigned v = 0; v < vectors(); ++v) {
    largest.push_back(load(largest_, index(v * lanes_.count)));
    before.push_back(load(sums_, index(v * lanes_.count)));
  }
  SmallVector<Value> sums =
      overScores(keys, before, [&](Value row, unsigned v, Value at, Value carried) -> Value {
        Value weight = exp(arith::SubFOp::create(b_, loc_, load(scores_, at), largest[v]));
        Value stored = weight;
        if (spec_.factor.block)
          stored = arith::MulFOp::create(
              b_, loc_, weight,
              applyBody(spec_.factor, factorOperands_, Value(), add(first, row), v));
        store(stored, scores_, at);
        return arith::AddFOp::create(b_, loc_, carried, weight);
      });
  for (unsigned v = 0; v < vectors(); ++v)
    store(sums[v], sums_, index(v * lanes_.count));
}

void AttentionEmitter::emitResults(Value first, Value keys) {
  Value start = element(v_.current, mul(first, v_.stride), spec_.element);
  emitLoop(b_, loc_, index(0), index(spec_.valueDepth), index(valueWidth()), [&](Value column) {
    SmallVector<Value> masks(spec_.valueTile.vectors);
    if (spec_.valueDepth % valueWidth() != 0)
      for (auto [v, mask] : llvm::enumerate(masks))
        mask = lanes_.maskBelow(add(column, index(v * lanes_.count)), index(spec_.valueDepth));
    Value values = element(start, column, spec_.element);
    emitRowTiles(
        b_, loc_, spec_.valueTile.rows, spec_.valueTile.vectors, count_,
        [&](Value row, unsigned rows) { emitResultTile(row, rows, column, values, masks, keys); });
  });
}

void AttentionEmitter::emitResultTile(Value row, unsigned rows, Value column, Value values,
                                      ArrayRef<Value> masks, Value keys) {
  SmallVector<Value> weights, places, initial;
  for (unsigned r = 0; r < rows; ++r) {
    Value query = add(row, index(r)), factor = splat(factors_, query);
    weights.push_back(element(scores_, query, spec_.element));
    for (unsigned v = 0; v < masks.size(); ++v) {
      places.push_back(
          add(mul(query, index(resultStride())), add(column, index(v * lanes_.count))));
      initial.push_back(arith::MulFOp::create(b_, loc_, load(results_, places.back()), factor));
    }
  }
  SmallVector<Value> sums =
      emitLoop(b_, loc_, index(0), keys, index(1), initial, [&](Value key, ValueRange sums) {
        return emitTileStep(lanes_, spec_.element, weights, mul(key, index(width())), values,
                            mul(key, v_.stride), masks, sums);
      });
  for (auto [sum, place] : llvm::zip(sums, places))
    store(sum, results_, place);
}

void AttentionEmitter::storeResults() {
  // Without keys there are no weights: the sum over nothing is 0.
  Value isEmpty = arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::eq, t_, index(0));
  Value one = lanes_.real(1, spec_.element);
  for (unsigned v = 0; v < vectors(); ++v) {
    Value at = index(v * lanes_.count);
    Value inverse = arith::DivFOp::create(b_, loc_, one, load(sums_, at));
    store(arith::SelectOp::create(b_, loc_, isEmpty, one, inverse), factors_, at);
  }
  emitLoop(b_, loc_, index(0), count_, index(1), [&](Value query) {
    Value row = element(results_, mul(query, index(resultStride())), spec_.element);
    Value target = element(y_.current, mul(add(firstQuery_, query), y_.stride), spec_.element);
    Value factor = splat(factors_, query);
    emitVectors(lanes_, index(0), index(spec_.valueDepth), [&](Value column, Value mask) {
      Value value = arith::MulFOp::create(b_, loc_, load(row, column), factor);
      lanes_.store(value, target, column, mask);
    });
  });
}

Value AttentionEmitter::gather(const Operand &operand, Value row, unsigned v) {
  Lanes one(b_, loc_, 1);
  SmallVector<Value> scalars;
  Value last = arith::SubIOp::create(b_, loc_, count_, index(1));
  for (unsigned i = 0; i < lanes_.count; ++i) {
    Value query = smaller(index(v * lanes_.count + i), last);
    scalars.push_back(one.load(operand.access.element, row, mul(query, operand.queryStride),
                               LaneStride::Strided, Value()));
  }
  return vector::FromElementsOp::create(
      b_, loc_, cast<VectorType>(lanes_.type(operand.access.element)), scalars);
}

Value AttentionEmitter::loadOperand(const Operand &operand, Value key, unsigned v) {
  Type type = operand.access.element;
  Value row = element(operand.keys.current, mul(key, operand.keys.stride), type);
  switch (operand.access.lane) {
  case LaneStride::Broadcast:
    return lanes_.load(type, row, index(0), LaneStride::Broadcast, Value());
  case LaneStride::Contiguous:
    return lanes_.load(type, row, add(firstQuery_, index(v * lanes_.count)), LaneStride::Contiguous,
                       queryMasks_[v]);
  case LaneStride::Strided:
    return gather(operand, element(row, mul(firstQuery_, operand.queryStride), type), v);
  }
  return Value();
}

Value AttentionEmitter::applyBody(const ScoreBody &body, ArrayRef<Operand> operands, Value score,
                                  Value key, unsigned v) {
  ElementEmitter emitter(lanes_);
  ArrayRef<BlockArgument> arguments = body.block->getArguments();
  if (score) {
    emitter.set(arguments.front(), score);
    arguments = arguments.drop_front();
  }
  for (auto [argument, operand] : llvm::zip(arguments, operands))
    emitter.set(argument, loadOperand(operand, key, v));
  return emitter.get(body.block->getTerminator()->getOperand(0));
}

void emitAttentionKernel(ModuleOp module, StringRef name, Location location,
                         const AttentionSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  AttentionEmitter(kernel, spec, target.vectorBytes / elementBytes(spec.element)).run();
}

} // namespace horn::codegen
