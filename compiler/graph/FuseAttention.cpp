// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gathers products of queries and keys, softmax and the product with values into one group.
#include "compiler/analysis/SymbolicShapes.h"
#include "compiler/graph/Groups.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/RepeatedHeads.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"

namespace horn::graph {
#define GEN_PASS_DEF_FUSEATTENTION
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::typeOf;

static constexpr StringLiteral kPass = "horn-fuse-attention";

/// Beyond this depth a task keeps too much on the stack (codegen/AttentionKernel.h).
static constexpr int64_t kMaxDepth = 256;

static bool isAlongLastAxis(ArrayRef<int64_t> axes, Value x) {
  return axes == ArrayRef<int64_t>{typeOf(x).getRank() - 1};
}

/// What the value is the softmax of, along the last axis, if nobody else reads what is between.
static Value softmaxOperand(Value weights) {
  auto divide = weights.getDefiningOp<DivideOp>();
  auto exp = divide ? divide.getA().getDefiningOp<ExpOp>() : nullptr;
  auto sum = divide ? divide.getB().getDefiningOp<ReduceSumOp>() : nullptr;
  if (!exp || !sum || sum.getX() != exp.getResult() || !sum->hasOneUse() ||
      !exp.getResult().hasNUses(2) || !sum.getKeepdims() ||
      !isAlongLastAxis(sum.getAxes(), sum.getX()))
    return nullptr;
  auto shifted = exp.getX().getDefiningOp<SubtractOp>();
  auto largest = shifted ? shifted.getB().getDefiningOp<ReduceMaxOp>() : nullptr;
  if (!largest || largest.getX() != shifted.getA() || !shifted->hasOneUse() ||
      !largest->hasOneUse() || !largest.getKeepdims() ||
      !isAlongLastAxis(largest.getAxes(), largest.getX()))
    return nullptr;
  return largest.getX();
}

namespace {
/// Attention as it stands in the graph.
struct Attention {
  MatmulOp scores;  ///< queries times keys
  MatmulOp product; ///< weights times values
  Value logits;     ///< what the softmax is of
  Value factors;    ///< of the weights; may be null
  /// The element-wise ops from the scores to the logits.
  llvm::SmallPtrSet<Operation *, 8> between;
  /// Heads of keys and values that several heads of queries share.
  std::optional<graph::RepeatedHeads> keyHeads, valueHeads;
  /// How all operands get an axis of groups then.
  std::optional<graph::HeadSplit> split;
};

/// Makes the body of a group by copying what leads to it.
class BodyBuilder {
public:
  BodyBuilder(Attention &attention, Block &body)
      : attention_(attention), body_(body), b_(attention.product.getContext()) {
    b_.setInsertionPointToEnd(&body);
  }

  /// The copy of a value in the body, or the argument for it.
  Value get(Value value);
  /// The argument for a value.
  Value argument(Value value);
  /// Ends the body with attention on values of it.
  void finish(Value logits, Value values, Value factors) {
    Location loc = attention_.product.getLoc();
    auto attend = AttendOp::create(b_, loc, logits, values, factors);
    YieldOp::create(b_, loc, attend->getResults());
  }

  SmallVector<Value> inputs;
  /// Shapes that depend on the scores themselves cannot be told from outside.
  bool isPossible = true;

private:
  Value copy(Operation *op);
  /// What the group reads for a value: the value itself, or where heads are shared one with two
  /// axes of heads.
  Value outside(Value value);
  /// The indices along an axis, as a vector that broadcasting spreads; null if the op must stay.
  Value indexVector(IotaOp iota);
  bool isCheap(Operation *op) const;

  Attention &attention_;
  Block &body_;
  OpBuilder b_;
  llvm::DenseMap<Value, Value> known_, arguments_;
};

struct FuseAttention : graph::impl::FuseAttentionBase<FuseAttention> {
  void runOnOperation() override;

