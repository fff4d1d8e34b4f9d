// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/reference/Strides.h"

using namespace mlir;

namespace horn::reference {

Strides rowMajorStrides(ArrayRef<int64_t> shape) {
  Strides strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0; stride *= shape[axis])
    strides[axis] = stride;
  return strides;
}

Strides broadcastStrides(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  Strides own = rowMajorStrides(from), strides(to.size(), 0);
  size_t missing = to.size() - from.size();
  for (auto [axis, size] : llvm::enumerate(from))
    if (size != 1)
      strides[axis + missing] = own[axis];
  return strides;
}

} // namespace horn::reference
