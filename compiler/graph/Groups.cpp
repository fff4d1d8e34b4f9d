// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Groups.h"

#include "compiler/codegen/ContractionKernel.h"
#include "compiler/codegen/ElementEmitter.h"
#include "compiler/graph/Windows.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"

#include "llvm/ADT/TypeSwitch.h"

#include <queue>

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-form-groups";

bool horn::isOneElementConstant(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant && constant.getValue().getNumElements() == 1;
}

static bool isElementwise(Operation *op) { return op->hasTrait<Elementwise>(); }
static bool isReduction(Operation *op) { return op->hasTrait<Reduction>(); }
static bool isContractionOrWindow(Operation *op) {
  return isa<PanelMatmulOp, PanelConvOp, MatmulOp, ConvOp, DepthwiseConvOp, WinogradPixelsOp,
             WinogradConvOp, MaxPoolOp, AveragePoolOp>(op);
}

/// Whether the op combines each row, its last axis, to one element and keeps that axis.
static bool isRowReduction(Operation *op) {
  auto combinesRow = [](auto reduce) {
    int64_t rank = reduce.getX().getType().getRank();
    return reduce.getKeepdims() && reduce.getAxes() == ArrayRef<int64_t>{rank - 1};
  };
  return TypeSwitch<Operation *, bool>(op)
      .Case<ReduceSumOp, ReduceMeanOp, ReduceMaxOp, ReduceMinOp>(combinesRow)
      .Default(false);
}

/// The left operand of a product that takes every row of it once, or null.
static Value pointwiseOperand(Operation *op) {
  if (auto matmul = dyn_cast_or_null<PanelMatmulOp>(op))
    return matmul.getX();
  auto conv = dyn_cast_or_null<PanelConvOp>(op);
  auto isOne = [](int64_t size) { return size == 1; };
  if (conv && conv.getGroups() == 1 && llvm::all_of(conv.getKernelSize(), isOne) &&
      llvm::all_of(conv.getStrides(), isOne))
    return conv.getX();
  return {};
}

template <typename Members> static bool usersAreIn(Operation *op, const Members &members) {
  return llvm::all_of(op->getUsers(), [&](Operation *user) { return members.contains(user); });
}

/// Whether the group's values from outside are few enough, with constants left out.
template <typename Members> static bool withinLimits(const Members &members) {
  llvm::SmallDenseSet<Value> inputs;
  for (Operation *op : members)
    for (Value operand : op->getOperands())
      if (!members.contains(operand.getDefiningOp()) && !isOneElementConstant(operand))
        inputs.insert(operand);
  return members.size() <= kMaxGroupOps && inputs.size() <= kMaxGroupInputs;
}

