// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers as values: what horn::layers::Dense is.
#pragma once

#include "frontend/core/Layer.h"

namespace horn {

/// A layer in use. Copies share the layer and its weights; a graph that a layer was called in
/// keeps it alive. Members of the layer are reached with `->`.
/// ```cpp
/// auto dense = layers::Dense({.units = 64, .activation = "relu"});
/// Tensor y = dense(x), z = dense(w);       // shared weights
/// int64_t n = dense->count_params();
/// ```
template <class L> class Handle {
public:
  /// A new layer made from its arguments.
  Handle()
    requires std::default_initializable<L>
      : Handle(std::make_shared<L>()) {}
  /// A handle to a layer that is there, or to a new one with these arguments.
  template <class T = L>
  Handle(typename T::Config config) : Handle(std::make_shared<L>(std::move(config))) {}
  /// A handle to a layer that is there, or to a new one with these arguments.
  explicit Handle(std::shared_ptr<L> layer) : layer_(std::move(layer)) {
    layer_->ensure_name();
    check_name(*layer_);
    layer_->track_members();
  }

  /// Calls the layer; the first call builds it. For layers of several outputs, the first one.
  Tensor operator()(const Tensor &input) const { return (*layer_)(Arguments(input)).front(); }
  /// The same for arguments of this form.
  Tensor operator()(const std::vector<Tensor> &inputs) const {
    return (*layer_)(Arguments(inputs)).front();
  }
  /// The same for arguments of this form.
  Tensor operator()(std::initializer_list<Tensor> inputs) const {
    return (*layer_)(Arguments(inputs)).front();
  }
  /// Calls the layer with arguments of any form and returns all outputs.
  std::vector<Tensor> operator()(Arguments arguments) const {
    return (*layer_)(std::move(arguments));
  }
  /// Calls the layer and returns all outputs (a recurrent layer's states, say).
  std::vector<Tensor> outputs(Arguments arguments) const { return (*layer_)(std::move(arguments)); }

  /// What is behind the handle.
  L *operator->() const { return layer_.get(); }
  /// What is behind the handle.
  L &operator*() const { return *layer_; }
  /// What is behind the handle, shared.
  const std::shared_ptr<L> &pointer() const { return layer_; }
  /// The model as a layer.
  operator LayerPtr() const { return layer_; }

private:
  std::shared_ptr<L> layer_;
};

/// A layer of one's own: `make_layer<Scale>(arguments of the constructor...)`.
template <class L, class... Args> Handle<L> make_layer(Args &&...args) {
  return Handle<L>(std::make_shared<L>(std::forward<Args>(args)...));
}

} // namespace horn
