// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices and convolutions, as launches of the contraction kernels.
#include "compiler/lowering/Contraction.h"

#include "compiler/codegen/ContractionKernel.h"
#include "compiler/lowering/GroupResult.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::codegen::LaneStride;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

/// Bytes of A that the rows of one task may take, so that they stay in the second cache.
static constexpr int64_t kBlockBytes = 256 * 1024;
/// Tasks that a launch should have, if there are as many tiles, so that threads get equal shares;
/// fewer where the rows of a task share blocks of the depth.
static constexpr int64_t kWantedTasks = 64, kWantedDepthTasks = 16;
/// The same where each task computes its rows of A first.
static constexpr int64_t kWantedPrologueTasks = 16;

/// [..., C] as [groups, ..., C / groups].
static View splitGroups(ir::ShapeScope &scope, View view, int64_t groups) {
  if (groups == 1)
    return view;
  AffineExpr size = scope.exactQuotient(view.shape.back(), scope.constant(groups));
  view.shape.back() = size;
  view.shape.insert(view.shape.begin(), scope.constant(groups));
  view.strides.insert(view.strides.begin(), view.strides.back() * size);
  return view;
}

/// Axes of a stride list that belong to batches or rows.
static Dims axesOf(const View &view, unsigned first, unsigned count) {
  return Dims(view.strides.begin() + first, view.strides.begin() + first + count);
}

/// Bytes of all panels of one batch.
static int64_t panelBytes(const Contraction &x, AffineExpr windows) {
  int64_t elements = constantValue(x.k * windows * x.n * x.gates).value_or(INT64_MAX / 16);
  return elements * codegen::elementBytes(x.c.element);
}

/// The k of a block of the depth, if the second cache is too small for a panel: as much as takes
/// half of it. A panel that just fits is better left whole, as each block reads all rows again.
static std::optional<int64_t> depthBlockOf(const codegen::Target &target, const Contraction &x,
                                           ArrayRef<AffineExpr> windowShape, int64_t width) {
  constexpr int64_t kGranule = 64;
  std::optional<int64_t> k = constantValue(x.k);
  int64_t columnBytes = width * codegen::elementBytes(x.c.element), windows = 1, inner = 1;
  for (auto [axis, size] : llvm::enumerate(windowShape)) {
    windows *= constantValue(size).value_or(1);
    inner *= axis ? constantValue(size).value_or(1) : 1;
  }
  int64_t fits = target.l2Bytes / 2 / columnBytes;
  if (x.naturalB || x.computesLeft() || !k || *k * windows <= 2 * fits)
    return std::nullopt;
  // Only the innermost loop is cut, so that sums stay in the order of the window.
  if (inner > 1)
    return *k;
  int64_t blocks = llvm::divideCeil(*k, fits);
  return llvm::alignTo(llvm::divideCeil(*k, blocks), kGranule);
}

/// Panels of a task whose rows of A are computed: all of them, unless there are too few blocks of
/// rows for equal shares.
static AffineExpr panelsOfTask(ir::ShapeScope &scope, AffineExpr panels, AffineExpr blocks) {
  AffineExpr some = scope.max(blocks, scope.constant(1)); // there may be no rows
  AffineExpr groups = (scope.constant(kWantedPrologueTasks) - 1).floorDiv(some) + 1;
  return panels.ceilDiv(groups);
}

/// The vectors of the last panel that tiles go over.
static unsigned lastVectorsOf(const Contraction &x, const codegen::Target &target) {
  int64_t lanes = target.vectorBytes / codegen::elementBytes(x.c.element);
  std::optional<int64_t> n = constantValue(x.n);
  return x.gates == 1 && n ? codegen::lastPanelVectors(*n, x.tile.vectors, lanes) : x.tile.vectors;
}

/// Rows of a task where threads that have whole rows need not wait for each other: so many that
/// there are a few blocks, an even number of them, and as many as a task has otherwise, but for a
/// tile, where there are many rows.
static AffineExpr evenBlock(ir::ShapeScope &scope, AffineExpr rows, int64_t tileRows,
                            AffineExpr most) {
  constexpr int64_t kFewestRows = 8, kBlocks = 4;
  AffineExpr blocks = scope.max(
      scope.min(rows.floorDiv(kFewestRows) * 2, rows.ceilDiv(kBlocks * tileRows) * kBlocks),
      scope.constant(1));
  return scope.max(scope.max(rows.ceilDiv(blocks), most - tileRows), scope.constant(1));
}

