// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Fourier.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>
#include <cmath>

namespace horn::ops {

/// Sizes up to which one product does; beyond, sizes without factors are refused above this limit.
static constexpr int64_t small_size = 32, max_prime = 4096;

/// cos or sin of 2 pi row column / size, as a constant.
static Tensor waves(int64_t rows, int64_t columns, int64_t size, bool sine, DType dtype) {
  Array matrix(Shape{rows, columns}, dtype);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      // The phase is reduced first: sines of large arguments lose digits.
      double phase = 2 * M_PI * static_cast<double>(i * j % size) / static_cast<double>(size);
      matrix.set(static_cast<size_t>(i * columns + j), sine ? std::sin(phase) : std::cos(phase));
    }
  return current_tracer().constant(matrix);
}

/// x times (c + i sign s), by `product`.
template <typename Product>
static Complex multiplied(const Complex &x, const Tensor &c, const Tensor &s, double sign,
                          Product product) {
  Tensor real = product(x.real, c), imaginary = product(x.real, s);
  imaginary = sign < 0 ? negative(imaginary) : imaginary;
  if (!x.imaginary.defined())
    return {real, imaginary};
  Tensor crossed = product(x.imaginary, s);
  return {sign < 0 ? real + crossed : real - crossed, imaginary + product(x.imaginary, c)};
}

template <typename Function> static Complex each(const Complex &x, Function function) {
  return {function(x.real), x.imaginary.defined() ? function(x.imaginary) : Tensor()};
}

/// The largest factor up to the square root.
static int64_t factor_of(int64_t size) {
  for (int64_t p = static_cast<int64_t>(std::sqrt(static_cast<double>(size))); p > 1; --p)
    if (size % p == 0)
      return p;
  return 1;
}

/// The transform without the factor of the inverse, on [count, size].
static Complex transform(const Complex &x, int64_t size, double sign) {
  DType dtype = x.real.dtype();
  int64_t p = size <= small_size ? 1 : factor_of(size), q = size / p;
  if (p == 1) {
    require(size <= max_prime, {.what = "Fourier transform of a size without factors",
                                .expected = "up to " + std::to_string(max_prime),
                                .found = std::to_string(size)});
    return multiplied(x, waves(size, size, size, false, dtype),
                      waves(size, size, size, true, dtype), sign,
                      [](const Tensor &a, const Tensor &b) { return matmul(a, b); });
  }
  // Sample n1 q + n2 and frequency k1 + p k2: first over n1, then a twist, then over n2.
  auto shaped = [](std::vector<int64_t> codes) {
    return [codes](const Tensor &t) { return reshape_codes(t, codes); };
  };
  auto turned = [](const Tensor &t) { return swapaxes(t, 1, 2); };
  Complex y = each(each(each(x, shaped({inferred, p, q})), turned), shaped({inferred, p}));
  y = each(transform(y, p, sign), shaped({inferred, q, p}));
  y = multiplied(y, waves(q, p, size, false, dtype), waves(q, p, size, true, dtype), sign,
                 [](const Tensor &a, const Tensor &b) { return a * b; });
  y = each(each(y, turned), shaped({inferred, q}));
  y = each(transform(y, q, sign), shaped({inferred, p, q}));
  return each(each(y, turned), shaped({inferred, size}));
}

Complex fourier(const Complex &x, bool inverse) {
  int64_t size = x.real.shape().back();
  require(size != None && size > 0, {.what = "Fourier transforms need a last axis of known size",
                                     .found = x.real.shape().str()});
  std::vector<int64_t> codes;
  for (size_t i = 0; i < x.real.rank(); ++i)
    codes.push_back(size_or_like(x.real, i));
  Complex y =
      transform(each(x, [&](const Tensor &t) { return reshape_codes(t, {inferred, size}); }), size,
                inverse ? 1 : -1);
  return each(y, [&](const Tensor &t) {
    Tensor restored = reshape_codes(t, codes, x.real);
    return inverse ? restored * (1 / static_cast<double>(size)) : restored;
  });
}

