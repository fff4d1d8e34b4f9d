// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime is told about a program, as plain values.
#pragma once

#include "llvm/Support/Error.h"

#include <horn/runtime.h>

#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace horn::backend {

struct TensorInfo {
  std::string name;
  horn_dtype dtype;
  std::vector<int64_t> shape;    ///< HORN_UNKNOWN_DIM where a call decides
  std::vector<std::string> dims; ///< the same for readers: "batch", "8", "image_dim1 / 2"
};

struct InputInfo : TensorInfo {
  std::vector<int64_t> symbols; ///< of each axis, -1 where it is known
};

struct WeightInfo : TensorInfo {
  horn_weight_kind kind;
  bool inForward;
};

/// A program's interface.
struct ProgramInfo {
  std::string name; ///< of the module, "model" if it has none
  std::vector<InputInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<WeightInfo> weights;  ///< the module's variables, in order
  std::vector<std::string> symbols; ///< names: "batch", "image_dim1", ...; distinct
  int32_t numKernels = 0;
  int32_t numBuffers = 0;
  int32_t numPrepareBuffers = 0;
  bool rowsApart = false; ///< a batch may be run in parts
  int64_t rowBytes = 0;   ///< of all temporaries for one row of a batch
};

/// Reads the interface off a module that kernel-to-llvm has lowered.
///
/// **Errors**: an element type or rank that the runtime does not have.
llvm::Expected<ProgramInfo> describeProgram(mlir::ModuleOp module);

/// The letters, digits and underscores of a text, for names in C: "conv2d/kernel" is
/// "conv2d_kernel".
std::string identifier(llvm::StringRef text);

/// Bytes of an element.
int64_t dtypeBytes(horn_dtype dtype);

} // namespace horn::backend
