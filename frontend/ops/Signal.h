// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Short-time Fourier transforms as convolutions with constant kernels.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/Tensor.h"

#include <string>

namespace horn::ops {

/// A window function of `length` samples: "hann", "hamming", "blackman", "bartlett", "boxcar".
/// Source: scipy.signal.get_window.
std::vector<double> window_function(const std::string &name, int64_t length, bool periodic);

/// The kernel (window size, 1, bins) whose convolution gives the real or imaginary parts of the
/// first `bins` of `fft_length` frequencies.
Array dft_kernel(const std::vector<double> &window, int64_t fft_length, int64_t bins,
                 bool imaginary, DType dtype);

/// Arguments of stft; the window is in the middle of fft_length samples.
struct StftOptions {
  int64_t sequence_length = 0, sequence_stride = 0, fft_length = 0;
  std::string window = "hann";      ///< empty for none
  bool center = true;               ///< mirrors fft_length / 2 samples at both ends
  std::vector<double> samples = {}; ///< the window itself, fft_length samples, in place of its name
};
/// Real and imaginary parts. **Shapes** x [..., time] to [..., sequences, fft_length / 2 + 1].
/// Source: keras.ops.stft.
std::vector<Tensor> stft(const Tensor &x, const StftOptions &options);

/// Elements mirrored at the ends of an axis, without repeating the outermost.
Tensor reflect(const Tensor &x, int64_t axis, int64_t before, int64_t after);

/// Arguments of mel_matrix. Source: MelSpectrogram.linear_to_mel_weight_matrix.
struct MelOptions {
  int64_t num_mel_bins = 128, num_spectrogram_bins = 0;
  double sampling_rate = 16000, min_freq = 20, max_freq = 8000;
};
/// Weights that bring linear frequencies to the mel scale: (num_spectrogram_bins, num_mel_bins).
Array mel_matrix(const MelOptions &options, DType dtype);

} // namespace horn::ops
