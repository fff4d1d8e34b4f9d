// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions over axes and over sliding windows, and the contractions that have no tile kernel.
#include "compiler/lowering/GroupResult.h"
#include "compiler/lowering/Window.h"

#include "compiler/codegen/ReduceKernel.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::codegen::Access;
using horn::codegen::LaneAxis;
using horn::codegen::LaneStride;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

/// The signature of the body a * b.
static constexpr StringLiteral kProduct = "product";

/// With at most so many elements for each unknown size, the outer axes alone give too few tasks.
static constexpr int64_t kFewTasks = 8;

namespace {
/// A reduction as the kernel sees it. Operands have the axes [kept..., reduced...].
struct Reduction {
  codegen::Combine combine;
  Type element;
  Block *body = nullptr;
  std::string signature;
  SmallVector<View> operands;
  unsigned keptAxes = 0;
  /// For each reduced axis: the kept axis whose window it is, or -1, with that window.
  struct Clip {
    int keptAxis = -1;
    AffineExpr stride, dilation, padding, size;
  };
  SmallVector<Clip> clips;
  bool isWindow = false; ///< the reduced axes are those of a window
  /// The result with the kept axes alone.
  View result;
  Block *epilogue = nullptr;
  std::string epilogueSignature;
  SmallVector<View> epilogueOperands;
};
} // namespace

/// Drops an axis, or all those of size 1, and merges neighbours on the axes from `first` on.
static void collapseGroup(ir::ShapeScope &scope, Dims &shape, ArrayRef<Dims *> lists) {
  SmallVector<Dims *> copy(lists);
  collapseAxes(scope, shape, copy, 0);
}

/// The strides of a view on axes [first, last).
static Dims part(const View &view, unsigned first, unsigned last) {
  return Dims(view.strides.begin() + first, view.strides.begin() + last);
}

static LaneStride laneStride(AffineExpr stride) {
  auto value = constantValue(stride);
  return value == 0   ? LaneStride::Broadcast
         : value == 1 ? LaneStride::Contiguous
                      : LaneStride::Strided;
}

namespace {
/// One operand's strides, by group of axes.
struct SplitStrides {
  Dims outer, reduced;
  AffineExpr lane;
  Access access;
};
} // namespace

/// Windows of a few elements of known size get a kernel of their own.
static void specializeWindow(codegen::ReduceKernelSpec &spec, const Reduction &x,
                             ArrayRef<AffineExpr> reducedShape) {
  constexpr int64_t kMaxUnrolled = 32;
  if (!x.isWindow || spec.laneAxis == LaneAxis::Reduced || spec.outerAxes < 2)
    return;
  SmallVector<int64_t> sizes;
  int64_t count = 1;
  for (AffineExpr size : reducedShape) {
    sizes.push_back(constantValue(size).value_or(kMaxUnrolled + 1));
    count *= sizes.back();
  }
  if (count > kMaxUnrolled)
    return;
  spec.windowSizes = sizes;
  spec.isDilated = llvm::any_of(x.clips, [](const Reduction::Clip &clip) {
    return clip.keptAxis >= 0 && constantValue(clip.dilation) != 1;
  });
}

/// An expression with 1 for every unknown size.
static int64_t atOneEach(const ir::ShapeScope &scope, AffineExpr expr) {
  SmallVector<AffineExpr> ones(scope.numSymbols(), scope.constant(1));
  return constantValue(simplifyAffineExpr(expr.replaceSymbols(ones), 0, 0)).value_or(INT64_MAX);
}

