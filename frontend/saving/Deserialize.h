// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a configuration to layers and graphs: every dialect that Keras 2 and 3 write.
#pragma once

#include "frontend/core/LayerRegistry.h"
#include "frontend/core/Model.h"

#include <map>

namespace horn::saving {

/// Makes layers and models from envelopes. Numbers and depths are bounded, code is never run.
class ModelReader : public LayerReader {
public:
  /// The model of an envelope of Functional or Sequential. Throws Error with the layer's path.
  std::shared_ptr<Network> read_model(const ConfigValue &envelope);
  /// Any layer or model.
  LayerPtr read_layer(const ConfigValue &envelope) override;
  /// Tries to make each layer of a model by itself and returns all that fails.
  std::vector<Problem> check_layers(const ConfigValue &envelope);

private:
  LayerPtr make_layer(const ConfigValue &envelope);
  std::shared_ptr<Network> read_functional(const std::string &name, const ConfigValue &envelope,
                                           const ConfigValue &config);
  std::shared_ptr<Network> read_sequential(const ConfigValue &envelope, const std::string &name,
                                           const ConfigValue &config);
  void check_layers(const ConfigValue &envelope, const std::string &path,
                    std::vector<Problem> &problems);

  std::map<int64_t, LayerPtr> shared_;
  size_t depth_ = 0, num_layers_ = 0;
};

/// Whether a configuration is that of a graph or stack of layers.
bool is_model_config(const ConfigValue &envelope);

} // namespace horn::saving
