// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program with its weights: what all sessions of a model share and none changes.
#ifndef HORN_RUNTIME_MODEL_H
#define HORN_RUNTIME_MODEL_H

#include "horn/runtime.h"

/// All zeros is a model of nothing, fit for horn_model_destroy().
struct horn_model {
  const horn_program *program;
  /// One per weight of the program: where its value is, aligned to 64 bytes. Null for a weight that
  /// is not kept. For a state variable this is its first value.
  void **weights;
  /// One per weight: memory that belongs to the model and to this weight alone, else null.
  void **owned;
  /// One block for all values that `prepare` writes and sessions read, so that huge pages and the
  /// prefetcher see one long run; null if there are none.
  void *prepared;
  int64_t preparedBytes;
  int64_t weightBytes;
};

namespace horn::runtime {

/// Bytes of a weight's value; the program has been checked.
int64_t weightBytes(const horn_weight_info &weight);

} // namespace horn::runtime

#endif // HORN_RUNTIME_MODEL_H