static void launchReduction(FunctionLowering &lowering, const Reduction &x) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  const View &first = x.operands.front();
  unsigned kept = x.keptAxes, rank = first.rank();
  bool hasWindow =
      llvm::any_of(x.clips, [](const Reduction::Clip &clip) { return clip.keptAxis >= 0; });
  // Lanes lie on the innermost kept axis, or where that is not contiguous, on the innermost reduced
  // one.
  auto contiguousOn = [&](unsigned axis) {
    return llvm::any_of(x.operands, [&](const View &view) {
      return constantValue(view.strides[axis]) == 1 && constantValue(view.shape[axis]) != 1;
    });
  };
  bool reducedLanes =
      kept == 0 || (!hasWindow && !contiguousOn(kept - 1) && rank > kept && contiguousOn(rank - 1));
  codegen::ReduceKernelSpec spec{.combine = x.combine,
                                 .body = x.body,
                                 .epilogue = x.epilogue,
                                 .element = x.element,
                                 .window = {},
                                 .result = {},
                                 .operands = {},
                                 .epilogueOperands = {}};
  spec.laneAxis = reducedLanes ? LaneAxis::Reduced : LaneAxis::Kept;

  unsigned outerEnd = reducedLanes ? kept : kept - 1, reducedEnd = reducedLanes ? rank - 1 : rank;
  Dims outerShape(first.shape.begin(), first.shape.begin() + outerEnd);
  Dims reducedShape(first.shape.begin() + kept, first.shape.begin() + std::max(kept, reducedEnd));
  AffineExpr laneSize = reducedLanes ? first.shape[rank - 1] : first.shape[kept - 1];
  SmallVector<SplitStrides> operands, epilogue;
  for (const View &view : x.operands)
    operands.push_back({part(view, 0, outerEnd),
                        part(view, kept, std::max(kept, reducedEnd)),
                        view.strides[reducedLanes ? rank - 1 : kept - 1],
                        {}});
  auto keptOnly = [&](const View &view) {
    AffineExpr lane = reducedLanes ? scope.constant(0) : view.strides[kept - 1];
    return SplitStrides{part(view, 0, outerEnd), {}, lane, {}};
  };
  SplitStrides result = keptOnly(x.result);
  for (const View &view : x.epilogueOperands)
    epilogue.push_back(keptOnly(view));
  if (!x.isWindow) {
    SmallVector<Dims *> outerLists = {&result.outer}, reducedLists;
    for (SplitStrides &operand : operands) {
      outerLists.push_back(&operand.outer);
      reducedLists.push_back(&operand.reduced);
    }
    for (SplitStrides &operand : epilogue)
      outerLists.push_back(&operand.outer);
    collapseGroup(scope, outerShape, outerLists);
    collapseGroup(scope, reducedShape, reducedLists);
  }
  spec.outerAxes = outerShape.size();
  spec.reducedAxes = reducedShape.size();
  spec.window.assign(spec.reducedAxes, -1);
  if (hasWindow)
    for (auto [axis, clip] : llvm::enumerate(x.clips))
      spec.window[axis] = clip.keptAxis;
  spec.isProduct = x.signature == kProduct && (x.element.isF32() || x.element.isF64());
  specializeWindow(spec, x, reducedShape);
  spec.splitsLanes = !reducedLanes && !x.isWindow && spec.reducedAxes > 0 &&
                     atOneEach(scope, scope.product(outerShape)) <= kFewTasks;

  LaunchArguments arguments;
  auto describe = [&](SplitStrides &strides, const View &view, bool isResult) {
    arguments.pointers.push_back(driver.pointer(view));
    strides.access = {view.element, laneStride(strides.lane)};
    if (isResult && strides.access.lane == LaneStride::Broadcast)
      strides.access.lane = LaneStride::Contiguous; // one element: written at index 0
    return strides.access;
  };
  spec.result = describe(result, x.result, /*isResult=*/true);
  for (auto [strides, view] : llvm::zip(operands, x.operands))
    spec.operands.push_back(describe(strides, view, /*isResult=*/false));
  for (auto [strides, view] : llvm::zip(epilogue, x.epilogueOperands))
    spec.epilogueOperands.push_back(describe(strides, view, /*isResult=*/false));
  arguments.add(outerShape);
  arguments.add(laneSize);
  arguments.add(reducedShape);
  auto addStrides = [&](const SplitStrides &strides) {
    arguments.add(strides.outer);
    arguments.add(strides.reduced);
    if (strides.access.lane == LaneStride::Strided)
      arguments.add(strides.lane);
  };
  addStrides(result);
  llvm::for_each(operands, addStrides);
  llvm::for_each(epilogue, addStrides);
  if (hasWindow)
    for (const Reduction::Clip &clip : x.clips)
      if (clip.keptAxis >= 0)
        arguments.add({clip.stride, clip.dilation, clip.padding, clip.size});

  std::string key;
  llvm::raw_string_ostream stream(key);
  stream << x.combine.op << x.combine.isMean << x.element << reducedLanes << "o" << spec.outerAxes
         << "r" << spec.reducedAxes;
  for (int window : spec.window)
    stream << "w" << window;
  for (int64_t size : spec.windowSizes)
    stream << "u" << size;
  stream << (spec.isDilated ? "d" : "") << (spec.splitsLanes ? "l" : "");
  stream << x.signature << "|" << accessSignature(spec.result) << accessSignature(spec.operands)
         << "|";
  stream << x.epilogueSignature << accessSignature(spec.epilogueOperands);
  std::string name = driver.kernels.get("reduce", key, [&](StringRef name) {
    emitReduceKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  AffineExpr work =
      scope.product(reducedShape) * laneSize * (4 * static_cast<int64_t>(x.operands.size()));
  if (spec.splitsLanes) {
    AffineExpr shares = laneTasks(spec, driver.target, laneSize);
    driver.launch(name, arguments, scope.product(outerShape) * shares, work.ceilDiv(shares));
  } else if (spec.loopsOverColumns())
    driver.launch(name, arguments, scope.product(ArrayRef(outerShape).drop_back()),
                  work * outerShape.back());
  else
    driver.launch(name, arguments, scope.product(outerShape), work);
}

/// Finishes the description with the group's epilogue and result, then launches.
/// `keptShape` is the result's shape without the axes that keepdims leaves.
static LogicalResult finish(FunctionLowering &lowering, Operation *fused, Operation *anchor,
                            Reduction x, ArrayRef<AffineExpr> keptShape) {
  ir::ShapeScope &scope = lowering.driver.scope;
  auto squeeze = [&](const View &view) { return reshaped(scope, view, keptShape); };
  GroupResult result(lowering, fused, anchor,
                     [&](const View &view) { return squeeze(view).has_value(); });
  x.result = *squeeze(result.target());
  x.epilogue = result.epilogue();
  x.epilogueSignature = result.signature();
  for (const View &operand : result.operands()) {
    View wide = broadcast(scope, operand, result.target().shape);
    std::optional<View> squeezed = squeeze(wide);
    x.epilogueOperands.push_back(squeezed ? *squeezed : *squeeze(lowering.contiguous(wide)));
  }
  launchReduction(lowering, x);
  result.finish();
  return success();
}

/// a * b, as the body of a contraction.
static support::OwnedBlock productBody(Location loc, Type element) {
  support::OwnedBlock block;
  auto type = RankedTensorType::get({}, element);
  Value a = block->addArgument(type, loc), c = block->addArgument(type, loc);
  OpBuilder b = block.builder(element.getContext());
  Value product = ir::MultiplyOp::create(b, loc, type, a, c);
  ir::YieldOp::create(b, loc, product);
  return block;
}

/// The sums of products of two operands over all axes behind the first `keptAxes`.
static Reduction sumOfProducts(Operation *op, Block *product, const View &left, const View &right,
                               unsigned keptAxes) {
  Reduction x;
  x.combine = *codegen::combineOf(op);
  x.element = left.element;
  x.body = product;
  x.signature = kProduct.str();
  x.operands = {left, right};
  x.keptAxes = keptAxes;
  return x;
}

/// The clips of a window's axes, for kept axes [N, positions...].
static void addClips(FunctionLowering &lowering, Reduction &x, const View &input,
                     const Window &window) {
  ir::ShapeScope &scope = lowering.driver.scope;
  x.isWindow = true;
  for (unsigned axis = 0; axis < window.axes(); ++axis) {
    if (window.padding != "same") {
      x.clips.push_back({});
      continue;
    }
    x.clips.push_back({static_cast<int>(axis) + 1, scope.constant(window.strides[axis]),
                       scope.constant(window.dilations[axis]),
                       paddingOf(scope, input, window, axis).low, input.shape[axis + 1]});
  }
}

/// Moves the channels of a window view [N, positions..., window..., C] in front of the window.
static View channelsFirst(const View &view, unsigned positions) {
  SmallVector<int64_t> permutation;
  for (unsigned i = 0; i <= positions; ++i)
    permutation.push_back(i);
  permutation.push_back(view.rank() - 1);
  for (unsigned i = positions + 1; i + 1 < view.rank(); ++i)
    permutation.push_back(i);
  return transposed(view, permutation);
}

template <typename Op> static Window windowOf(Op op, ArrayRef<AffineExpr> sizes) {
  Window window;
  for (AffineExpr size : sizes)
    window.sizes.push_back(*constantValue(size));
  window.strides = llvm::to_vector(op.getStrides());
  window.padding = op.getPadding();
  window.dilations.assign(window.axes(), 1);
  return window;
}

static LogicalResult lowerPool(FunctionLowering &lowering, Operation *fused, Operation *anchor,
                               const View &input, Window window) {
  Reduction x;
  x.combine = *codegen::combineOf(anchor);
  x.element = input.element;
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(anchor->getResult(0));
  x.operands = {channelsFirst(
      windowView(lowering.driver.scope, input, window, shape.drop_front().drop_back()),
      window.axes())};
  x.keptAxes = shape.size();
  addClips(lowering, x, input, window);
  return finish(lowering, fused, anchor, std::move(x), shape);
}

/// Axes [..., C] of a view become [..., C, M] with stride 0 on M, or C's part of [C, M].
static View withAxis(const View &view, unsigned axis, AffineExpr size, AffineExpr stride) {
  View result = view;
  result.shape.insert(result.shape.begin() + axis, size);
  result.strides.insert(result.strides.begin() + axis, stride);
  return result;
}

static LogicalResult lowerDepthwise(FunctionLowering &lowering, Operation *fused,
                                    ir::DepthwiseConvOp op, const View &input, const View &kernel) {
  ir::ShapeScope &scope = lowering.driver.scope;
  Window window = windowOf(op, ArrayRef(kernel.shape).drop_back(2));
  window.dilations = llvm::to_vector(op.getDilations());
  Dims shape(lowering.shapes.dims(op.getY()));
  unsigned spatial = window.axes();
  AffineExpr zero = scope.constant(0), multiplier = kernel.shape.back();
  View image = channelsFirst(
      windowView(scope, input, window, ArrayRef(shape).drop_front().drop_back()), spatial);
  // kernel [window..., C, M] -> [N, positions..., C, M, window...]
  SmallVector<int64_t> permutation = {spatial, spatial + 1};
  for (unsigned i = 0; i < spatial; ++i)
    permutation.push_back(i);
  View weights = transposed(kernel, permutation);
  for (unsigned i = 0; i <= spatial; ++i)
    weights = withAxis(weights, 0, shape[spatial - i], zero);
  image = withAxis(image, spatial + 2, multiplier, zero);
  Dims kept(shape.begin(), shape.end() - 1);
  kept.append({kernel.shape[spatial], multiplier});
  if (constantValue(multiplier) == 1) {
    kept.pop_back();
    for (View *view : {&weights, &image}) {
      view->shape.erase(view->shape.begin() + spatial + 2);
      view->strides.erase(view->strides.begin() + spatial + 2);
    }
  }
  support::OwnedBlock product = productBody(op.getLoc(), input.element);
  Reduction x = sumOfProducts(op, product.get(), image, weights, kept.size());
  addClips(lowering, x, input, window);
  return finish(lowering, fused, op, std::move(x), kept);
}

/// A convolution of any element type and any number of groups, without tiles.
static LogicalResult lowerPlainConv(FunctionLowering &lowering, Operation *fused, ir::ConvOp op,
                                    const View &input, const View &kernel) {
  ir::ShapeScope &scope = lowering.driver.scope;
  Window window = windowOf(op, ArrayRef(kernel.shape).drop_back(2));
  window.dilations = llvm::to_vector(op.getDilations());
  Dims shape(lowering.shapes.dims(op.getY()));
  unsigned spatial = window.axes();
  AffineExpr zero = scope.constant(0), groups = scope.constant(op.getGroups());
  AffineExpr perGroup = kernel.shape[spatial],
             filters = scope.exactQuotient(kernel.shape.back(), groups);
  // image [N, positions..., window..., C] -> [N, positions..., G, F, window..., C / G]
  View image = windowView(scope, input, window, ArrayRef(shape).drop_front().drop_back());
  AffineExpr channelStride = image.strides.back();
  image.shape.back() = perGroup;
  image = withAxis(image, spatial + 1, filters, zero);
  image = withAxis(image, spatial + 1, groups, channelStride * perGroup);
  // kernel [window..., C / G, G * F] -> [N, positions..., G, F, window..., C / G]
  View weights = kernel;
  weights.shape.pop_back();
  AffineExpr filterStride = weights.strides.pop_back_val();
  weights = withAxis(weights, 0, filters, filterStride);
  weights = withAxis(weights, 0, groups, filterStride * filters);
  for (unsigned i = 0; i <= spatial; ++i)
    weights = withAxis(weights, 0, shape[spatial - i], zero);
  Dims kept(shape.begin(), shape.end() - 1);
  kept.append({groups, filters});
  support::OwnedBlock product = productBody(op.getLoc(), input.element);
  Reduction x = sumOfProducts(op, product.get(), image, weights, kept.size());
  addClips(lowering, x, input, window);
  x.clips.push_back({}); // the channels
  return finish(lowering, fused, op, std::move(x), kept);
}

/// A product of matrices of any element type, without tiles.
static LogicalResult lowerPlainMatmul(FunctionLowering &lowering, Operation *fused, ir::MatmulOp op,
                                      const View &left, const View &right) {
  ir::ShapeScope &scope = lowering.driver.scope;
  Dims shape(lowering.shapes.dims(op.getY()));
  unsigned batch = shape.size() - 2;
  auto orient = [&](const View &view, bool swap) {
    View result = view;
    if (swap) {
      std::swap(result.shape[view.rank() - 1], result.shape[view.rank() - 2]);
      std::swap(result.strides[view.rank() - 1], result.strides[view.rank() - 2]);
    }
    Dims full(shape.begin(), shape.begin() + batch);
    full.append(result.shape.end() - 2, result.shape.end());
    return broadcast(scope, result, full);
  };
  AffineExpr zero = scope.constant(0);
  View a =
      withAxis(orient(left, op.getTransposeA()), batch + 1, shape.back(), zero); // [..., M, N, K]
  View c = orient(right, op.getTransposeB());                                    // [..., K, N]
  std::swap(c.shape[batch], c.shape[batch + 1]);
  std::swap(c.strides[batch], c.strides[batch + 1]);
  c = withAxis(c, batch, shape[batch], zero);
  support::OwnedBlock product = productBody(op.getLoc(), a.element);
  Reduction x = sumOfProducts(op, product.get(), a, c, shape.size());
  x.clips.resize(1);
  return finish(lowering, fused, op, std::move(x), shape);
}

/// horn.reduce_*: the kept axes in front, the reduced ones behind.
static LogicalResult lowerAxes(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  ir::ShapeScope &scope = lowering.driver.scope;
  ArrayRef<int64_t> axes = anchor->getAttrOfType<DenseI64ArrayAttr>("axes").asArrayRef();
  ArrayRef<AffineExpr> full = lowering.shapes.dims(anchor->getOperand(0));
  SmallVector<int64_t> permutation, reduced;
  Dims kept;
  for (unsigned axis = 0; axis < full.size(); ++axis) {
    if (llvm::is_contained(axes, axis)) {
      reduced.push_back(axis);
    } else {
      permutation.push_back(axis);
      kept.push_back(full[axis]);
    }
  }
  llvm::append_range(permutation, reduced);
  GroupBody prologue = prologueOf(fused, anchor->getOperand(0));
  Reduction x;
  x.combine = *codegen::combineOf(anchor);
  x.element = getElementTypeOrSelf(anchor->getOperand(0).getType());
  x.body = prologue.blockOrNull();
  x.signature = prologue.isEmpty ? "" : blockSignature(*prologue.block.get());
  for (const View &operand : lowering.operandViews(fused, prologue.operands))
    x.operands.push_back(transposed(broadcast(scope, operand, full), permutation));
  x.keptAxes = kept.size();
  x.clips.resize(reduced.size());
  if (x.operands.empty())
    return fused->emitError("a reduction of a constant has no kernel");
  // Nothing to reduce, or nothing but the reduced axis: give the loops an axis of size 1.
  if (reduced.empty())
    for (View &view : x.operands)
      view = withAxis(view, view.rank(), scope.constant(1), scope.constant(0));
  if (reduced.empty())
    x.clips.resize(1);
  return finish(lowering, fused, anchor, std::move(x), kept);
}

void launchReductionOf(FunctionLowering &lowering, Operation *reduction, const View &x,
                       unsigned axis, const View &result) {
  SmallVector<int64_t> permutation;
  for (unsigned i = 0; i < x.rank(); ++i)
    if (i != axis)
      permutation.push_back(i);
  permutation.push_back(axis);
  Reduction sums;
  sums.combine = *codegen::combineOf(reduction);
  sums.element = x.element;
  sums.operands = {transposed(x, permutation)};
  sums.keptAxes = x.rank() - 1;
  sums.clips.resize(1);
  sums.result = result;
  launchReduction(lowering, sums);
}

LogicalResult lowerReduction(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  auto operand = [&](unsigned i) { return lowering.operandView(fused, anchor->getOperand(i)); };
  if (auto op = dyn_cast<ir::DepthwiseConvOp>(anchor);
      op && lowerDepthwiseConv(lowering, fused, op))
    return success();
  if (auto op = dyn_cast<ir::DepthwiseConvOp>(anchor))
    return lowerDepthwise(lowering, fused, op, operand(0), operand(1));
  if (auto op = dyn_cast<ir::ConvOp>(anchor))
    return lowerPlainConv(lowering, fused, op, operand(0), operand(1));
  if (auto op = dyn_cast<ir::MatmulOp>(anchor))
    return lowerPlainMatmul(lowering, fused, op, operand(0), operand(1));
  auto pool = [&](auto op) {
    Dims sizes;
    for (int64_t size : op.getPoolSize())
      sizes.push_back(lowering.driver.scope.constant(size));
    return lowerPool(lowering, fused, op, operand(0), windowOf(op, sizes));
  };
  if (auto op = dyn_cast<ir::MaxPoolOp>(anchor))
    return pool(op);
  if (auto op = dyn_cast<ir::AveragePoolOp>(anchor))
    return pool(op);
  return lowerAxes(lowering, fused, anchor);
}

} // namespace horn::lowering
