// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What ops:: functions talk to. A layer's `call` states its computation by calling ops::, and each
// of these calls one method here. Two tracers exist: one infers shapes while a model is put
// together (ShapeTracer), the other builds the horn dialect when a model is compiled
// (frontend/emit).
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/Tensor.h"

#include <functional>
#include <string_view>
#include <variant>
#include <vector>

namespace horn {

class Variable;

/// The value of an attribute of a horn op. Which C++ type an attribute has is fixed by the op's
/// definition in dialects/horn: I64Attr int64_t, F64Attr double, BoolAttr bool, StrAttr string,
/// DenseI64ArrayAttr vector<int64_t>, DenseF64ArrayAttr vector<double>, TypeAttr DType.
using AttributeValue = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>,
                                    std::vector<double>, DType>;
struct Attribute {
  std::string_view name;
  AttributeValue value;
};
using Attributes = std::vector<Attribute>;

/// Shape and element type of a tensor that need not exist.
struct TensorType {
  Shape shape;
  DType dtype = DType::float32;
  friend bool operator==(const TensorType &, const TensorType &) = default;
};

/// The step of a scan: gets the carried tensors and this step's slice of each sequence, gives the
/// new carried tensors and this step's outputs.
struct ScanStep {
  std::vector<Tensor> carried;
  std::vector<Tensor> outputs;
};
using ScanBody =
    std::function<ScanStep(const std::vector<Tensor> &carried, const std::vector<Tensor> &slices)>;

/// Builds a computation op by op.
class Tracer {
public:
  virtual ~Tracer();

  /// The op `horn.<name>`. Throws Error when the dialect refuses the operands or attributes.
  virtual std::vector<Tensor> op(std::string_view name, const std::vector<Tensor> &operands,
                                 const Attributes &attributes) = 0;
  virtual Tensor constant(const Array &value) = 0;
  /// The value of a variable (a layer's weight or state).
  virtual Tensor read(const Variable &variable) = 0;
  /// Sets a state variable at the end of the run.
  virtual void assign(const Variable &variable, const Tensor &value) = 0;
  /// Loops over axis 1 (time) of `sequences` ([batch, time, ...]); slices are [batch, ...].
  /// Returns the final carried tensors followed by the outputs stacked as [batch, time, ...] in
  /// the order of processing. `reverse` walks from the last step to the first.
  virtual std::vector<Tensor> scan(const std::vector<Tensor> &initial,
                                   const std::vector<Tensor> &sequences, bool reverse,
                                   const ScanBody &body) = 0;
  /// Names the ops that follow: the path of the layer that is being called, outermost first.
  virtual void push_location(const std::string &name) = 0;
  virtual void pop_location() = 0;

  /// Whether the computation is one for training (dropout drops, batch norm uses batch statistics).
  bool training = false;
};

/// The tracer in use on this thread; while none is set, that is the shape tracer.
Tracer &current_tracer();

/// Makes a tracer current for a scope.
class TracerScope {
public:
  explicit TracerScope(Tracer &tracer);
  ~TracerScope();
  TracerScope(const TracerScope &) = delete;

private:
  Tracer *previous_;
};

/// Result types of `horn.<name>`, as the dialect's own shape inference gives them (implemented in
/// frontend/emit). Throws Error with the dialect's message.
std::vector<TensorType> infer_types(std::string_view name, const std::vector<TensorType> &operands,
                                    const Attributes &attributes);

} // namespace horn
