// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Depthwise convolutions as the kernels take them, alone or in front of a product.
#pragma once

#include "compiler/codegen/DepthwiseKernel.h"
#include "compiler/lowering/GroupBody.h"
#include "compiler/lowering/Window.h"
#include "dialects/horn/HornContractionOps.h"

namespace horn::lowering {

/// A depthwise convolution with the ops behind it, but for where its result goes.
struct DepthwisePart {
  codegen::DepthwiseSpec spec;
  GroupBody epilogue;        ///< holds the spec's epilogue
  LaunchArguments arguments; ///< those before the result's
  std::string signature;
};

/// The convolution `op` of a group and what the group computes from it up to `root`, which must
/// have the shape and element type of its result; or nothing if the kernel cannot do that.
std::optional<DepthwisePart> depthwisePart(FunctionLowering &lowering, mlir::Operation *fused,
                                           ir::DepthwiseConvOp op, mlir::Value root);

} // namespace horn::lowering
