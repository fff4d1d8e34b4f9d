/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A Keras model as a C function; horn_add_model in CMakeLists.txt runs `horn compile`. */
#include "digits_cnn.h"

#include <stdio.h>

/* A handwritten 7: gray values from 0 to 255. */
static const unsigned char seven[64] = {
    0, 0,  16,  175, 255, 255, 112, 0, 0, 0,  112, 207, 128, 255, 80,  0, /**/
    0, 0,  0,   16,  16,  255, 64,  0, 0, 0,  32,  112, 207, 255, 239, 0, /**/
    0, 16, 239, 255, 255, 191, 48,  0, 0, 16, 128, 64,  255, 32,  0,   0, /**/
    0, 0,  0,   143, 175, 0,   0,   0, 0, 0,  16,  223, 64,  0,   0,   0};

int main(void) {
  float image[64], digit[10];
  for (int i = 0; i < 64; ++i)
    image[i] = seven[i] / 255.0f;
  if (digits_cnn_run(image, /*batch*/ 1, digit) != 0)
    return puts(digits_cnn_error()), 1;
  int best = 0;
  for (int i = 1; i < 10; ++i)
    best = digit[i] > digit[best] ? i : best;
  printf("%d (%.1f %%)\n", best, 100 * digit[best]);
  digits_cnn_release();
  return best != 7;
}
