// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices, convolutions and pooling. Floats accumulate in double and round once.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/HornContractionOps.h"

using namespace mlir;

namespace horn::reference {

/// A matrix as the product reads it.
template <typename T> struct Matrix {
  const T *data;
  int64_t rowStride, columnStride;
};

/// c [M, N] += a [M, K] b [K, N]
template <typename T>
static void multiplyAdd(Matrix<T> a, Matrix<T> b, T *c, int64_t numRows, int64_t depth,
                        int64_t numColumns) {
  for (int64_t m = 0; m < numRows; ++m, c += numColumns)
    for (int64_t k = 0; k < depth; ++k) {
      T left = a.data[m * a.rowStride + k * a.columnStride];
      const T *right = b.data + k * b.rowStride;
      for (int64_t n = 0; n < numColumns; ++n)
        c[n] = add(c[n], multiply(left, right[n * b.columnStride]));
    }
}

/// The last two axes of a tensor, swapped if asked for, at a place of its leading axes.
template <typename T> static Matrix<T> matrixOf(const Tensor &x, int64_t offset, bool transpose) {
  Matrix<T> matrix = {x.data<T>() + offset, x.shape.back(), 1};
  if (transpose)
    std::swap(matrix.rowStride, matrix.columnStride);
  return matrix;
}

/// Strides over the leading axes of a matmul's operand, broadcast to those of the result.
static Strides batchStrides(const Tensor &x, ArrayRef<int64_t> batch) {
  Strides strides = broadcastStrides(ArrayRef(x.shape).drop_back(2), batch);
  for (int64_t &stride : strides)
    stride *= x.shape[x.shape.size() - 1] * x.shape[x.shape.size() - 2];
  return strides;
}

static void matmul(ir::MatmulOp op, Inputs inputs, Tensor &result) {
  const Tensor &a = *inputs[0], &b = *inputs[1];
  size_t rank = result.shape.size();
  int64_t numRows = result.shape[rank - 2], numColumns = result.shape[rank - 1];
  int64_t depth = a.shape[a.shape.size() - (op.getTransposeA() ? 2 : 1)];
  ArrayRef<int64_t> batch = ArrayRef(result.shape).drop_back(2);
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    T *c = result.data<T>();
    forEachRow<2>(batch, {batchStrides(a, batch), batchStrides(b, batch)}, [&](const Row<2> &row) {
      for (int64_t i = 0; i < row.size; ++i, c += numRows * numColumns)
        multiplyAdd(matrixOf<T>(a, row.offsets[0] + i * row.steps[0], op.getTransposeA()),
                    matrixOf<T>(b, row.offsets[1] + i * row.steps[1], op.getTransposeB()), c,
                    numRows, depth, numColumns);
    });
  });
}

/// One element of a window: positions among the spatial axes of the output, the input and the
/// window.
struct Tap {
  int64_t output, input, window;
};

/// What slides over the spatial axes.
struct Window {
  ArrayRef<int64_t> sizes, strides, dilations;
  StringRef padding;
};

/// The spatial axes of [N, spatial..., C].
static ArrayRef<int64_t> spatialOf(const Tensor &x) {
  return ArrayRef(x.shape).drop_front().drop_back();
}

/// Where a window's element falls on one axis of the input.
struct AxisTap {
  int64_t input, window;
};
/// The elements of the window at each output position of an axis that fall on the input.
static std::vector<SmallVector<AxisTap>> tapsOfAxis(MLIRContext *context, const Window &window,
                                                    size_t axis, int64_t inputSize,
                                                    int64_t outputSize) {
  ir::ShapeScope scope(context);
  int64_t dilation = window.dilations.empty() ? 1 : window.dilations[axis],
          stride = window.strides[axis];
  int64_t low =
      *ir::constantValue(ir::windowPadding(scope, scope.constant(inputSize), window.sizes[axis],
                                           stride, dilation, window.padding)
                             .low);
  std::vector<SmallVector<AxisTap>> taps(outputSize);
  for (int64_t output = 0; output < outputSize; ++output)
    for (int64_t k = 0; k < window.sizes[axis]; ++k)
      if (int64_t input = output * stride + k * dilation - low; input >= 0 && input < inputSize)
        taps[output].push_back({input, k});
  return taps;
}

/// All pairs of output positions and window elements that fall on the input, by output position.
static std::vector<Tap> tapsOf(MLIRContext *context, const Window &window, const Tensor &x,
                               const Tensor &result) {
  std::vector<Tap> taps = {{0, 0, 0}}, next;
  for (size_t axis = 0; axis < window.sizes.size(); ++axis, taps.swap(next)) {
    int64_t inputSize = spatialOf(x)[axis], outputSize = spatialOf(result)[axis];
    auto axisTaps = tapsOfAxis(context, window, axis, inputSize, outputSize);
    next.clear();
    for (const Tap &tap : taps)
      for (int64_t output = 0; output < outputSize; ++output)
        for (auto [input, k] : axisTaps[output])
          next.push_back({tap.output * outputSize + output, tap.input * inputSize + input,
                          tap.window * window.sizes[axis] + k});
  }
  return taps;
}

