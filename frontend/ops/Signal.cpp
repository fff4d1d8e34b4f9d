// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Signal.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace horn::ops {

std::vector<double> window_function(const std::string &name, int64_t length, bool periodic) {
  // Coefficients of 1, -cos(t), cos(2 t).
  static constexpr struct {
    std::string_view name;
    double a[3];
  } cosines[] = {{"hann", {0.5, 0.5, 0}},      {"hanning", {0.5, 0.5, 0}},
                 {"hamming", {0.54, 0.46, 0}}, {"blackman", {0.42, 0.5, 0.08}},
                 {"boxcar", {1, 0, 0}},        {"rectangular", {1, 0, 0}}};
  std::vector<double> window(static_cast<size_t>(length), 1);
  double span = static_cast<double>(periodic ? length : length - 1);
  if (length == 1)
    return window;
  for (const auto &row : cosines)
    if (row.name == name) {
      for (size_t i = 0; i < window.size(); ++i) {
        double t = 2 * M_PI * static_cast<double>(i) / span;
        window[i] = row.a[0] - row.a[1] * std::cos(t) + row.a[2] * std::cos(2 * t);
      }
      return window;
    }
  if (name == "bartlett") {
    for (size_t i = 0; i < window.size(); ++i)
      window[i] = 1 - std::abs(2 * static_cast<double>(i) / span - 1);
    return window;
  }
  throw UnsupportedError({.what = "window function " + name,
                          .expected = "hann, hamming, blackman, bartlett or boxcar"});
}

Array dft_kernel(const std::vector<double> &window, int64_t fft_length, int64_t bins,
                 bool imaginary, DType dtype) {
  int64_t length = static_cast<int64_t>(window.size());
  require(fft_length > 0 && length * bins <= (int64_t{1} << 26),
          {.what = "Fourier transform of too many samples", .found = std::to_string(fft_length)});
  Array kernel(Shape{length, 1, bins}, dtype);
  for (int64_t t = 0; t < length; ++t)
    for (int64_t k = 0; k < bins; ++k) {
      // The phase is reduced first: sines of large arguments lose digits.
      double phase =
          -2 * M_PI * static_cast<double>(t * k % fft_length) / static_cast<double>(fft_length);
      double wave = imaginary ? std::sin(phase) : std::cos(phase);
      kernel.set(static_cast<size_t>(t * bins + k), window[static_cast<size_t>(t)] * wave);
    }
  return kernel;
}

Tensor reflect(const Tensor &x, int64_t axis, int64_t before, int64_t after) {
  size_t place = x.shape().axis(axis);
  int64_t size = x.shape()[place];
  require(size == None || (before < size && after < size),
          {.what = "too few elements to mirror", .found = x.shape().str()});
  auto part = [&](int64_t start, int64_t stop) {
    std::vector<SliceAxis> slice(x.rank());
    slice[place] = SliceAxis::range(start, stop);
    return flip(get_item(x, slice), static_cast<int64_t>(place));
  };
  std::vector<Tensor> parts;
  if (before > 0)
    parts.push_back(part(1, before + 1));
  parts.push_back(x);
  if (after > 0)
    parts.push_back(part(-after - 1, -1));
  return concatenate(parts, static_cast<int64_t>(place));
}

std::vector<Tensor> stft(const Tensor &input, const StftOptions &options) {
  int64_t length = options.sequence_length, full = options.fft_length;
  require(length > 0 && length <= full && options.sequence_stride > 0,
          {.what = "wrong lengths of stft", .expected = "0 < sequence_length <= fft_length"});
  std::vector<double> window = options.samples;
  if (window.empty()) {
    std::vector<double> inner = options.window.empty()
                                    ? std::vector<double>(static_cast<size_t>(full), 1)
                                    : window_function(options.window, length, /*periodic=*/true);
    window.resize(static_cast<size_t>(full));
    std::copy(inner.begin(), inner.end(),
              window.begin() + (options.window.empty() ? 0 : (full - length) / 2));
  }
  Tensor x = options.center ? reflect(input, -1, full / 2, full / 2) : input;
  Tensor flat = reshape_codes(
      x, {inferred, x.shape().back() == None ? from_like(x.rank() - 1) : x.shape().back(), 1}, x);
  std::vector<Tensor> parts;
  for (bool imaginary : {false, true}) {
    Array kernel = dft_kernel(window, full, full / 2 + 1, imaginary, x.dtype());
    Tensor y = conv(flat, current_tracer().constant(kernel), {{options.sequence_stride}, {1}});
    std::vector<int64_t> codes;
    for (size_t i = 0; i + 1 < x.rank(); ++i)
      codes.push_back(size_or_like(x, i));
    codes.push_back(y.shape()[1] == None ? inferred : y.shape()[1]);
    codes.push_back(full / 2 + 1);
    parts.push_back(reshape_codes(y, codes, x));
  }
  return parts;
}

static double hertz_to_mel(double hertz) { return 1127.0 * std::log(1 + hertz / 700.0); }

Array mel_matrix(const MelOptions &options, DType dtype) {
  int64_t rows = options.num_spectrogram_bins, columns = options.num_mel_bins;
  Array matrix(Shape{rows, columns}, dtype);
  double low = hertz_to_mel(options.min_freq), high = hertz_to_mel(options.max_freq);
  double step = (high - low) / static_cast<double>(columns + 1);
  for (int64_t i = 1; i < rows; ++i) { // the constant part stays out
    double hertz =
        options.sampling_rate / 2 * static_cast<double>(i) / static_cast<double>(rows - 1);
    double mel = hertz_to_mel(hertz);
    for (int64_t j = 0; j < columns; ++j) {
      double start = low + step * static_cast<double>(j);
      double weight = std::min((mel - start) / step, (start + 2 * step - mel) / step);
      matrix.set(static_cast<size_t>(i * columns + j), std::max(0.0, weight));
    }
  }
  return matrix;
}

} // namespace horn::ops