  std::optional<Attention> match(MatmulOp product);
  /// Whether `op` uses the scores, on a way through element-wise ops alone; collects these.
  bool collectBetween(Value value, Attention &attention);
  StringRef whyNot(Attention &attention);
  void findSharedHeads(Attention &attention);
  bool rewrite(Attention &attention);
  bool rewriteBestWay(Attention &attention);
  SmallVector<Attention, 0> findAll();

  std::optional<SymbolicShapes> shapes;
};
} // namespace

// ---- the body -----------------------------------------------------------------------------------

/// Whether a tensor has one element for each pair of query and key.
static bool isOverPairs(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  return shape.size() >= 2 && shape.back() != 1 && shape[shape.size() - 2] != 1;
}

/// Ops that cost less than reading their result from memory.
bool BodyBuilder::isCheap(Operation *op) const {
  return isa<LogicalAndOp, LogicalOrOp, LogicalNotOp, EqualOp, NotEqualOp, LessOp, LessEqualOp,
             GreaterOp, GreaterEqualOp, SelectOp, CastOp, AddOp, SubtractOp, MultiplyOp,
             AbsoluteOp>(op) &&
         isOverPairs(op->getResult(0));
}

Value BodyBuilder::argument(Value value) {
  Value &known = arguments_[value];
  if (!known) {
    inputs.push_back(outside(value));
    known = body_.addArgument(inputs.back().getType(), value.getLoc());
  }
  return known;
}

Value BodyBuilder::outside(Value value) {
  if (!attention_.split)
    return value;
  OpBuilder b(attention_.product);
  if (attention_.keyHeads && value == attention_.scores.getB())
    return attention_.split->once(b, *attention_.keyHeads);
  if (attention_.valueHeads && value == attention_.product.getB())
    return attention_.split->once(b, *attention_.valueHeads);
  Value split = attention_.split->split(b, value);
  isPossible &= split != nullptr;
  return split ? split : value;
}

Value BodyBuilder::get(Value value) {
  if (Value known = known_.lookup(value))
    return known;
  Operation *op = value.getDefiningOp();
  Value result;
  if (!op)
    result = argument(value);
  else if (isOneElementConstant(value))
    result = b_.clone(*op)->getResult(0);
  else if (op == attention_.scores || attention_.between.contains(op) || isCheap(op))
    result = copy(op);
  else if (auto iota = dyn_cast<IotaOp>(op); iota && isOverPairs(value))
    result = indexVector(iota);
  if (!result)
    result = argument(value);
  known_[value] = result;
  return result;
}

Value BodyBuilder::copy(Operation *op) {
  SmallVector<Value> operands;
  // Queries and keys are read, whatever they are made by.
  for (Value operand : op->getOperands())
    operands.push_back(op == attention_.scores ? argument(operand) : get(operand));
  // Types anew: indices have become vectors.
  SmallVector<Type> types;
  auto rule = cast<InferTypeOpInterface>(op);
  if (failed(rule.inferReturnTypes(op->getContext(), op->getLoc(), operands,
                                   op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
                                   op->getRegions(), types)))
    isPossible = false;
  OperationState state(op->getLoc(), op->getName().getStringRef(), operands,
                       isPossible ? types : llvm::to_vector(op->getResultTypes()), op->getAttrs());
  return b_.create(state)->getResult(0);
}

Value BodyBuilder::indexVector(IotaOp iota) {
  int64_t rank = typeOf(iota).getRank(), axis = iota.getAxis();
  int64_t entry = iota.getShape()[axis];
  MatmulOp scores = attention_.scores;
  Value like = entry <= kLikeAxis ? iota.getLike() : Value();
  Operation *source = like ? like.getDefiningOp() : nullptr;
  if (source && (source == scores || attention_.between.contains(source))) {
    // The size of an axis of the scores is one of the queries or the keys.
    int64_t place = kLikeAxis - entry - typeOf(like).getRank();
    if (place < -2) {
      isPossible = false;
      return nullptr;
    }
    like = place == -2 ? scores.getA() : scores.getB();
    bool isLast = place == -2 ? scores.getTransposeA() : !scores.getTransposeB();
    entry = kLikeAxis - (typeOf(like).getRank() - (isLast ? 1 : 2));
  }
  SmallVector<int64_t> shape(rank - axis, 1);
  shape.front() = entry;
  OpBuilder outside(attention_.product);
  auto vector = IotaOp::create(outside, iota.getLoc(), like, outside.getDenseI64ArrayAttr(shape),
                               outside.getI64IntegerAttr(0), iota.getDtypeAttr());
  return argument(vector);
}

// ---- the match ----------------------------------------------------------------------------------

bool FuseAttention::collectBetween(Value value, Attention &attention) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != attention.product->getBlock() ||
      shapes->dims(value) != shapes->dims(attention.logits))
    return false;
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    if (!attention.scores)
      attention.scores = matmul;
    return attention.scores == matmul;
  }
  if (!op->hasTrait<Elementwise>())
    return false;
  bool uses = false;
  for (Value operand : op->getOperands())
    uses |= collectBetween(operand, attention);
  if (uses)
    attention.between.insert(op);
  return uses;
}

