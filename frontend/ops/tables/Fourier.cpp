// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fourier transforms, of keras.ops.math.
#include "frontend/ops/Fourier.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Signal.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

/// The pair (real, imaginary) that is the first argument.
static ops::Complex pair_of(Call c) {
  std::vector<Tensor> parts = c.tensors("x", 0);
  require(parts.size() == 2 && parts[0].rank() == parts[1].rank(),
          {.what = "a Fourier transform needs a pair of real and imaginary parts"});
  for (Tensor &part : parts) {
    require(is_floating(part.dtype()), {.what = "Fourier transforms need floating-point numbers",
                                        .found = std::string(dtype_name(part.dtype()))});
    part = ops::cast(part, part.dtype() == DType::float64 ? DType::float64 : DType::float32);
  }
  return {parts[0], parts[1]};
}

static Tensor real_part(Call c) {
  Tensor x = x_of(c);
  return ops::cast(x, x.dtype() == DType::float64 ? DType::float64 : DType::float32);
}

static Outputs fft(Call c) {
  ops::Complex y = ops::fourier(pair_of(c));
  return {y.real, y.imaginary};
}

static Outputs fft2(Call c, bool inverse) {
  ops::Complex x = ops::fourier(pair_of(c), inverse);
  auto turned = [](const Tensor &t) { return ops::swapaxes(t, -1, -2); };
  ops::Complex y = ops::fourier({turned(x.real), turned(x.imaginary)}, inverse);
  return {turned(y.real), turned(y.imaginary)};
}

static Outputs rfft(Call c) {
  Tensor x = real_part(c);
  ops::Complex y = ops::real_fourier(x, c.integer("fft_length", x.shape().back()));
  return {y.real, y.imaginary};
}

static Tensor irfft(Call c) {
  ops::Complex x = pair_of(c);
  int64_t size = x.real.shape().back();
  return ops::inverse_real_fourier(x,
                                   c.integer("fft_length", size == None ? None : 2 * (size - 1)));
}

/// The window's samples in the middle of `full`: named, given as numbers, or none.
static std::vector<double> window_of(Call c, int64_t length, int64_t full) {
  require(length > 0 && length <= full && full <= 65536,
          {.what = "wrong lengths", .expected = "0 < sequence_length <= fft_length"});
  const ConfigValue *given = c.find("window");
  if (!given)
    return std::vector<double>(static_cast<size_t>(full), 1);
  std::vector<double> inner =
      given->is_string() ? ops::window_function(given->as_string(), length, /*periodic=*/true)
      : given->is_dict() ? given->at("config").at("value").as_numbers()
                         : given->as_numbers();
  require(static_cast<int64_t>(inner.size()) == length,
          {.what = "the window needs sequence_length samples"});
  std::vector<double> window(static_cast<size_t>(full));
  std::copy(inner.begin(), inner.end(), window.begin() + (full - length) / 2);
  return window;
}

static Outputs stft(Call c) {
  int64_t full = c.integer("fft_length", 0);
  int64_t length = c.integer("sequence_length", 0);
  return ops::stft(x_of(c), {.sequence_length = length,
                             .sequence_stride = c.integer("sequence_stride", 0),
                             .fft_length = full,
                             .center = c.flag("center", true),
                             .samples = window_of(c, length, full)});
}

static Tensor istft(Call c) {
  ops::Complex x = pair_of(c);
  int64_t full = c.integer("fft_length", 0);
  return ops::inverse_stft(x, {.sequence_stride = c.integer("sequence_stride", 0),
                               .fft_length = full,
                               .length = c.integer("length", 0),
                               .window = window_of(c, c.integer("sequence_length", 0), full),
                               .has_window = c.find("window") != nullptr,
                               .center = c.flag("center", true)});
}

std::span<const OperationEntry> fourier_operations() {
  static const OperationEntry entries[] = {
      {"FFT", "math", fft},
      {"FFT2", "math", [](Call c) { return fft2(c, false); }},
      {"IFFT2", "math", [](Call c) { return fft2(c, true); }},
      {"RFFT", "math", rfft},
      HORN_OPERATION(IRFFT, math, irfft(c)),
      {"STFT", "math", stft},
      HORN_OPERATION(ISTFT, math, istft(c)),
  };
  return entries;
}

} // namespace horn::tables