/// The members in the order of the program.
template <typename Members> static SmallVector<Operation *> inOrder(Members members) {
  SmallVector<Operation *> ops(members.begin(), members.end());
  llvm::sort(ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return ops;
}

GroupFormation::GroupFormation(Block &block, const SymbolicShapes &shapes)
    : block(block), shapes(shapes) {
  for (Operation &op : llvm::reverse(block))
    backwards.push_back(&op);
}

SmallVector<Group> GroupFormation::run() {
  formAnchored(isContractionOrWindow);
  formRows();
  takeRows();
  takeLineSums();
  formAnchored(isReduction);
  takePrologues();
  takeDepthwise();
  formElementwise();
  llvm::sort(groups,
             [](const Group &a, const Group &b) { return a.root()->isBeforeInBlock(b.root()); });
  return std::move(groups);
}

bool GroupFormation::isFree(Operation *op) const {
  return op && op->getBlock() == &block && !taken.contains(op);
}

bool GroupFormation::hasShape(Operation *op, ArrayRef<AffineExpr> dims) const {
  return shapes.dims(op->getResult(0)) == dims;
}

void GroupFormation::commit(Members members, Operation *anchor) {
  taken.insert_range(members);
  groups.push_back({.ops = inOrder(std::move(members)), .anchor = anchor});
}

// Last anchors first, so that of the two operands of a residual sum the later one takes it and the
// order of the program stays.
void GroupFormation::formAnchored(function_ref<bool(Operation *)> isAnchor) {
  for (Operation *anchor : backwards) {
    if (!isAnchor(anchor) || !isFree(anchor))
      continue;
    Members members;
    members.insert(anchor);
    if (isReduction(anchor)) {
      ArrayRef<AffineExpr> operand = shapes.dims(anchor->getOperand(0));
      absorbProducers(members, anchor,
                      [&](Operation *op) { return isElementwise(op) && hasShape(op, operand); });
    }
    while (extendBehind(members, anchor)) {
    }
    commit(members, anchor);
  }
}

void GroupFormation::formRows() {
  for (Operation *root : backwards) {
    if (!isElementwise(root) || !isFree(root))
      continue;
    Members members;
    growRow(members, root);
    if (llvm::any_of(members, isReduction))
      commit(members, nullptr);
  }
}

void GroupFormation::growRow(Members &members, Operation *root) {
  ArrayRef<AffineExpr> full = shapes.dims(root->getResult(0));
  AffineExpr one = shapes.scope().constant(1);
  members.insert(root);
  if (full.empty() || full.back() == one)
    return;
  Dims perRow(full);
  perRow.back() = one;
  absorbProducers(members, root, [&](Operation *op) {
    if (isRowReduction(op))
      return shapes.dims(op->getOperand(0)) == full;
    return isElementwise(op) && (hasShape(op, full) || hasShape(op, perRow));
  });
}

/// Moves the ops of another group into this one, unless one kernel is too small for both.
static bool moveInto(Group &group, Group &other) {
  llvm::SmallSetVector<Operation *, 8> members;
  members.insert_range(other.ops);
  members.insert_range(group.ops);
  if (!withinLimits(members))
    return false;
  group.ops = inOrder(std::move(members));
  other.ops.clear();
  return true;
}

/// Whether a product has all its columns in one panel: then a tile has whole rows of its result.
static bool hasWholeRows(Operation *product) {
  auto hasOnePanel = [](auto op) { return op.getPanels().getType().getDimSize(0) == 1; };
  if (auto matmul = dyn_cast_or_null<PanelMatmulOp>(product))
    return hasOnePanel(matmul);
  auto conv = dyn_cast_or_null<PanelConvOp>(product);
  return conv && conv.getGroups() == 1 && hasOnePanel(conv);
}

/// Moves rows (softmax, layer normalisation) into the groups of products that have whole rows and
/// are used by them alone.
void GroupFormation::takeRows() {
  llvm::DenseMap<Operation *, Group *> rowsOf;
  for (Group &group : groups)
    if (!group.anchor)
      for (Operation *op : group.ops)
        rowsOf[op] = &group;
  for (Group &group : groups) {
    if (!hasWholeRows(group.anchor) || group.root()->use_empty())
      continue;
    Value y = group.root()->getResult(0);
    Group *rows = rowsOf.lookup(*y.user_begin());
    if (rows && rows->ops.empty()) // another product has them
      continue;
    bool isUsedByRows = rows && llvm::all_of(y.getUsers(), [&](Operation *user) {
                          return rowsOf.lookup(user) == rows;
                        });
    if (isUsedByRows && hasShape(rows->root(), shapes.dims(y)) &&
        y.getType() == group.anchor->getResult(0).getType())
      moveInto(group, *rows);
  }
  llvm::erase_if(groups, [](const Group &group) { return group.ops.empty(); });
}

/// Sums of the lines of a depthwise convolution's result: its kernel has whole lines.
void GroupFormation::takeLineSums() {
  for (Group &group : groups) {
    auto convolution = dyn_cast_or_null<DepthwiseConvOp>(group.anchor);
    Value y = group.root()->getResult(0);
    if (!convolution || !graph::suitsDepthwiseKernel(convolution) ||
        y.getType() != convolution.getY().getType())
      continue;
    int64_t lastSpatial = convolution.getY().getType().getRank() - 2;
    for (Operation *user : y.getUsers()) {
      auto sums = dyn_cast<ReduceSumOp>(user);
      if (!sums || sums.getAxes() != ArrayRef<int64_t>{lastSpatial} || !isFree(sums))
        continue;
      group.lineSums = sums;
      taken.insert(sums);
      break;
    }
  }
}

/// Light ops in front of a product that no other group has taken: the product computes them for its
/// rows as it goes. Several tasks may repeat that, which heavy ops are too dear for.
void GroupFormation::takePrologues() {
  for (Group &group : groups) {
    Value left = pointwiseOperand(group.anchor);
    if (!left)
      continue;
    Members members;
    members.insert_range(group.ops);
    ArrayRef<AffineExpr> full = shapes.dims(left);
    absorbProducers(members, group.anchor, [&](Operation *op) {
      return isElementwise(op) && !codegen::isHeavy(op) && hasShape(op, full);
    });
    taken.insert_range(members);
    group.ops = inOrder(std::move(members));
  }
}

/// Whether a product may compute this convolution for its rows: a task has a line of the picture
/// and all columns of the product, so there must be lines for equal shares, and what a task goes
/// over must stay in its caches.
static bool fitsBeforeProduct(DepthwiseConvOp convolution, Operation *product) {
  constexpr int64_t kFewestLines = 12;
  auto panels = cast<RankedTensorType>(product->getOperand(1).getType());
  ArrayRef<int64_t> positions = convolution.getY().getType().getShape().drop_front();
  if (!graph::suitsDepthwiseKernel(convolution))
    return false;
  int64_t columns = positions.drop_back().back(), bytes = sizeof(float);
  int64_t lines = ShapedType::getNumElements(positions.drop_back(2));
  return lines >= kFewestLines &&
         columns * positions.back() * bytes <= codegen::kMaxPrologueBytes &&
         panels.getNumElements() * bytes <= codegen::kCachedPanelBytes;
}

/// Moves the groups of depthwise convolutions into those of the products that alone use them.
void GroupFormation::takeDepthwise() {
  llvm::DenseMap<Operation *, Group *> byRoot;
  for (Group &group : groups)
    byRoot[group.root()] = &group;
  for (Group &group : groups) {
    Value left = pointwiseOperand(group.anchor);
    Group *before = left ? byRoot.lookup(left.getDefiningOp()) : nullptr;
    auto convolution = before ? dyn_cast_or_null<DepthwiseConvOp>(before->anchor) : nullptr;
    if (!convolution || !left.hasOneUse() || !fitsBeforeProduct(convolution, group.anchor))
      continue;
    if (shapes.dims(left) == shapes.dims(convolution.getY()) &&
        left.getType() == convolution.getY().getType())
      moveInto(group, *before);
  }
  llvm::erase_if(groups, [](const Group &group) { return group.ops.empty(); });
}

void GroupFormation::formElementwise() {
  for (Operation *root : backwards) {
    if (!isElementwise(root) || !isFree(root))
      continue;
    Members members;
    members.insert(root);
    ArrayRef<AffineExpr> full = shapes.dims(root->getResult(0));
    absorbProducers(members, root,
                    [&](Operation *op) { return isElementwise(op) && hasShape(op, full); });
    commit(members, nullptr);
  }
}

/// Takes producers of `user`, and theirs, that fit and are used by members alone. The latest comes
/// first: then all users of an op have been decided on before it.
void GroupFormation::absorbProducers(Members &members, Operation *user, Filter fits) {
  auto isEarlier = [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); };
  std::priority_queue<Operation *, std::vector<Operation *>, decltype(isEarlier)> open(isEarlier);
  llvm::SmallPtrSet<Operation *, 16> seen;
  auto addProducers = [&](Operation *op) {
    for (Value operand : op->getOperands())
      if (Operation *producer = operand.getDefiningOp();
          isFree(producer) && seen.insert(producer).second)
        open.push(producer);
  };
  addProducers(user);
  while (!open.empty()) {
    Operation *producer = open.top();
    open.pop();
    if (!fits(producer) || !usersAreIn(producer, members))
      continue;
    members.insert(producer);
    if (withinLimits(members))
      addProducers(producer);
    else
      members.remove(producer);
  }
}