std::optional<Attention> FuseAttention::match(MatmulOp product) {
  Attention attention{};
  attention.product = product;
  Value weights = product.getA();
  if (auto multiply = weights.getDefiningOp<MultiplyOp>(); multiply && multiply->hasOneUse()) {
    bool isFirst = multiply.getA().getDefiningOp<DivideOp>() != nullptr;
    weights = isFirst ? multiply.getA() : multiply.getB();
    attention.factors = isFirst ? multiply.getB() : multiply.getA();
  }
  attention.logits = softmaxOperand(weights);
  if (!attention.logits || product.getTransposeA() || product.getTransposeB() ||
      shapes->dims(weights) != shapes->dims(product.getA()) ||
      !collectBetween(attention.logits, attention))
    return std::nullopt;
  if (StringRef reason =
          weights.hasOneUse() ? whyNot(attention) : "somebody else reads the weights";
      !reason.empty()) {
    remarkMissed(product, kPass, Twine(layerName(product)) + " not one kernel: " + reason);
    return std::nullopt;
  }
  return attention;
}

/// Why attention cannot be one kernel; empty if it can.
StringRef FuseAttention::whyNot(Attention &attention) {
  MatmulOp scores = attention.scores, product = attention.product;
  Type element = getElementTypeOrSelf(scores.getType());
  if (!element.isF32() && !element.isF64())
    return "its elements are neither f32 nor f64";
  ArrayRef<int64_t> a = typeOf(scores.getA()).getShape();
  int64_t depth = a[a.size() - (scores.getTransposeA() ? 2 : 1)];
  for (int64_t size : {depth, product.getType().getShape().back()})
    if (ShapedType::isDynamic(size) || size > kMaxDepth)
      return "a depth is unknown or large";
  // The softmax reads the logits twice; shapes are read from anything.
  auto isInside = [&](Operation *user) {
    return attention.between.contains(user) || isa<IotaOp>(user);
  };
  auto readOutside = [&](Value value) {
    return value != attention.logits && !llvm::all_of(value.getUsers(), isInside);
  };
  if (readOutside(scores) ||
      llvm::any_of(attention.between, [&](Operation *op) { return readOutside(op->getResult(0)); }))
    return "somebody else reads the scores";
  auto readers = llvm::count_if(attention.logits.getUsers(),
                                [](Operation *user) { return !isa<IotaOp>(user); });
  return readers == 2 ? "" : "somebody else reads the scores";
}

