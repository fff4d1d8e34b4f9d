// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A siamese network: one encoder, called twice, tells how far apart two vectors are.
#include <horn/horn.h>

#include <iostream>

using namespace horn;

int main() {
  auto encoder = layers::Dense({.units = 8, .activation = "tanh", .name = "encoder"});
  Tensor left = Input({4}, {.name = "left"}), right = Input({4}, {.name = "right"});
  Tensor difference = encoder(left) - encoder(right); // the same weights
  Model model({left, right}, ops::sqrt(ops::sum(ops::square(difference), -1)), {.name = "siamese"});

  // Two calls, one set of weights; what belongs to a call is asked for by its number.
  std::cout << encoder->inbound_nodes().size() << " calls, " << model.count_params()
            << " weights\n";
  bool shared = model.count_params() == 4 * 8 + 8 && encoder->inbound_nodes().size() == 2 &&
                encoder->get_input_at(1)[0].same_as(right);
  try {
    encoder->output();
    shared = false; // which of the two would it be?
  } catch (const Error &error) {
    std::cout << error.what() << "\n";
  }

  const std::vector<float> a = {1, 2, 3, 4, 1, 2, 3, 4}, b = {1, 2, 3, 4, 4, 3, 2, 1};
  Array distance = model.predict({Array({2, 4}, std::span(a)), Array({2, 4}, std::span(b))}).at(0);
  std::cout << "equal: " << distance.at(0) << ", different: " << distance.at(1) << "\n";
  return shared && distance.at(0) == 0 && distance.at(1) > 0.01 ? 0 : 1;
}
