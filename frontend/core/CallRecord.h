// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call of a layer gives besides its outputs: losses, updates and metrics.
#pragma once

#include "frontend/core/Variable.h"

namespace horn {

/// A variable's new value. Those of states take effect at the end of each run, others in training.
struct Update {
  Weight variable;
  Tensor value;
};

/// A number that is watched. Source: keras.layers.Layer.add_metric of Keras 2.
struct Metric {
  std::string name;
  Tensor value;
};

/// One thing that a layer added during a call.
struct Addition {
  enum class Kind { loss, update, metric };
  Kind kind = Kind::loss;
  Tensor value;          ///< the loss, the metric or the variable's new value
  Weight variable = {};  ///< of an update
  std::string name = {}; ///< of a metric
};

/// What was met while a layer was called, its inner layers included, in order.
struct CallRecord {
  std::vector<Addition> additions;
  bool uses_learning_phase = false; ///< whether results depend on the training flag
};

/// Collects what the layers called within a scope add.
class RecordScope {
public:
  RecordScope();
  ~RecordScope();
  RecordScope(const RecordScope &) = delete;
  const CallRecord &record() const { return record_; }
  /// Adds what was met to the scope around this one, if there is one.
  void pass_on();

private:
  CallRecord record_, *outer_;
};

} // namespace horn
