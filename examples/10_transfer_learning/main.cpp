// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Transfer learning: the body of a trained model with a new head. Takes the digits model, freezes
// it, cuts it off before its last layer and puts another classifier there.
// Run with the file: 10_transfer_learning digits_cnn.keras
#include <horn/horn.h>

#include <iostream>

using namespace horn;

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  Model trained = load_model(argv[1]);
  trained.set_trainable(false); // this layer, the layers inside, their weights

  // What the head took is the input of the last layer; the graph up to there is a model.
  LayerPtr head = trained.layers().back();
  Model body(trained.inputs(), head->input(), {.name = "body"});
  Tensor x = Input({8, 8, 1}, {.name = "image"});
  auto parity = layers::Dense({.units = 2, .activation = "softmax", .name = "parity"});
  Model model(x, parity(body(x)), {.name = "odd_or_even"});
  model.summary(std::cout);

  // Only the head would be trained.
  bool frozen = model.trainable_weights().size() == 2 &&
                model.non_trainable_weights().size() == body.weights().size();

  // The body is shared, not copied: its numbers are those of the trained model. With the head's
  // kernel at zero both classes are as likely.
  parity->set_weights({Array(parity->kernel->shape(), DType::float32), Array({2}, DType::float32)});
  Array image({1, 8, 8, 1}, DType::float32);
  for (size_t i = 0; i < image.size(); ++i)
    image.set(i, static_cast<double>(i % 8) / 8);
  Array chance = model.predict(image);
  std::cout << "odd " << chance.at(0) << ", even " << chance.at(1) << "\n";

  // A copy of the whole would be clone_model(trained): new weights, the same layers.
  Model copy = clone_model(trained);
  bool copied = copy.count_params() == trained.count_params() &&
                !(copy.weights()[0] == trained.weights()[0]) &&
                body.weights()[0] == trained.weights()[0];
  return frozen && copied && chance.at(0) == 0.5 && chance.at(1) == 0.5 ? 0 : 1;
}
