// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/memory/Lifetimes.h"

#include <map>

using namespace mlir;

namespace horn::memory {

namespace {
/// The numbers of an op and of the last op inside it, in the order of the text.
struct Span {
  int64_t first, last;
};

class LifetimeFinder {
public:
  explicit LifetimeFinder(func::FuncOp driver) { number(driver); }
  Lifetime find(kernel::BufferOp buffer) const;

private:
  void number(Operation *op);
  void extend(Lifetime &lifetime, Operation *user) const;

  DenseMap<Operation *, Span> spans;
  int64_t count = 0;
};
} // namespace

void LifetimeFinder::number(Operation *op) {
  int64_t first = count++;
  for (Region &region : op->getRegions())
    for (Operation &inner : region.getOps())
      number(&inner);
  spans[op] = {first, count - 1};
}

void LifetimeFinder::extend(Lifetime &lifetime, Operation *user) const {
  Operation *atLevel = lifetime.buffer->getBlock()->findAncestorOpInBlock(*user);
  // A region op that takes the pointer as an operand may pass it on anywhere.
  bool escapes = !atLevel || user->getNumRegions() > 0 || user->hasTrait<OpTrait::IsTerminator>();
  Span span = escapes ? Span{0, count} : spans.lookup(atLevel);
  bool isFirst = lifetime.last < lifetime.first;
  lifetime.first = isFirst ? span.first : std::min(lifetime.first, span.first);
  lifetime.last = isFirst ? span.last : std::max(lifetime.last, span.last);
}

Lifetime LifetimeFinder::find(kernel::BufferOp buffer) const {
  Lifetime lifetime{.buffer = buffer};
  SmallVector<Value> pointers = {buffer.getPointer()};
  while (!pointers.empty())
    for (Operation *user : pointers.pop_back_val().getUsers()) {
      extend(lifetime, user);
      llvm::append_range(pointers, user->getResults()); // an element, or a choice of pointers
    }
  return lifetime;
}

std::vector<Lifetime> findLifetimes(func::FuncOp driver) {
  LifetimeFinder finder(driver);
  std::vector<Lifetime> lifetimes;
  driver.walk([&](kernel::BufferOp buffer) { lifetimes.push_back(finder.find(buffer)); });
  return lifetimes;
}

int64_t peakBytes(ArrayRef<Lifetime> lifetimes) {
  std::map<int64_t, int64_t> changes; // of the bytes alive, at the number of an op
  for (const Lifetime &lifetime : lifetimes) {
    if (lifetime.last < lifetime.first)
      continue;
    changes[lifetime.first] += lifetime.nominalBytes;
    changes[lifetime.last + 1] -= lifetime.nominalBytes;
  }
  int64_t alive = 0, peak = 0;
  for (auto [position, change] : changes)
    peak = std::max(peak, alive += change);
  return peak;
}

} // namespace horn::memory