/// The last axis cut, or padded with zeros, to `size`.
static Tensor resized(const Tensor &x, int64_t size) {
  int64_t own = x.shape().back();
  require(own != None,
          {.what = "Fourier transforms need a last axis of known size", .found = x.shape().str()});
  if (own >= size)
    return own == size ? x : get_item(x, {SliceAxis::ellipsis(), SliceAxis::range(0, size)});
  std::vector<int64_t> before(x.rank()), after(x.rank());
  after.back() = size - own;
  return pad(x, before, after);
}

Complex real_fourier(const Tensor &x, int64_t length) {
  Complex y = fourier({resized(x, length), {}});
  return each(y, [&](const Tensor &t) { return resized(t, length / 2 + 1); });
}

Tensor inverse_real_fourier(const Complex &x, int64_t length) {
  Complex half = each(x, [&](const Tensor &t) { return resized(t, length / 2 + 1); });
  int64_t mirrored = (length - 1) / 2;
  if (mirrored == 0)
    return fourier({resized(half.real, length), resized(half.imaginary, length)}, true).real;
  auto whole = [&](const Tensor &t, bool conjugate) {
    Tensor tail = flip(get_item(t, {SliceAxis::ellipsis(), SliceAxis::range(1, mirrored + 1)}), -1);
    return concatenate({t, conjugate ? negative(tail) : tail}, -1);
  };
  return fourier({whole(half.real, false), whole(half.imaginary, true)}, true).real;
}

/// Frames [..., frames, size] laid `stride` apart and added up: [..., stride (frames + parts - 1)]
/// where `parts` strides cover a frame.
static Tensor overlap_add(const Tensor &frames, int64_t stride) {
  int64_t size = frames.shape().back(), parts = (size + stride - 1) / stride;
  size_t axis = frames.rank() - 2; // of the frames
  std::vector<int64_t> codes;
  for (size_t i = 0; i <= axis; ++i)
    codes.push_back(size_or_like(frames, i));
  codes.push_back(parts);
  codes.push_back(stride);
  Tensor pieces = reshape_codes(resized(frames, parts * stride), codes, frames), sum;
  for (int64_t i = 0; i < parts; ++i) {
    Tensor piece = get_item(pieces, {SliceAxis::ellipsis(), SliceAxis::index(i), SliceAxis::all()});
    std::vector<int64_t> before(piece.rank()), after(piece.rank());
    before[axis] = i;
    after[axis] = parts - 1 - i;
    piece = pad(piece, before, after);
    sum = sum.defined() ? sum + piece : piece;
  }
  codes.resize(axis);
  int64_t count = sum.shape()[axis];
  codes.push_back(count == None ? inferred : count * stride);
  return reshape_codes(sum, codes, sum);
}

Tensor inverse_stft(const Complex &x, const InverseStftOptions &options) {
  int64_t size = options.fft_length, stride = options.sequence_stride;
  require(x.real.rank() >= 2 && stride > 0 && stride <= size,
          {.what = "wrong arguments of istft", .found = x.real.shape().str()});
  DType dtype = x.real.dtype();
  Array window(Shape{size}, dtype), squares(Shape{size}, dtype);
  double total = 0;
  for (int64_t i = 0; i < size; ++i) {
    double value = options.window.at(static_cast<size_t>(i));
    total += value;
    window.set(static_cast<size_t>(i), value);
    squares.set(static_cast<size_t>(i), value * value);
  }
  Tensor frames = inverse_real_fourier(x, size);
  Tensor y = overlap_add(frames * (current_tracer().constant(window) * total), stride);
  Tensor norm = overlap_add(ones_like(frames) * current_tracer().constant(squares), stride);
  y = y / where(norm > 1e-10, norm, 1.0);
  y = y / (options.has_window ? total : static_cast<double>(stride));
  // Frames may have been padded to whole strides: their end is `extra` before that of the sum.
  int64_t extra = (size + stride - 1) / stride * stride - size;
  int64_t start = options.center ? size / 2 : 0;
  int64_t cut = extra + (options.center && options.length == 0 ? size / 2 : 0);
  if (cut > 0)
    y = get_item(y, {SliceAxis::ellipsis(), SliceAxis::range(0, -cut)});
  return get_item(
      y, {SliceAxis::ellipsis(),
          SliceAxis::range(start, options.length ? start + options.length : SliceAxis::open)});
}

} // namespace horn::ops
