// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes one product of several with the same left operand, whose results are read where they are.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/codegen/TileSizes.h"
#include "compiler/graph/ChannelWeights.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

namespace horn::graph {
#define GEN_PASS_DEF_JOINPRODUCTS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::columnsOf;
using horn::graph::typeOf;

static constexpr StringLiteral kPass = "horn-join-products";

static bool isOneElement(Value value) { return typeOf(value).getNumElements() == 1; }

namespace {
/// A product and the element-wise ops behind it that differ from column to column at most.
struct Product {
  SmallVector<Operation *> ops; ///< the product first; each reads the one before it

  MatmulOp matmul() const { return cast<MatmulOp>(ops.front()); }
  Value result() const { return ops.back()->getResult(0); }
  int64_t columns() const { return columnsOf(result()); }
};

/// Products that become one.
using Bucket = SmallVector<Product>;

struct JoinProducts : graph::impl::JoinProductsBase<JoinProducts> {
  using JoinProductsBase::JoinProductsBase;

  void runOnOperation() override;

  bool canTakePart(MatmulOp matmul, const WeightOnly &weights) const;
  bool fillsPanels(const Bucket &bucket) const;
};
} // namespace

// ---- what fits together -------------------------------------------------------------------------

/// Whether a product is of the kind that gets panels, with more than one column.
bool JoinProducts::canTakePart(MatmulOp matmul, const WeightOnly &weights) const {
  Type element = matmul.getType().getElementType();
  int64_t columns = columnsOf(matmul.getResult());
  return (element.isF32() || element.isF64()) && !matmul.getTransposeA() &&
         !weights.contains(matmul.getA()) && weights.contains(matmul.getB()) &&
         typeOf(matmul.getB()).getRank() == 2 && columns > 1;
}

static Product productWithOpsBehind(MatmulOp matmul, const WeightOnly &weights) {
  Product product{{matmul}};
  for (Value value = matmul; value.hasOneUse(); value = product.result()) {
    Operation *user = *value.user_begin();
    auto isPerColumn = [&](Value operand) {
      return operand == value || (weights.contains(operand) && graph::isVector(operand));
    };
    if (user->getBlock() != matmul->getBlock() || !user->hasTrait<Elementwise>() ||
        user->getResult(0).getType() != value.getType() ||
        !llvm::all_of(user->getOperands(), isPerColumn))
      break;
    product.ops.push_back(user);
  }
  return product;
}

static bool isSameNumber(Value a, Value b) {
  auto x = a.getDefiningOp<ConstantOp>(), y = b.getDefiningOp<ConstantOp>();
  return a == b || (x && y && x.getValue() == y.getValue());
}

/// Whether op number `index` of two products, behind the product itself, is the same but for what
/// differs by column.
static bool isSameBehind(const Product &a, const Product &b, size_t index) {
  Operation *x = a.ops[index], *y = b.ops[index];
  if (x->getName() != y->getName() || x->getAttrDictionary() != y->getAttrDictionary())
    return false;
  Value before = a.ops[index - 1]->getResult(0), otherBefore = b.ops[index - 1]->getResult(0);
  return llvm::all_of(llvm::zip_equal(x->getOperands(), y->getOperands()), [&](auto operands) {
    auto [p, q] = operands;
    if (p == before || q == otherBefore)
      return p == before && q == otherBefore;
    return (!isOneElement(p) && !isOneElement(q)) || isSameNumber(p, q);
  });
}

static bool canJoin(const Product &a, const Product &b) {
  return a.matmul()->getBlock() == b.matmul()->getBlock() &&
         a.matmul().getTransposeB() == b.matmul().getTransposeB() && a.ops.size() == b.ops.size() &&
         llvm::all_of(llvm::seq<size_t>(1, a.ops.size()),
                      [&](size_t index) { return isSameBehind(a, b, index); });
}

/// Whether products of matrices read the value by its strides, wherever in memory it is: behind
/// ops that are views, which keep the first `rows` axes where they split or join axes.
static bool isReadByProducts(Value value, size_t rows) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (user->getBlock() != value.getParentBlock())
      return false;
    if (isa<MatmulOp>(user))
      return true;
    if (isa<TransposeOp>(user))
      return isReadByProducts(user->getResult(0), 0);
    if (isa<SliceOp, BroadcastToOp>(user))
      return isReadByProducts(user->getResult(0), rows);
    if (!isa<ReshapeOp>(user) || user->getOperand(0) != value)
      return isa<ReshapeOp>(user); // which reads the shape alone
    ArrayRef<int64_t> from = typeOf(value).getShape(), to = typeOf(user->getResult(0)).getShape();
    return rows > 0 && to.size() > rows && from.take_front(rows) == to.take_front(rows) &&
           isReadByProducts(user->getResult(0), rows);
  });
}

