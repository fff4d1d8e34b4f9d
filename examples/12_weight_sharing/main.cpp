// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two models with the same weights: one for words one at a time, one for whole sentences. Layers
// are objects; a layer that two models call is in both of them.
#include <horn/horn.h>

#include <iostream>

using namespace horn;

int main() {
  auto embedding = layers::Embedding({.input_dim = 10, .output_dim = 4, .name = "embedding"});
  auto score = layers::Dense({.units = 1, .name = "score"});

  Tensor word = Input({}, {.name = "word", .dtype = DType::int32});
  Model of_word(word, score(embedding(word)), {.name = "of_word"});
  Tensor sentence = Input({None}, {.name = "sentence", .dtype = DType::int32});
  Model of_sentence(sentence, layers::GlobalAveragePooling1D()(score(embedding(sentence))),
                    {.name = "of_sentence"});

  // A layer called twice has two calls; models know which of them is theirs.
  std::cout << "calls of embedding: " << embedding->inbound_nodes().size() << ", input shapes "
            << embedding->get_input_shape_at(0)[0].str() << " and "
            << embedding->get_input_shape_at(1)[0].str() << "\n";
  bool shared = of_word.weights() == of_sentence.weights() && of_word.count_params() == 45;

  // Weights that one model gets, the other has too: the score of a word is its number here.
  Array table({10, 4}, DType::float32), kernel({4, 1}, DType::float32);
  for (size_t row = 0; row < 10; ++row)
    table.set(row * 4, static_cast<double>(row));
  kernel.set(0, 1);
  of_word.set_weights({table, kernel, Array({1}, DType::float32)});

  const std::vector<int32_t> words = {2, 4, 9}, one = {7};
  double average = of_sentence.predict(Array({1, 3}, std::span(words))).at(0);
  double single = of_word.predict(Array({1}, std::span(one))).at(0);
  std::cout << "average " << average << ", single " << single << "\n";
  return shared && average == 5 && single == 7 ? 0 : 1;
}