/// Calls `body(output, input, window)` with pointers to the channels at each tap of each sample;
/// `window` is the number of the window's element.
template <typename T, typename Body>
static void forEachTap(ArrayRef<Tap> taps, const Tensor &x, Tensor &result, Body body) {
  int64_t inputPixels = countOf(spatialOf(x)), outputPixels = countOf(spatialOf(result));
  int64_t channels = x.shape.back(), filters = result.shape.back();
  for (int64_t sample = 0; sample < x.shape.front(); ++sample)
    for (const Tap &tap : taps)
      body(result.data<T>() + (sample * outputPixels + tap.output) * filters,
           x.data<T>() + (sample * inputPixels + tap.input) * channels, tap.window);
}

static void conv(ir::ConvOp op, Inputs inputs, Tensor &result) {
  const Tensor &x = *inputs[0], &kernel = *inputs[1];
  Window window = {ArrayRef(kernel.shape).drop_back(2), op.getStrides(), op.getDilations(),
                   op.getPadding()};
  std::vector<Tap> taps = tapsOf(op.getContext(), window, x, result);
  int64_t groups = op.getGroups(), depth = x.shape.back() / groups, filters = result.shape.back();
  int64_t width = filters / groups;
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    forEachTap<T>(taps, x, result, [&](T *out, const T *in, int64_t element) {
      const T *weights = kernel.data<T>() + element * depth * filters;
      for (int64_t group = 0; group < groups; ++group)
        multiplyAdd<T>({in + group * depth, 0, 1}, {weights + group * width, filters, 1},
                       out + group * width, /*numRows=*/1, depth, width);
    });
  });
}

static void depthwiseConv(ir::DepthwiseConvOp op, Inputs inputs, Tensor &result) {
  const Tensor &x = *inputs[0], &kernel = *inputs[1];
  Window window = {ArrayRef(kernel.shape).drop_back(2), op.getStrides(), op.getDilations(),
                   op.getPadding()};
  std::vector<Tap> taps = tapsOf(op.getContext(), window, x, result);
  int64_t channels = x.shape.back(), multiplier = kernel.shape.back();
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    forEachTap<T>(taps, x, result, [&](T *out, const T *in, int64_t element) {
      const T *weights = kernel.data<T>() + element * channels * multiplier;
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t m = 0; m < multiplier; ++m, ++out, ++weights)
          *out = add(*out, multiply(in[c], *weights));
    });
  });
}

template <typename OpT>
static std::vector<Tap> poolTaps(OpT op, Inputs inputs, const Tensor &result) {
  Window window = {op.getPoolSize(), op.getStrides(), {}, op.getPadding()};
  return tapsOf(op.getContext(), window, *inputs[0], result);
}

static void maxPool(ir::MaxPoolOp op, Inputs inputs, Tensor &result) {
  int64_t channels = result.shape.back();
  dispatchSigned(result.element, [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(result.data<T>(), result.count(), lowestOf<T>(result.element));
    forEachTap<T>(poolTaps(op, inputs, result), *inputs[0], result,
                  [&](T *out, const T *in, int64_t) {
                    for (int64_t c = 0; c < channels; ++c)
                      out[c] = maximum(out[c], in[c]);
                  });
  });
}

static void averagePool(ir::AveragePoolOp op, Inputs inputs, Tensor &result) {
  int64_t channels = result.shape.back(), numPixels = countOf(spatialOf(result));
  std::vector<Tap> taps = poolTaps(op, inputs, result);
  std::vector<int64_t> numTaps(numPixels);
  for (const Tap &tap : taps)
    ++numTaps[tap.output];
  dispatchSigned(result.element, [&](auto zero) {
    using T = decltype(zero);
    forEachTap<T>(taps, *inputs[0], result, [&](T *out, const T *in, int64_t) {
      for (int64_t c = 0; c < channels; ++c)
        out[c] = add(out[c], in[c]);
    });
    for (int64_t i = 0, count = result.count(); i < count; ++i)
      if (int64_t divisor = numTaps[i / channels % numPixels])
        result.data<T>()[i] /= static_cast<T>(divisor);
  });
}

void addContractionKernels(KernelTable &table) {
  addKernels<matmul, conv, depthwiseConv, maxPool, averagePool>(table);
}

} // namespace horn::reference