void launchContraction(FunctionLowering &lowering, const Contraction &x, Block *epilogue,
                       StringRef signature, ArrayRef<View> epilogueOperands) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  codegen::ContractionSpec spec{
      .element = x.c.element, .epilogue = epilogue, .epilogueOperands = {}};
  spec.vectors = x.tile.vectors;
  spec.rows = x.tile.rows;
  spec.naturalB = x.naturalB;
  spec.windowAxes = x.windowAxes;
  SmallVector<View> sources = x.sources, others = x.otherResults;
  if (!x.computesLeft())
    sources.push_back(x.a);
  if (!x.prologue.isEmpty)
    spec.prologue = x.prologue.block.get();
  spec.gates = x.gates;
  spec.lastVectors = lastVectorsOf(x, driver.target);
  spec.results = 1 + x.otherResults.size();
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(x.c)};
  for (const View &source : sources) {
    arguments.pointers.push_back(driver.pointer(source));
    if (spec.prologue)
      spec.prologueOperands.push_back(accessOf(source));
  }
  if (x.depthwise) {
    spec.depthwise = x.depthwise->spec;
    llvm::append_range(arguments.pointers, x.depthwise->arguments.pointers);
  }
  arguments.pointers.push_back(driver.pointer(x.b));
  for (const View &operand : epilogueOperands) {
    others.push_back(lowering.inLanes(operand, x.c.shape));
    spec.epilogueOperands.push_back(accessOf(others.back()));
  }
  for (const View &other : others)
    arguments.pointers.push_back(driver.pointer(other));
  // Strides along the batch and row axes, collapsed where all operands allow it.
  auto collapse = [&](unsigned first, unsigned count, bool withB, Dims &shape) {
    SmallVector<Dims> strides = {axesOf(x.c, first, count)};
    for (const View &source : sources)
      strides.push_back(axesOf(source, first, count));
    if (withB)
      strides.push_back(axesOf(x.b, first, count));
    for (const View &other : others)
      strides.push_back(axesOf(other, first, count));
    shape = Dims(x.c.shape.begin() + first, x.c.shape.begin() + first + count);
    SmallVector<Dims *> lists;
    for (Dims &list : strides)
      lists.push_back(&list);
    collapseAxes(scope, shape, lists, 0);
    return strides;
  };
  Dims batchShape, rowShape;
  SmallVector<Dims> batchStrides = collapse(0, x.batchAxes, /*withB=*/true, batchShape);
  SmallVector<Dims> rowStrides = collapse(x.batchAxes, x.rowAxes, /*withB=*/false, rowShape);
  if (rowShape.empty()) {
    rowShape.push_back(scope.constant(1));
    for (Dims &list : rowStrides)
      list.push_back(scope.constant(0));
  }
  spec.batchAxes = batchShape.size();
  spec.rowAxes = rowShape.size();

  AffineExpr m = scope.product(rowShape), windows = scope.constant(1);
  Dims windowShape(x.a.shape.begin() + x.batchAxes + x.rowAxes, x.a.shape.end() - 1);
  windows = scope.product(windowShape);
  int64_t elementBytes = codegen::elementBytes(spec.element);
  unsigned lanes = driver.target.vectorBytes / elementBytes;
  int64_t width = spec.vectors * lanes;
  AffineExpr batches = scope.product(batchShape), panels = x.n.ceilDiv(width / x.gates);
  std::optional<int64_t> depthBlock = depthBlockOf(driver.target, x, windowShape, width);
  spec.blocksDepth = depthBlock.has_value();
  spec.prefetches = !x.naturalB && !x.computesLeft() &&
                    m.getLargestKnownDivisor() >= 2 * static_cast<int64_t>(spec.rows);
  int64_t depth = constantValue(x.k * windows).value_or(1024);
  int64_t blockBytes = x.computesLeft() ? codegen::kMaxPrologueBytes : kBlockBytes;
  int64_t tiles = std::clamp(blockBytes / (std::max<int64_t>(depth, 1) * elementBytes * spec.rows),
                             int64_t(1), codegen::kMaxBlockTiles);
  if (spec.blocksDepth)
    tiles = codegen::kMaxBlockTiles;
  AffineExpr fairTiles =
      (m * batches * panels)
          .floorDiv(spec.rows * (spec.blocksDepth ? kWantedDepthTasks : kWantedTasks)) +
      1;
  AffineExpr blockRows = scope.min(scope.constant(tiles), fairTiles) * spec.rows;
  if (x.depthwise) // a line of its result
    blockRows = x.c.shape[x.batchAxes + x.rowAxes - 1];
  bool isByRows = panelBytes(x, windows) <= codegen::kCachedPanelBytes;
  bool isApart = x.areRowsApart && isByRows && !spec.blocksDepth && batchShape.empty();
  if (isApart)
    blockRows = evenBlock(scope, m, spec.rows, blockRows);
  AffineExpr order = scope.constant(isByRows);
  AffineExpr taskPanels = scope.constant(1);
  if (x.depthwise)
    order = taskPanels = panels;
  else if (spec.prologue)
    order = taskPanels = panelsOfTask(scope, panels, m.ceilDiv(blockRows));
  arguments.add({m, x.n, x.k, blockRows, order});
  if (depthBlock)
    arguments.add(scope.constant(*depthBlock));
  arguments.add(batchShape);
  if (spec.rowAxes > 1)
    arguments.add(rowShape);
  for (const Dims &list : rowStrides)
    arguments.add(list);
  arguments.add(windowShape);
  arguments.add(axesOf(x.a, x.batchAxes + x.rowAxes, x.windowAxes));
  // Collapsed rows have no axis of a picture.
  spec.clipsWindow = x.clip && x.windowAxes > 0 && spec.rowAxes == x.rowAxes;
  if (spec.clipsWindow)
    arguments.add({x.clip->stride, x.clip->begin, x.clip->end});
  arguments.add({x.bRowStride, x.panelStride});
  for (const Dims &list : batchStrides)
    arguments.add(list);
  if (x.depthwise)
    arguments.add(x.depthwise->arguments.sizes);

  std::string key;
  llvm::raw_string_ostream(key) << spec.element << spec.vectors << "-" << spec.lastVectors << "x"
                                << spec.rows << "b" << spec.batchAxes << "r" << spec.rowAxes << "w"
                                << spec.windowAxes << (spec.naturalB ? "n" : "p")
                                << (spec.blocksDepth ? "d" : "") << (spec.prefetches ? "a" : "")
                                << (spec.clipsWindow ? "c" : "") << "g" << spec.gates << "o"
                                << spec.results << signature
                                << accessSignature(spec.epilogueOperands);
  if (spec.prologue)
    llvm::raw_string_ostream(key) << "<" << blockSignature(*spec.prologue)
                                  << accessSignature(spec.prologueOperands);
  if (x.depthwise)
    key += "<" + x.depthwise->signature;
  std::string name = driver.kernels.get("contract", key, [&](StringRef name) {
    emitContractionKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  AffineExpr tasks = batches * panels.ceilDiv(taskPanels) * m.ceilDiv(blockRows);
  // A flop is a unit; loading an element of B from afar costs about 13.
  AffineExpr work = (scope.min(m, blockRows) * 2 + 13) * (x.k * windows * width) * taskPanels;
  driver.launch(name, arguments, tasks, work, isApart ? *constantValue(panels) : 0);
}

/// Launches with the epilogue of the group.
static void launchWithEpilogue(FunctionLowering &lowering, Operation *fused, Operation *anchor,
                               Contraction x) {
  ir::ShapeScope &scope = lowering.driver.scope;
  GroupResult result(lowering, fused, anchor);
  x.c = splitGroups(scope, result.target(), x.groups);
  SmallVector<View> operands(result.operands());
  if (x.groups > 1)
    for (View &operand : operands)
      operand = splitGroups(scope, broadcast(scope, operand, result.target().shape), x.groups);
  launchContraction(lowering, x, result.epilogue(), result.signature(), operands);
  result.finish();
}

/// Describes packed weights [P, depth..., width].
static void setPanels(FunctionLowering &lowering, Contraction &x, const View &panels,
                      int64_t columns) {
  ir::ShapeScope &scope = lowering.driver.scope;
  unsigned lanes = lowering.driver.target.vectorBytes / codegen::elementBytes(panels.element);
  x.b = lowering.contiguous(panels);
  x.n = scope.constant(columns);
  x.bRowStride = panels.shape.back();
  x.panelStride = scope.product(ArrayRef(panels.shape).drop_front());
  x.tile = codegen::tileOfWidth(*constantValue(panels.shape.back()) / lanes,
                                lowering.driver.target.vectorRegisters);
}

/// A value whose place is not known yet, or that has none: only the shape counts.
static View placeholder(FunctionLowering &lowering, Value value) {
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(value);
  return {Value(), lowering.driver.scope.constant(0), Dims(shape),
          rowMajorStrides(lowering.driver.scope, shape), getElementTypeOrSelf(value.getType())};
}

/// Whether tasks may compute their rows of A and use them for all panels: those must stay in the
/// cache, as each task goes over all of them.
static bool canHoldPrologue(const Contraction &x, ir::ShapeScope &scope) {
  int64_t elementBytes = codegen::elementBytes(x.b.element);
  std::optional<int64_t> k = constantValue(x.k);
  return k && x.tile.rows * *k * elementBytes <= codegen::kMaxPrologueBytes &&
         panelBytes(x, scope.constant(1)) <= codegen::kCachedPanelBytes;
}

/// The depthwise convolution that a value of a group is computed from, or null.
static ir::DepthwiseConvOp depthwiseBefore(Value value) {
  for (Operation &op : *value.getDefiningOp()->getBlock())
    if (auto convolution = dyn_cast<ir::DepthwiseConvOp>(op))
      return convolution;
  return {};
}

/// Sets A from the first operand of the op: an operand of the group, or computed by a prologue,
/// which becomes a launch of its own where the kernel cannot hold it. B and C must be set.
static void setLeft(FunctionLowering &lowering, Contraction &x, Operation *fused, Value left) {
  if (auto argument = dyn_cast<BlockArgument>(left)) {
    x.a = lowering.withUnitStride(lowering.operandView(fused, argument));
    return;
  }
  if (auto convolution = depthwiseBefore(left)) {
    x.a = placeholder(lowering, left);
    x.depthwise = depthwisePart(lowering, fused, convolution, left);
    assert(x.depthwise && "groups hold no convolution that a product cannot compute");
    return;
  }
  GroupBody prologue = prologueOf(fused, left);
  SmallVector<View> operands = lowering.operandViews(fused, prologue.operands);
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(left);
  if (canHoldPrologue(x, lowering.driver.scope)) {
    x.a = placeholder(lowering, left);
    for (const View &operand : operands)
      x.sources.push_back(lowering.inLanes(operand, shape));
    x.prologue = std::move(prologue);
    return;
  }
  x.a = lowering.driver.allocate(shape, getElementTypeOrSelf(left.getType()));
  lowering.launchRows(prologue.block.get(), blockSignature(*prologue.block.get()), operands, x.a);
}

/// Swaps the first two axes.
static View groupsFirst(View panels) {
  std::swap(panels.shape[0], panels.shape[1]);
  std::swap(panels.strides[0], panels.strides[1]);
  return panels;
}

static void lowerPanelMatmul(FunctionLowering &lowering, Operation *fused, ir::PanelMatmulOp op,
                             const View &panels) {
  Contraction x;
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(op.getX());
  x.c = placeholder(lowering, op.getY());
  x.k = shape.back();
  setPanels(lowering, x, panels, op.getColumns());
  x.batchAxes = panels.rank() == 4 ? 1 : 0;
  x.rowAxes = shape.size() - 1 - x.batchAxes;
  if (x.batchAxes) // [P, B, K, W] to [B, P, K, W]
    x.b = groupsFirst(x.b);
  setLeft(lowering, x, fused, op.getX());
  launchWithEpilogue(lowering, fused, op, std::move(x));
}

/// Sets A to what the windows of a convolution see of its input.
static void setWindows(FunctionLowering &lowering, Contraction &x, const View &input,
                       Window window) {
  ir::ShapeScope &scope = lowering.driver.scope;
  View padded = materializePadding(lowering, lowering.withUnitStride(input), window);
  window.padding = "valid";
  ArrayRef<AffineExpr> positions = ArrayRef(x.c.shape).drop_front().drop_back();
  x.a = splitGroups(scope, windowView(scope, padded, window, positions), x.groups);
  x.c = splitGroups(scope, x.c, x.groups);
  if (x.groups > 1) { // [P, G, ...] to [G, P, ...]
    x.batchAxes = 1;
    x.b = groupsFirst(x.b);
  }
  // The last window axis and the channels are one run of memory: it becomes part of k.
  unsigned lastWindow = x.a.rank() - 2;
  x.k = x.a.shape.back();
  if (x.a.strides[lastWindow] == x.k || window.sizes.back() == 1) {
    x.k = x.k * x.a.shape[lastWindow];
    x.a.shape.erase(x.a.shape.begin() + lastWindow);
    x.a.strides.erase(x.a.strides.begin() + lastWindow);
  }
  for (unsigned axis = x.a.rank() - 1; axis-- > x.batchAxes + x.rowAxes;)
    if (constantValue(x.a.shape[axis]) == 1) {
      x.a.shape.erase(x.a.shape.begin() + axis);
      x.a.strides.erase(x.a.strides.begin() + axis);
    }
  x.windowAxes = x.a.rank() - 1 - x.batchAxes - x.rowAxes;
}

/// What is known to be 0 of the padded picture that a group's convolution reads.
static std::optional<Contraction::Clip> clipOf(FunctionLowering &lowering, Operation *fused,
                                               ir::PanelConvOp op) {
  auto argument = dyn_cast<BlockArgument>(op.getX());
  auto pad = argument ? fused->getOperand(argument.getArgNumber()).getDefiningOp<ir::PadOp>()
                      : ir::PadOp();
  if (!pad || !pad.getValue().isZero() || pad.getInterior()[1] != 0 || op.getPadding() != "valid" ||
      op.getDilations()[0] != 1 || op.getKernelSize().size() < 2 || op.getKernelSize()[0] == 1)
    return std::nullopt;
  ir::ShapeScope &scope = lowering.driver.scope;
  return Contraction::Clip{scope.constant(op.getStrides()[0]), scope.constant(pad.getLow()[1]),
                           lowering.shapes.dims(pad)[1] - pad.getHigh()[1]};
}

static void lowerPanelConv(FunctionLowering &lowering, Operation *fused, ir::PanelConvOp op,
                           const View &panels) {
  Contraction x;
  x.groups = op.getGroups();
  x.c = placeholder(lowering, op.getY());
  x.rowAxes = x.c.rank() - 1;
  x.k = lowering.shapes.dims(op.getX()).back();
  setPanels(lowering, x, panels, op.getColumns());
  setLeft(lowering, x, fused, op.getX());
  if (!x.computesLeft()) {
    x.clip = clipOf(lowering, fused, op);
    setWindows(lowering, x, x.a,
               {llvm::to_vector(op.getKernelSize()), llvm::to_vector(op.getStrides()),
                llvm::to_vector(op.getDilations()), op.getPadding()});
  }
  launchWithEpilogue(lowering, fused, op, std::move(x));
}

/// A view with its last two axes swapped where the op says so.
static View oriented(const View &view, bool transpose) {
  if (!transpose)
    return view;
  SmallVector<int64_t> permutation;
  for (unsigned i = 0; i < view.rank(); ++i)
    permutation.push_back(i);
  std::swap(permutation[view.rank() - 1], permutation[view.rank() - 2]);
  return transposed(view, permutation);
}

/// Broadcasts the batch axes of an operand of a matmul.
static View withBatch(FunctionLowering &lowering, const View &view, ArrayRef<AffineExpr> batch) {
  Dims shape(batch);
  shape.append(view.shape.end() - 2, view.shape.end());
  return broadcast(lowering.driver.scope, view, shape);
}

static void lowerMatmul(FunctionLowering &lowering, Operation *fused, ir::MatmulOp op,
                        const View &left, const View &right) {
  ir::ShapeScope &scope = lowering.driver.scope;
  Contraction x;
  x.c = placeholder(lowering, op.getY());
  x.batchAxes = x.c.rank() - 2;
  ArrayRef<AffineExpr> batch = ArrayRef(x.c.shape).take_front(x.batchAxes);
  x.a = withBatch(lowering, lowering.withUnitStride(oriented(left, op.getTransposeA())), batch);
  View b = lowering.withUnitStride(oriented(right, op.getTransposeB()));
  x.bRowStride = b.strides[b.rank() - 2];
  x.b = withBatch(lowering, b, batch);
  x.naturalB = true;
  x.k = x.a.shape.back();
  x.n = x.c.shape.back();
  unsigned lanes = lowering.driver.target.vectorBytes / codegen::elementBytes(x.c.element);
  x.tile = codegen::chooseTile(constantValue(x.n).value_or(1024), lanes,
                               lowering.driver.target.vectorRegisters, codegen::LastPanel::Narrow);
  x.panelStride = scope.constant(x.tile.vectors * lanes);
  launchWithEpilogue(lowering, fused, op, std::move(x));
}

LogicalResult lowerContraction(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  auto operand = [&](unsigned i) { return lowering.operandView(fused, anchor->getOperand(i)); };
  Type element = getElementTypeOrSelf(anchor->getResult(0).getType());
  bool isReal = element.isF32() || element.isF64();
  if (auto op = dyn_cast<ir::PanelMatmulOp>(anchor))
    lowerPanelMatmul(lowering, fused, op, operand(1));
  else if (auto op = dyn_cast<ir::PanelConvOp>(anchor); op && op.sharesPanels())
    lowerGroupedConv(lowering, fused, op, operand(0), operand(1));
  else if (auto op = dyn_cast<ir::PanelConvOp>(anchor))
    lowerPanelConv(lowering, fused, op, operand(1));
  else if (auto op = dyn_cast<ir::MatmulOp>(anchor); op && isReal)
    lowerMatmul(lowering, fused, op, operand(0), operand(1));
  else
    return lowerReduction(lowering, fused, anchor);
  return success();
}

} // namespace horn::lowering
