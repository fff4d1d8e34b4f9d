// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/Windows.h"

#include "compiler/codegen/DepthwiseKernel.h"

using namespace mlir;

namespace horn::graph {

bool suitsDepthwiseKernel(ir::DepthwiseConvOp convolution) {
  constexpr unsigned kFewestRegisters = 16;
  auto y = convolution.getY().getType();
  ArrayRef<int64_t> positions = y.getShape().drop_front(),
                    kernel = convolution.getKernel().getType().getShape();
  return y.getElementType().isF32() && !ShapedType::isDynamicShape(positions) &&
         kernel.back() == 1 &&
         codegen::depthwiseColumns(positions.drop_back().back(), kernel.drop_back(2).back(),
                                   kFewestRegisters) > 0;
}

} // namespace horn::graph