void FuseAttention::findSharedHeads(Attention &attention) {
  attention.keyHeads = graph::findRepeatedHeads(attention.scores.getB(), *shapes);
  attention.valueHeads = graph::findRepeatedHeads(attention.product.getB(), *shapes);
  auto &keys = attention.keyHeads, &values = attention.valueHeads;
  if (!keys && !values)
    return;
  graph::HeadSplit split(keys ? *keys : *values);
  // The last two axes are those of the matrices.
  if (split.fromEnd <= 2 || (keys && values && split != graph::HeadSplit(*values)))
    return;
  // Queries are the lanes of the kernel, so a single one leaves room for the heads of a group.
  split.asQueries = keys && values && split.fromEnd == 3 && !attention.scores.getTransposeA() &&
                    attention.product.getType().getShape().take_back(2).front() == 1;
  attention.split = split;
}

/// Gives the users of a product the result of a group that has an axis of groups of heads.
static void replaceBySplit(MatmulOp product, Value result, const graph::HeadSplit &split) {
  OpBuilder b(product);
  auto transpose =
      product->hasOneUse() ? dyn_cast<TransposeOp>(*product->user_begin()) : TransposeOp();
  if (transpose) {
    transpose.replaceAllUsesWith(split.join(b, result, transpose.getPermutation()));
    return transpose.erase();
  }
  auto same = llvm::to_vector(llvm::seq<int64_t>(product.getType().getRank()));
  product.replaceAllUsesWith(split.join(b, result, same));
}

/// False if the group would be too large or cannot be told.
bool FuseAttention::rewrite(Attention &attention) {
  MatmulOp product = attention.product;
  Region region;
  BodyBuilder builder(attention, region.emplaceBlock());
  Value logits = builder.get(attention.logits), values = builder.argument(product.getB());
  builder.finish(logits, values, attention.factors ? builder.get(attention.factors) : Value());
  if (!builder.isPossible || region.front().getOperations().size() > kMaxGroupOps ||
      builder.inputs.size() > kMaxGroupInputs)
    return false;
  OpBuilder b(product);
  TypeRange types(region.front().getTerminator()->getOperandTypes());
  auto fused = FusedOp::create(b, product.getLoc(), types, builder.inputs);
  fused.getBody().takeBody(region);
  remarkApplied(product, kPass,
                Twine(layerName(product)) + " is one kernel, which keeps its scores in a cache");
  if (attention.split)
    replaceBySplit(product, fused->getResult(0), *attention.split);
  else
    product.replaceAllUsesWith(fused->getResult(0));
  product.erase();
  return true;
}

static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

/// Tries the ways to read shared heads, the best one first; the last is a copy for each head.
bool FuseAttention::rewriteBestWay(Attention &attention) {
  if (rewrite(attention))
    return true;
  if (attention.split && attention.split->asQueries) {
    attention.split->asQueries = false;
    if (rewrite(attention))
      return true;
  }
  bool isShared = attention.split.has_value();
  attention.split.reset();
  return isShared && rewrite(attention);
}

/// All are found before any is rewritten, as shapes of new values are not known. A product goes
/// with its group, so it can be no part of another one.
SmallVector<Attention, 0> FuseAttention::findAll() {
  SmallVector<Attention, 0> found;
  llvm::SmallPtrSet<Operation *, 8> taken;
  getOperation().walk([&](MatmulOp product) {
    std::optional<Attention> attention = match(product);
    if (!attention || taken.contains(attention->scores) ||
        (attention->factors && taken.contains(attention->factors.getDefiningOp())))
      return;
    taken.insert(product);
    findSharedHeads(*attention);
    found.push_back(std::move(*attention));
  });
  return found;
}

void FuseAttention::runOnOperation() {
  FailureOr<SymbolicShapes> computed = SymbolicShapes::compute(getOperation());
  if (failed(computed))
    return signalPassFailure();
  shapes = std::move(*computed);
  llvm::SetVector<Block *> changed;
  SmallVector<Attention, 0> found = findAll();
  for (Attention &attention : found) {
    changed.insert(attention.product->getBlock());
    if (!rewriteBestWay(attention))
      remarkMissed(attention.product, kPass,
                   Twine(layerName(attention.product)) +
                       " not one kernel: its mask is too complicated");
  }
  for (Block *block : changed)
    eraseDead(*block);
}
