// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Tensor.h"

#include "frontend/core/Error.h"
#include "frontend/core/Layer.h"
#include "frontend/core/Node.h"

namespace horn {

struct Tensor::Data {
  Shape shape;
  DType dtype = DType::float32;
  void *value = nullptr;
  Tensor mask;
  std::shared_ptr<Node> node;
  size_t tensor_index = 0;
};

Tensor::Tensor(Shape shape, DType dtype, void *value)
    : data_(std::make_shared<Data>(Data{std::move(shape), dtype, value, {}, nullptr, 0})) {}

static void require_defined(const Tensor &tensor) {
  if (!tensor.defined())
    throw Error({.what = "a tensor is used that was never set"});
}

const Shape &Tensor::shape() const {
  require_defined(*this);
  return data_->shape;
}

DType Tensor::dtype() const {
  require_defined(*this);
  return data_->dtype;
}

std::string Tensor::name() const {
  if (!defined() || !data_->node)
    return "";
  std::string name = data_->node->layer()->name();
  return data_->tensor_index ? name + ":" + std::to_string(data_->tensor_index) : name;
}

void *Tensor::value() const { return data_ ? data_->value : nullptr; }
Tensor Tensor::mask() const { return data_ ? data_->mask : Tensor(); }

Tensor Tensor::with_mask(Tensor mask) const {
  if (!mask.defined() && !this->mask().defined())
    return *this;
  require_defined(*this);
  auto data = std::make_shared<Data>(*data_);
  data->mask = std::move(mask);
  Tensor result;
  result.data_ = std::move(data);
  return result;
}

const std::shared_ptr<Node> &Tensor::node() const {
  static const std::shared_ptr<Node> none;
  return data_ ? data_->node : none;
}

size_t Tensor::tensor_index() const { return data_ ? data_->tensor_index : 0; }

Tensor Tensor::with_history(std::shared_ptr<Node> node, size_t tensor_index) const {
  require_defined(*this);
  auto data = std::make_shared<Data>(*data_);
  data->node = std::move(node);
  data->tensor_index = tensor_index;
  Tensor result;
  result.data_ = std::move(data);
  return result;
}

bool Tensor::same_as(const Tensor &other) const {
  if (data_ == other.data_)
    return true;
  if (!data_ || !other.data_)
    return false;
  if (data_->node || other.data_->node)
    return data_->node == other.data_->node && data_->tensor_index == other.data_->tensor_index;
  return data_->value && data_->value == other.data_->value;
}

Operand::Operand(const Weight &weight) : tensor_(weight.read()) {}

std::vector<Shape> shapes_of(const std::vector<Tensor> &tensors) {
  std::vector<Shape> shapes;
  for (const Tensor &tensor : tensors)
    shapes.push_back(tensor.shape());
  return shapes;
}

} // namespace horn
