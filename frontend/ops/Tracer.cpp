// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Tracer.h"

#include "frontend/core/CallRecord.h"

namespace horn {

Tracer::~Tracer() = default;

namespace {
/// Infers shapes and types; tensors have no values.
class ShapeTracer : public Tracer {
public:
  std::vector<Tensor> op(std::string_view name, const std::vector<Tensor> &operands,
                         const Attributes &attributes) override {
    std::vector<TensorType> types;
    for (const Tensor &operand : operands)
      types.push_back({operand.shape(), operand.dtype()});
    std::vector<Tensor> results;
    for (TensorType &type : infer_types(name, types, attributes))
      results.emplace_back(std::move(type.shape), type.dtype);
    return results;
  }
  Tensor constant(const Array &value) override { return Tensor(value.shape(), value.dtype()); }
  Tensor read(const Variable &variable) override {
    return Tensor(variable.shape(), variable.dtype());
  }
  void assign(const Variable &, const Tensor &) override {}
  std::vector<Tensor> scan(const std::vector<Tensor> &initial, const std::vector<Tensor> &sequences,
                           bool, const ScanBody &body) override {
    std::vector<Tensor> slices;
    for (const Tensor &sequence : sequences) {
      const Shape &shape = sequence.shape();
      slices.emplace_back(shape.slice(0, 1).concat(shape.slice(2, shape.rank())), sequence.dtype());
    }
    RecordScope scope;
    ScanStep step = body(initial, slices);
    if (!scope.record().additions.empty())
      throw Error({.what = "a loss, update or metric is added within a step of a recurrent layer",
                   .hint = "add it in the layer around the loop, from its outputs"});
    for (const Tensor &output : step.outputs) {
      Shape time{sequences.front().dim(1)};
      const Shape &shape = output.shape();
      step.carried.emplace_back(shape.slice(0, 1).concat(time).concat(shape.slice(1, shape.rank())),
                                output.dtype());
    }
    return step.carried;
  }
  void push_location(const std::string &) override {}
  void pop_location() override {}
};
} // namespace

static thread_local Tracer *current = nullptr;

Tracer &current_tracer() {
  thread_local ShapeTracer shapes;
  return current ? *current : shapes;
}

TracerScope::TracerScope(Tracer &tracer) : previous_(current) { current = &tracer; }
TracerScope::~TracerScope() { current = previous_; }

} // namespace horn
