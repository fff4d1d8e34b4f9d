// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the thread is doing: which layers are being called, one inside the other.
#pragma once

#include "frontend/core/DType.h"

#include <optional>
#include <string>
#include <vector>

namespace horn {

class Layer;
struct CallRecord;

/// The layers being called on this thread, outermost first. Empty at top level, where calls and
/// operations on symbolic tensors are recorded as nodes.
struct CallContext {
  std::vector<Layer *> layers;
  std::optional<DType> autocast; ///< type that weights are cast to when read
  std::optional<bool> training;  ///< as the innermost call that says it has it
  CallRecord *record = nullptr;  ///< where additions go; null where nobody asks for them

  bool top_level() const { return layers.empty(); }
  /// Names of the layers, joined: "block/dense".
  std::string path() const;
};

CallContext &call_context();

/// Enters a layer's call for a scope; without a layer, goes back to top level.
class CallScope {
public:
  CallScope(Layer &layer, std::optional<DType> autocast);
  CallScope();
  ~CallScope();
  CallScope(const CallScope &) = delete;

private:
  CallContext saved_;
};

} // namespace horn
