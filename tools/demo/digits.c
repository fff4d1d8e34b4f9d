/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <stdio.h>

#include "digits_cnn.h"

int main(void) { /* reads ten images of 8x8 numbers, prints class and probability of each */
  float image[10 * 64], digit[10][10];
  for (int i = 0; i < 640; ++i)
    if (scanf("%f%*c", &image[i]) != 1) return 1;
  if (digits_cnn_run(image, 10, &digit[0][0]) != 0) return puts(digits_cnn_error()), 1;
  for (int i = 0, best = 0; i < 10; ++i, best = 0) {
    for (int c = 1; c < 10; ++c) if (digit[i][c] > digit[i][best]) best = c;
    printf("%d %.2f\n", best, 100 * digit[i][best]);
  }
}
