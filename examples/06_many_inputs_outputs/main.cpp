// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two inputs of different types, two outputs: a price from a house's size and its street.
#include <horn/horn.h>

#include <cmath>
#include <iostream>

using namespace horn;

int main() {
  Tensor size = Input({1}, {.name = "size"});
  Tensor street = Input({1}, {.name = "street", .dtype = DType::int32});

  Tensor place = layers::Embedding({.input_dim = 5, .output_dim = 3, .name = "place"})(street);
  Tensor features = layers::Concatenate()({size, layers::Flatten()(place)});
  Tensor price = layers::Dense({.units = 1, .name = "price"})(features);
  Tensor sold = layers::Dense({.units = 1, .activation = "sigmoid", .name = "sold"})(features);
  Model model({size, street}, {price, sold}, {.name = "houses"});
  for (const std::string &name : model.input_names())
    std::cout << "input " << name << "\n";
  for (const std::string &name : model.output_names())
    std::cout << "output " << name << "\n";

  // Weights by layer: each street's three numbers are its own number, and the price adds them up.
  Array embeddings({5, 3}, DType::float32), kernel({4, 1}, DType::float32);
  for (size_t i = 0; i < 15; ++i)
    embeddings.set(i, static_cast<double>(i / 3));
  for (size_t i = 0; i < 4; ++i)
    kernel.set(i, i == 0 ? 100 : 1);
  model.get_layer("place")->set_weights({embeddings});
  model.get_layer("price")->set_weights({kernel, Array({1}, DType::float32)});

  const std::vector<float> sizes = {1, 2, 3};
  const std::vector<int32_t> streets = {0, 4, 2};
  std::vector<Array> outputs =
      model.predict({Array({3, 1}, std::span(sizes)), Array({3, 1}, std::span(streets))});
  for (size_t i = 0; i < 3; ++i) {
    std::cout << "price " << outputs[0].at(i) << ", sold with " << outputs[1].at(i) << "\n";
    if (std::abs(outputs[0].at(i) - (100 * sizes[i] + 3 * streets[i])) > 1e-3 ||
        outputs[1].at(i) <= 0 || outputs[1].at(i) >= 1)
      return 1;
  }
  return model.output_names() == std::vector<std::string>{"price", "sold"} ? 0 : 1;
}
