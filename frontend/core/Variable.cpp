// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Variable.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/CallRecord.h"
#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Tracer.h"

#include <algorithm>

namespace horn {

Variable::Variable(std::string name, Shape shape, DType dtype, WeightOptions options)
    : name_(std::move(name)), path_(name_), shape_(std::move(shape)), dtype_(dtype),
      options_(std::move(options)), trainable_(options_.kind == VariableKind::weight) {}

std::string Variable::symbol() const {
  std::string symbol = path_;
  std::replace(symbol.begin(), symbol.end(), '/', '.');
  return symbol;
}

/// A stream of its own for each variable, the same in every run.
static uint64_t seed_of(const std::string &path) {
  uint64_t hash = 1469598103934665603u;
  for (unsigned char c : path)
    hash = (hash ^ c) * 1099511628211u;
  return hash;
}

const Array &Variable::value() const {
  if (!value_.defined() && load_) {
    value_ = load_();
    load_ = nullptr;
  }
  if (!value_.defined())
    value_ = options_.initializer(shape_, dtype_, seed_of(path_));
  return value_;
}

Array Variable::peek() const { return value_.defined() || !load_ ? value() : load_(); }

void Variable::assign(Array value) {
  if (value.shape() != shape_ || value.dtype() != dtype_)
    throw Error({.where = path_,
                 .what = "wrong value for a weight",
                 .expected = shape_.str() + " " + std::string(dtype_name(dtype_)),
                 .found = value.shape().str() + " " + std::string(dtype_name(value.dtype()))});
  value_ = std::move(value);
  load_ = nullptr;
  ++version_;
}

void Variable::assign_later(std::function<Array()> load) {
  value_ = Array();
  load_ = std::move(load);
  ++version_;
}

Tensor Weight::read() const {
  if (!variable_)
    throw Error({.where = call_context().path(),
                 .what = "a weight is used that was not added",
                 .hint = "add it in build() with add_weight"});
  Tensor value = current_tracer().read(*variable_);
  std::optional<DType> autocast = call_context().autocast;
  if (autocast && variable_->autocast() && is_floating(value.dtype()))
    return ops::cast(value, *autocast);
  return value;
}

void Weight::assign(const Tensor &value) const {
  require(variable_ != nullptr, {.where = call_context().path(),
                                 .what = "a weight is assigned that was not added",
                                 .hint = "add it in build() with add_state"});
  require(value.shape() == variable_->shape(),
          {.what = "state " + variable_->name() + " is assigned a tensor of another shape",
           .expected = variable_->shape().str(),
           .found = value.shape().str()});
  Tensor cast = ops::cast(value, variable_->dtype());
  if (CallRecord *record = call_context().record)
    record->additions.push_back({.kind = Addition::Kind::update, .value = cast, .variable = *this});
  current_tracer().assign(*variable_, cast);
}

} // namespace horn
