// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that turn sound into spectra over time.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of STFTSpectrogram. mode: "log", "magnitude", "psd", "real", "imag", "angle", "stft".
struct STFTSpectrogramConfig {
  std::string mode = "log";
  int64_t frame_length = 256;
  std::optional<int64_t> frame_step = {};
  std::optional<int64_t> fft_length = {};
  ConfigValue window = "hann";
  bool periodic = false;
  ConfigValue scaling = "density";
  std::string padding = "valid";
  bool expand_dims = false;
  std::string data_format = "channels_last";
  HORN_FIELDS(mode, frame_length, frame_step, fft_length, window, periodic, scaling, padding,
              expand_dims, data_format)
};
/// Spectra of frames by convolutions with kernels that are weights.
/// **Shapes** x [N, time, C] to [N, frames, C bins], or [N, frames, bins, C] with expand_dims;
/// real_kernel, imag_kernel (frame_length, 1, fft_length / 2 + 1).
/// Source: keras.layers.STFTSpectrogram.
class STFTSpectrogramLayer : public Configured<STFTSpectrogramConfig> {
  HORN_LAYER(STFTSpectrogram, Configured<STFTSpectrogramConfig>)
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight real_kernel, imag_kernel;

protected:
  void check_config();

private:
  Tensor transformed(const Tensor &x, const Weight &kernel) const;
  Tensor arranged(const Tensor &spectra) const;
};
using STFTSpectrogram = Handle<STFTSpectrogramLayer>;

/// Arguments of MelSpectrogram.
struct MelSpectrogramConfig {
  int64_t fft_length = 2048;
  int64_t sequence_stride = 512;
  std::optional<int64_t> sequence_length = {};
  ConfigValue window = "hann";
  int64_t sampling_rate = 16000;
  int64_t num_mel_bins = 128;
  double min_freq = 20;
  std::optional<double> max_freq = {};
  bool power_to_db = true;
  double top_db = 80;
  double mag_exp = 2;
  double min_power = 1e-10;
  double ref_power = 1;
  HORN_FIELDS(fft_length, sequence_stride, sequence_length, window, sampling_rate, num_mel_bins,
              min_freq, max_freq, power_to_db, top_db, mag_exp, min_power, ref_power)
};
/// Spectra on the mel scale, in decibels. **Shapes** [N, time] to [N, num_mel_bins, sequences].
/// Source: keras.layers.MelSpectrogram.
class MelSpectrogramLayer : public Configured<MelSpectrogramConfig> {
  HORN_LAYER(MelSpectrogram, Configured<MelSpectrogramConfig>)
  Tensor call(const Tensor &x) override;

private:
  Tensor decibels(const Tensor &power) const;
};
using MelSpectrogram = Handle<MelSpectrogramLayer>;

} // namespace horn::layers