/// The earliest user of a member that is none itself; null if one is in another block.
Operation *GroupFormation::nextUser(const Members &members) const {
  Operation *next = nullptr;
  for (Operation *op : members)
    for (Operation *user : op->getUsers()) {
      if (user->getBlock() != &block)
        return nullptr;
      if (!members.contains(user) && (!next || user->isBeforeInBlock(next)))
        next = user;
    }
  return next;
}

/// Takes the element-wise ops behind the group up to the first one that all paths from it go
/// through: its only user, or as in x * sigmoid(x) several. False if there is none.
bool GroupFormation::extendBehind(Members &members, Operation *anchor) {
  ArrayRef<AffineExpr> full = shapes.dims(anchor->getResult(0));
  Members extended = members;
  for (bool isClosed = false; !isClosed;) {
    Operation *user = nextUser(extended);
    if (!user || !isFree(user) || !isElementwise(user))
      break;
    if (!hasShape(user, full)) {
      remarkMissed(user, kPass,
                   Twine(shortName(user)) + " not fused into " + layerName(anchor) +
                       ": its result has another shape");
      return false;
    }
    extended.insert(user);
    if (!withinLimits(extended)) {
      remarkMissed(user, kPass,
                   Twine(shortName(user)) + " not fused into " + layerName(anchor) +
                       ": the kernel would have too many ops or inputs");
      return false;
    }
    isClosed = llvm::all_of(extended,
                            [&](Operation *op) { return op == user || usersAreIn(op, extended); });
    if (isClosed) {
      members = extended;
      return true;
    }
  }
  if (extended.size() > members.size())
    remarkMissed(extended[members.size()], kPass,
                 Twine(shortName(extended[members.size()])) + " not fused into " +
                     layerName(anchor) + ": the value before it has several users");
  return false;
}
