// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/CallContext.h"

#include "frontend/core/CallRecord.h"
#include "frontend/core/Layer.h"

namespace horn {

CallContext &call_context() {
  thread_local CallContext context;
  return context;
}

std::string CallContext::path() const {
  std::string path;
  for (const Layer *layer : layers)
    (path += path.empty() ? "" : "/") += layer->name();
  return path;
}

CallScope::CallScope(Layer &layer, std::optional<DType> autocast) : saved_(call_context()) {
  call_context().layers.push_back(&layer);
  call_context().autocast = autocast;
}

CallScope::CallScope() : saved_(call_context()) { call_context() = {}; }
CallScope::~CallScope() { call_context() = std::move(saved_); }

RecordScope::RecordScope() : outer_(call_context().record) { call_context().record = &record_; }
RecordScope::~RecordScope() { call_context().record = outer_; }

void RecordScope::pass_on() {
  if (!outer_)
    return;
  outer_->additions.insert(outer_->additions.end(), record_.additions.begin(),
                           record_.additions.end());
  outer_->uses_learning_phase |= record_.uses_learning_phase;
}

} // namespace horn
