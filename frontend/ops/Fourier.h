// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Discrete Fourier transforms of pairs of tensors, real and imaginary parts, along the last axis.
#pragma once

#include "frontend/core/Tensor.h"

#include <string>
#include <vector>

namespace horn::ops {

/// Real and imaginary part; an undefined imaginary part stands for zeros.
struct Complex {
  Tensor real;      ///< always there
  Tensor imaginary; ///< of the same shape
};

/// The transform over the last axis, of known size; `inverse` with factor 1 / size.
/// **Numerics** products with matrices of cosines and sines, by factors of the size.
Complex fourier(const Complex &x, bool inverse = false);
/// The first `length / 2 + 1` frequencies of real numbers, cut or padded with zeros to `length`.
Complex real_fourier(const Tensor &x, int64_t length);
/// Real numbers from frequencies, cut or padded with zeros to `length / 2 + 1`.
Tensor inverse_real_fourier(const Complex &x, int64_t length);

/// Arguments of istft, as of StftOptions; `length` 0 stands for none.
struct InverseStftOptions {
  int64_t sequence_stride = 0; ///< samples from frame to frame
  int64_t fft_length = 0;      ///< samples of a frame
  int64_t length = 0;          ///< samples of the result
  std::vector<double> window;  ///< of fft_length samples
  bool has_window = true;      ///< without one, sums are scaled by the stride
  bool center = true;
};
/// Signals from frames [..., frames, fft_length / 2 + 1]. Source: keras.ops.istft.
Tensor inverse_stft(const Complex &x, const InverseStftOptions &options);

} // namespace horn::ops