/// Whether the joined panels are filled no less than those of the single products.
bool JoinProducts::fillsPanels(const Bucket &bucket) const {
  int64_t vectorLanes = graph::lanesFor(bucket.front().result(), lanes), all = 0;
  auto costOf = [&](int64_t columns) {
    constexpr codegen::LastPanel kLastPanel = codegen::LastPanel::Narrow;
    codegen::TileShape tile = codegen::chooseTile(columns, vectorLanes, registers, kLastPanel);
    return codegen::columnsCost(tile, columns, vectorLanes, registers, kLastPanel);
  };
  double apart = 0;
  for (const Product &product : bucket) {
    apart += costOf(product.columns());
    all += product.columns();
  }
  return costOf(all) <= apart;
}

/// The buckets of two or more products of a block.
static SmallVector<Bucket> findBuckets(ArrayRef<Product> products) {
  llvm::MapVector<Value, SmallVector<Bucket>> byOperand;
  for (const Product &product : products) {
    SmallVector<Bucket> &buckets = byOperand[product.matmul().getA()];
    auto *place = llvm::find_if(
        buckets, [&](const Bucket &bucket) { return canJoin(bucket.front(), product); });
    if (place == buckets.end())
      buckets.push_back({product});
    else
      place->push_back(product);
  }
  SmallVector<Bucket> found;
  for (auto &[operand, buckets] : byOperand)
    for (Bucket &bucket : buckets)
      if (bucket.size() > 1)
        found.push_back(std::move(bucket));
  return found;
}

static SmallVector<Value> weightsOf(const Bucket &bucket) {
  SmallVector<Value> weights;
  for (const Product &product : bucket)
    weights.push_back(product.matmul().getB());
  return weights;
}

/// Leaves out buckets with weights that the run reads elsewhere too, so that none are held twice.
/// Buckets with the same weights hold them together.
static void dropSharedWeights(SmallVector<Bucket> &buckets, const WeightOnly &weightOnly) {
  size_t before = 0;
  do {
    before = buckets.size();
    llvm::DenseMap<Operation *, SmallVector<Value>> joinedWith;
    for (const Bucket &bucket : buckets)
      for (const Product &product : bucket)
        joinedWith[product.matmul()] = weightsOf(bucket);
    llvm::erase_if(buckets, [&](const Bucket &bucket) {
      SmallVector<Value> weights = weightsOf(bucket);
      auto readsTogether = [&](Operation *user) {
        bool isPrepared = user->getNumResults() == 1 && weightOnly.contains(user->getResult(0));
        return isPrepared || joinedWith.lookup(user) == weights;
      };
      return !llvm::all_of(
          weights, [&](Value weight) { return llvm::all_of(weight.getUsers(), readsTogether); });
    });
  } while (buckets.size() != before);
}

// ---- the joined product -------------------------------------------------------------------------

/// Moves what the value is computed by in front of an op of the same block.
static void moveBefore(Value value, Operation *op) {
  Operation *producer = value.getDefiningOp();
  if (producer->getBlock() != op->getBlock() || producer->isBeforeInBlock(op))
    return;
  for (Value operand : producer->getOperands())
    moveBefore(operand, op);
  producer->moveBefore(op);
}

/// "a.b" of "a.b.query" and "a.b.key": the layer that the layers of all products are parts of.
static StringRef commonLayer(const Bucket &bucket) {
  StringRef common = layerPath(bucket.front().matmul()->getLoc());
  auto isPart = [&](const Product &product) {
    StringRef path = layerPath(product.matmul()->getLoc());
    return path == common || (path.starts_with(common) && path[common.size()] == '.');
  };
  while (!common.empty() && !llvm::all_of(bucket, isPart))
    common = common.contains('.') ? common.rsplit('.').first : "";
  return common;
}

static Location locationOf(OpBuilder &b, const Bucket &bucket) {
  SmallVector<Location> locations;
  if (StringRef layer = commonLayer(bucket); !layer.empty())
    locations.push_back(NameLoc::get(b.getStringAttr(layer)));
  for (const Product &product : bucket)
    locations.push_back(product.matmul()->getLoc());
  return b.getFusedLoc(locations);
}

