// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models whose computation is written in C++.
#pragma once

#include "frontend/core/Network.h"

namespace horn {

/// The base of a model of one's own; users write it as Model::Base. `call` (or call_many,
/// call_with) states the computation with layers and ops::, as a layer's does. Layers that it calls
/// are tracked; HORN_TRACK gives them the names of their members, under which Keras keeps the
/// weights of such models in files. Inputs exist once it was called, built or given numbers.
/// Make it with make_model<Classifier>(arguments of the constructor...). Source: keras.Model.
/// ```cpp
/// struct Classifier : Model::Base {
///   layers::Dense hidden{{.units = 8, .activation = "relu"}}, head{{.units = 2}};
///   HORN_TRACK(hidden, head)
///   Tensor call(const Tensor &x) override { return head(hidden(x)); }
/// };
/// ```
class SubclassedModel : public Network {
public:
  /// A model whose layers its constructor makes.
  explicit SubclassedModel(std::string name = "", bool trainable = true, DTypePolicy dtype = {});

  std::string class_name() const override { return Layer::class_name(); }
  std::string module() const override { return ""; }
  ConfigValue get_config() const override { return Layer::get_config(); }
  ConfigValue build_config() const override { return Layer::build_config(); }

  void build_many(const std::vector<Shape> &input_shapes) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;
  std::vector<Tensor> trace(const std::vector<Tensor> &inputs) override;
  void accept(const std::vector<Tensor> &inputs) override;

protected:
  bool tracks_calls() const override { return true; }

private:
  void remember_call(const Arguments &arguments, const std::vector<Tensor> &outputs);

  Arguments signature_; ///< what it was first called with: the inputs when it runs by itself
};

} // namespace horn
