// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one MLIR context of the process, and the frontend's words in MLIR's.
#pragma once

#include "frontend/ops/Tracer.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OperationSupport.h"

namespace horn::emit {

/// The context with all of Horn's dialects loaded. It may be used from several threads.
mlir::MLIRContext &context();

mlir::Type element_type(DType dtype);
DType dtype_of(mlir::Type element);
mlir::RankedTensorType tensor_type(const TensorType &type);
TensorType tensor_type_of(mlir::Type type);
mlir::NamedAttrList attribute_list(const Attributes &attributes);

/// Collects the errors that MLIR reports on this thread while it lives.
class DiagnosticScope {
public:
  DiagnosticScope();
  ~DiagnosticScope();
  /// What was reported, with notes, one line each.
  const std::string &text() const { return text_; }

private:
  std::string text_;
  std::unique_ptr<mlir::ScopedDiagnosticHandler> handler_;
};

/// Result types of an op; Error with the dialect's message if it refuses.
std::vector<mlir::Type> infer_result_types(std::string_view name, mlir::ValueRange operands,
                                           const mlir::NamedAttrList &attributes);

} // namespace horn::emit
