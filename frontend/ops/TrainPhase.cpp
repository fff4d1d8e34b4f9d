// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/TrainPhase.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/CallRecord.h"
#include "frontend/ops/Tracer.h"

namespace horn::ops {

bool is_training() { return call_context().training.value_or(current_tracer().training); }

static void mark_learning_phase() {
  if (CallRecord *record = call_context().record)
    record->uses_learning_phase = true;
}

Tensor in_train_phase(const std::function<Tensor()> &in_training,
                      const std::function<Tensor()> &otherwise) {
  mark_learning_phase();
  return is_training() ? in_training() : otherwise();
}

Tensor in_train_phase(const Tensor &in_training, const Tensor &otherwise) {
  mark_learning_phase();
  return is_training() ? in_training : otherwise;
}

void inference_only(std::string_view class_name) {
  mark_learning_phase();
  if (is_training())
    throw UnsupportedError({.what = std::string(class_name) + " in training is not supported yet",
                            .expected = "training=false"});
}

} // namespace horn::ops
