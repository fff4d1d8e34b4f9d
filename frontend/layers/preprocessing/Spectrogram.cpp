// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Spectrogram.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Signal.h"
#include "frontend/ops/Tracer.h"

#include <bit>
#include <cmath>

namespace horn::layers {

HORN_DEFINE_LAYER(STFTSpectrogram)
HORN_DEFINE_LAYER(MelSpectrogram)

static constexpr double epsilon = 1e-7;

void STFTSpectrogramLayer::check_config() {
  require(config.frame_length > 0 &&
              config.fft_length.value_or(config.frame_length) >= config.frame_length,
          {.what = "wrong frame_length or fft_length of STFTSpectrogram"});
}

void STFTSpectrogramLayer::build(const Shape &) {
  int64_t rounded = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(config.frame_length)));
  Shape shape{config.frame_length, 1, config.fft_length.value_or(rounded) / 2 + 1};
  auto add = [&](const char *name, const char *side) {
    return add_weight(
        name, shape,
        {.initializer = Initializer("STFT", ConfigValue::Dict{{"side", side},
                                                              {"window", config.window},
                                                              {"scaling", config.scaling},
                                                              {"periodic", config.periodic}})});
  };
  if (config.mode != "imag")
    real_kernel = add("real_kernel", "real");
  if (config.mode != "real")
    imag_kernel = add("imag_kernel", "imag");
}

/// Each channel by itself: [N, C, frames, bins].
Tensor STFTSpectrogramLayer::transformed(const Tensor &x, const Weight &kernel) const {
  bool last = config.data_format != "channels_first";
  Tensor channels = last ? ops::transpose(x, {0, 2, 1}) : x;
  int64_t count = channels.dim(1);
  require(count != None,
          {.what = "the number of channels must be known", .found = x.shape().str()});
  Tensor flat =
      ops::reshape_codes(channels, {ops::inferred, ops::size_or_like(channels, 2), 1}, channels);
  int64_t step = config.frame_step.value_or(config.frame_length / 2);
  Tensor y = ops::conv(flat, kernel, {{step}, {1}, config.padding});
  return ops::reshape_codes(y,
                            {ops::size_or_like(channels, 0), count,
                             y.dim(1) == None ? ops::inferred : y.dim(1), y.dim(2)},
                            channels);
}

Tensor STFTSpectrogramLayer::arranged(const Tensor &spectra) const {
  bool last = config.data_format != "channels_first";
  if (config.expand_dims)
    return last ? ops::transpose(spectra, {0, 2, 3, 1}) : spectra;
  int64_t both = spectra.dim(1) * spectra.dim(3);
  if (last) {
    Tensor y = ops::transpose(spectra, {0, 2, 1, 3});
    return ops::reshape_codes(y, {ops::size_or_like(y, 0), ops::size_or_like(y, 1), both}, y);
  }
  Tensor y = ops::transpose(spectra, {0, 1, 3, 2});
  return ops::reshape_codes(y, {ops::size_or_like(y, 0), both, ops::size_or_like(y, 3)}, y);
}

Tensor STFTSpectrogramLayer::call(const Tensor &x) {
  InputSpec{.ndim = 3}.check(x.shape(), 0);
  const std::string &mode = config.mode;
  if (mode == "real")
    return arranged(transformed(x, real_kernel));
  if (mode == "imag")
    return arranged(transformed(x, imag_kernel));
  Tensor real = transformed(x, real_kernel), imaginary = transformed(x, imag_kernel);
  if (mode == "angle")
    return arranged(ops::arctan2(imaginary, real));
  if (mode == "stft")
    return arranged(ops::concatenate({real, imaginary}, -1));
  Tensor power = ops::square(real) + ops::square(imaginary);
  if (mode == "psd") { // all but the first and last bin stand for two frequencies
    Tensor inner = ops::get_item(power, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(1, -1)});
    return arranged(power + ops::pad(inner, {0, 0, 0, 1}, {0, 0, 0, 1}));
  }
  require(mode == "log" || mode == "magnitude",
          {.what = "unknown mode of STFTSpectrogram",
           .expected = "log, magnitude, psd, real, imag, angle or stft",
           .found = mode});
  Tensor magnitude = arranged(ops::sqrt(ops::maximum(power, epsilon)));
  return mode == "magnitude" ? magnitude : ops::log(ops::maximum(magnitude, epsilon));
}

Tensor MelSpectrogramLayer::decibels(const Tensor &power) const {
  double reference = 10 * std::log10(std::max(std::abs(config.ref_power), config.min_power));
  Tensor spectrum = 10 * ops::log10(ops::maximum(power, config.min_power)) - reference;
  return ops::maximum(spectrum, ops::max(spectrum) - config.top_db);
}

Tensor MelSpectrogramLayer::call(const Tensor &input) {
  require(config.window.is_null() || config.window.is_string(),
          {.what = "the window of MelSpectrogram must be a name", .found = config.window.str()});
  DType dtype = compute_dtype() == DType::float64 ? DType::float64 : DType::float32;
  ops::StftOptions options{.sequence_length = config.sequence_length.value_or(config.fft_length),
                           .sequence_stride = config.sequence_stride,
                           .fft_length = config.fft_length,
                           .window = config.window.is_null() ? "" : config.window.as_string()};
  std::vector<Tensor> parts = ops::stft(ops::cast(input, dtype), options);
  Tensor power = ops::square(parts[0]) + ops::square(parts[1]);
  if (config.mag_exp != 2)
    power = ops::power(power, config.mag_exp / 2);
  ops::MelOptions mel{.num_mel_bins = config.num_mel_bins,
                      .num_spectrogram_bins = config.fft_length / 2 + 1,
                      .sampling_rate = static_cast<double>(config.sampling_rate),
                      .min_freq = config.min_freq,
                      .max_freq =
                          config.max_freq.value_or(static_cast<double>(config.sampling_rate / 2))};
  Tensor y = ops::matmul(power, current_tracer().constant(ops::mel_matrix(mel, dtype)));
  if (config.power_to_db)
    y = decibels(y);
  return ops::cast(ops::swapaxes(y, -1, -2), compute_dtype());
}

} // namespace horn::layers
