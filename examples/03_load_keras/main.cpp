// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model that Keras trained and saved, and a picture: what digit is it?
//   example_03_load_keras MODEL.keras PICTURE.png [EXPECTED]
#include <horn/files.h>
#include <horn/horn.h>

#include <cstdio>
#include <cstdlib>

using namespace horn;

int main(int argc, char **argv) {
  if (argc < 3)
    return std::fprintf(stderr, "usage: %s MODEL.keras PICTURE.png [EXPECTED]\n", argv[0]), 2;
  try {
    Model model = load_model(argv[1]);
    const Shape &wanted = model.inputs()[0].shape(); // (None, 8, 8, 1)

    Array picture = saving::read_image(argv[2], static_cast<int>(wanted[3]));
    Array pixels = saving::resize_area_or_bilinear(picture, wanted[1], wanted[2]);
    for (float &pixel : pixels.values<float>())
      pixel /= 255;

    Array probabilities = model.predict(pixels.reshape({1, wanted[1], wanted[2], wanted[3]}));
    size_t best = 0;
    for (size_t i = 0; i < probabilities.size(); ++i)
      best = probabilities.at(i) > probabilities.at(best) ? i : best;
    std::printf("%s: %zu (%.1f %%)\n", argv[2], best, 100 * probabilities.at(best));
    return argc > 3 && best != std::strtoul(argv[3], nullptr, 10) ? 1 : 0;
  } catch (const Error &error) { // says which file, which layer, what was expected and found
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