static RankedTensorType withColumns(Value value, int64_t columns) {
  SmallVector<int64_t> shape(typeOf(value).getShape());
  shape.back() = columns;
  return RankedTensorType::get(shape, typeOf(value).getElementType());
}

/// The slice of `count` columns from `start` on.
static Value columnsFrom(OpBuilder &b, Location location, Value x, int64_t start, int64_t count) {
  size_t rank = typeOf(x).getRank();
  SmallVector<int64_t> starts(rank, 0), limits(rank, INT64_MAX), steps(rank, 1);
  starts.back() = start;
  limits.back() = start + count;
  return SliceOp::create(b, location, x, b.getDenseI64ArrayAttr(starts),
                         b.getDenseI64ArrayAttr(limits), b.getDenseI64ArrayAttr(steps));
}

/// Operand `number` of op `index` of all products, side by side; or one number for all.
static Value joinOperands(OpBuilder &b, Location location, const Bucket &bucket, size_t index,
                          unsigned number) {
  Value first = bucket.front().ops[index]->getOperand(number);
  if (isOneElement(first))
    return first;
  SmallVector<Value> vectors;
  for (const Product &product : bucket)
    vectors.push_back(graph::flatten(b, location, product.ops[index]->getOperand(number)));
  return ConcatenateOp::create(b, location, vectors, b.getI64IntegerAttr(0));
}

/// Moves what the products of a bucket read in front of the first one.
static void gatherOperands(const Bucket &bucket) {
  Operation *first = bucket.front().matmul();
  for (const Product &product : bucket) {
    moveBefore(product.matmul().getB(), first);
    for (Operation *op : ArrayRef(product.ops).drop_front())
      for (Value operand : op->getOperands())
        if (!llvm::is_contained(product.ops, operand.getDefiningOp()))
          moveBefore(operand, first);
  }
}

/// The product with all columns and what is behind it.
static Value joinedProduct(OpBuilder &b, Location location, const Bucket &bucket) {
  const Product &first = bucket.front();
  MatmulOp matmul = first.matmul();
  Value weights = ConcatenateOp::create(b, location, weightsOf(bucket),
                                        b.getI64IntegerAttr(matmul.getTransposeB() ? 0 : 1));
  Value joined = MatmulOp::create(b, location, matmul.getA(), weights, matmul.getTransposeAAttr(),
                                  matmul.getTransposeBAttr());
  int64_t columns = columnsOf(joined);
  for (size_t index = 1; index < first.ops.size(); ++index) {
    Operation *op = first.ops[index];
    Value before = first.ops[index - 1]->getResult(0);
    IRMapping operands;
    for (auto [number, operand] : llvm::enumerate(op->getOperands()))
      operands.map(operand,
                   operand == before ? joined : joinOperands(b, location, bucket, index, number));
    Operation *copy = b.clone(*op, operands);
    copy->setLoc(location);
    joined = copy->getResult(0);
    joined.setType(withColumns(joined, columns));
  }
  return joined;
}

static void join(const Bucket &bucket) {
  gatherOperands(bucket);
  OpBuilder b(bucket.front().matmul());
  Location location = locationOf(b, bucket);
  Value joined = joinedProduct(b, location, bucket);
  remarkApplied(joined.getDefiningOp(), kPass,
                Twine(bucket.size()) + " products of one left operand are one, of " +
                    Twine(columnsOf(joined)) + " columns");
  SmallVector<Value> slices;
  int64_t start = 0;
  for (const Product &product : bucket) {
    slices.push_back(columnsFrom(b, product.matmul()->getLoc(), joined, start, product.columns()));
    start += product.columns();
  }
  for (auto [product, slice] : llvm::zip_equal(bucket, slices)) {
    product.result().replaceAllUsesWith(slice);
    for (Operation *op : llvm::reverse(product.ops))
      op->erase();
  }
}

void JoinProducts::runOnOperation() {
  WeightOnly weights(getOperation());
  SmallVector<Product> products;
  getOperation().walk([&](MatmulOp matmul) {
    if (!canTakePart(matmul, weights))
      return;
    Product product = productWithOpsBehind(matmul, weights);
    if (isReadByProducts(product.result(), typeOf(product.result()).getRank() - 1))
      products.push_back(product);
  });
  SmallVector<Bucket> buckets = findBuckets(products);
  llvm::erase_if(buckets, [&](const Bucket &bucket) { return !fillsPanels(bucket); });
  dropSharedWeights(buckets, weights);
  for (const Bucket &bucket : buckets)
    join(bucket);
}
