// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/CudnnWeights.h"

namespace horn::saving {

/// The matrices of the gates stand side by side; each holds the elements of its transpose.
static Array kernel_of_cudnn(const Array &given, int64_t gates) {
  Array source = given.cast(DType::float32), result(given.shape(), DType::float32);
  int64_t rows = given.shape()[0], units = given.shape()[1] / gates;
  auto from = source.view<float, 2>(), to = result.view<float, 2>();
  for (int64_t gate = 0; gate < gates; ++gate)
    for (int64_t i = 0; i < rows * units; ++i)
      to(i % rows, gate * units + i / rows) = from(i / units, gate * units + i % units);
  return result;
}

/// The two biases added.
static Array summed_bias(const Array &given) {
  size_t half = given.size() / 2;
  Array result({static_cast<int64_t>(half)}, DType::float32);
  for (size_t i = 0; i < half; ++i)
    result.set(i, given.at(i) + given.at(half + i));
  return result;
}

/// Whether a kernel, a recurrent kernel and a bias are those of a cell of so many gates.
static bool is_cell(const std::vector<Weight> &weights, const std::vector<Shape> &shapes, size_t i,
                    int64_t gates) {
  static constexpr const char *names[] = {"kernel", "recurrent_kernel", "bias"};
  for (size_t j = 0; j < 3; ++j)
    if (weights[i + j]->name() != names[j])
      return false;
  const Shape &kernel = weights[i]->shape(), &recurrent = weights[i + 1]->shape();
  if (kernel.rank() != 2 || recurrent.rank() != 2 || recurrent[1] != gates * recurrent[0])
    return false;
  return shapes[i] == kernel && shapes[i + 1] == recurrent &&
         shapes[i + 2] == Shape{2 * gates * recurrent[0]};
}

std::vector<ArrayChange> cudnn_changes(const std::vector<Weight> &weights,
                                       const std::vector<Shape> &shapes) {
  std::vector<ArrayChange> changes(weights.size());
  for (size_t i = 0; i + 2 < weights.size() && weights.size() == shapes.size(); ++i)
    for (int64_t gates : {4, 3}) {
      if (!is_cell(weights, shapes, i, gates))
        continue;
      const Shape &bias = weights[i + 2]->shape();
      bool is_lstm = gates == 4 && bias == Shape{gates * weights[i + 1]->shape()[0]};
      bool is_gru = gates == 3 && bias == Shape{2, gates * weights[i + 1]->shape()[0]};
      if (!is_lstm && !is_gru)
        continue;
      changes[i] = changes[i + 1] = [gates](const Array &a) { return kernel_of_cudnn(a, gates); };
      if (is_lstm)
        changes[i + 2] = summed_bias;
      else
        changes[i + 2] = [bias](const Array &a) { return a.reshape(bias); };
    }
  return changes;
}

} // namespace horn::saving
