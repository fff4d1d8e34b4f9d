/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A Keras model as a C function, made by horn_add_model(digits ...). */
#include "digits.h"

#include <stdio.h>

int main(void) {
  float image[2 * 64] = {0}, digit[2 * 10];
  for (int row = 1; row < 7; ++row)
    image[8 * row + 4] = 1; /* an upright stroke; the second picture is empty */
  if (digits_run(image, /*batch*/ 2, digit) != 0)
    return puts(digits_error()), 1;
  float sum = 0;
  int best = 0;
  for (int i = 0; i < 10; ++i) {
    sum += digit[i];
    best = digit[i] > digit[best] ? i : best;
  }
  printf("a stroke reads as %d (%.1f %%)\n", best, 100 * digit[best]);
  digits_release();
  return best != 1 || sum < 0.999f || sum > 1.001f;
}
