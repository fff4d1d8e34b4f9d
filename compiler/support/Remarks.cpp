// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/Remarks.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace horn {

StringRef layerPath(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef path = layerPath(part); !path.empty())
        return path;
  return {};
}

std::string layerName(Operation *op) {
  StringRef path = layerPath(op->getLoc());
  return path.empty() ? shortName(op).str() : path.str();
}

StringRef shortName(Operation *op) { return op->getName().stripDialect(); }

/// Remarks are filtered by this category.
static remark::RemarkOpts options(StringRef pass) {
  return remark::RemarkOpts::name(pass).category("horn");
}

void remarkApplied(Operation *op, StringRef pass, const Twine &text) {
  if (auto remark = remark::passed(op->getLoc(), options(pass)))
    remark << StringRef(text.str());
}

void remarkMissed(Operation *op, StringRef pass, const Twine &text) {
  if (auto remark = remark::missed(op->getLoc(), options(pass)))
    remark << StringRef(text.str());
}

} // namespace horn
