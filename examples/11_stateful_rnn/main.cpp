// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A stateful recurrent model, run step by step: what a layer remembers stays between calls of
// predict, until reset_states. The batch size must be fixed, since each row has its own state.
#include <horn/horn.h>

#include <cmath>
#include <iostream>

using namespace horn;

static Model make(int64_t batch, int64_t steps, bool stateful) {
  Tensor x = Input({steps, 2}, {.batch_size = batch});
  auto lstm = layers::LSTM({.units = 3, .stateful = stateful, .name = "lstm"});
  return Model(x, layers::Dense({.units = 1, .name = "head"})(lstm(x)));
}

int main() {
  const int64_t batch = 2, steps = 5;
  Model whole = make(None, steps, false), stepwise = make(batch, 1, true);
  stepwise.set_weights(whole.get_weights());
  std::cout << "states: " << stepwise.state_updates().size() << "\n"; // h and c
  bool stateful = stepwise.stateful() && !whole.stateful() && stepwise.state_updates().size() == 2;

  Array sequence({batch, steps, 2}, DType::float32);
  for (size_t i = 0; i < sequence.size(); ++i)
    sequence.set(i, std::sin(static_cast<double>(i)));
  Array expected = whole.predict(sequence);

  // The same sequence, one step at a time; twice, with a reset between.
  for (int round = 0; round < 2; ++round) {
    Array output;
    for (int64_t step = 0; step < steps; ++step) {
      Array now({batch, 1, 2}, DType::float32);
      for (int64_t i = 0; i < batch * 2; ++i)
        now.set(size_t(i), sequence.at(size_t((i / 2 * steps + step) * 2 + i % 2)));
      output = stepwise.predict(now);
    }
    for (size_t i = 0; i < output.size(); ++i) {
      std::cout << output.at(i) << ", at once " << expected.at(i) << "\n";
      if (std::abs(output.at(i) - expected.at(i)) > 1e-5)
        return 1;
    }
    stepwise.reset_states();
  }
  return stateful ? 0 : 1;
}
