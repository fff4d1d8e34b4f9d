// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/WeightPaths.h"

#include "frontend/core/SubclassedModel.h"

#include <unordered_set>

namespace horn::saving {

std::vector<LayerPtr> counted_layers(const Network &network) {
  if (auto *stack = dynamic_cast<const SequentialNetwork *>(&network))
    return stack->stacked_layers();
  std::vector<LayerPtr> layers;
  for (const LayerPtr &layer : network.layers())
    if (!layer->is_operation())
      layers.push_back(layer);
  return layers;
}

std::vector<std::string> member_names(const std::vector<LayerPtr> &layers) {
  std::map<std::string, int> counts;
  std::vector<std::string> names;
  for (const LayerPtr &layer : layers) {
    std::string name = snake_case(layer->class_name());
    int number = counts[name]++;
    names.push_back(number ? name + "_" + std::to_string(number) : name);
  }
  return names;
}

namespace {
class Walk {
public:
  void visit(const Layer &layer, const std::string &path) {
    if (!visited_.insert(&layer).second)
      return;
    groups.push_back({path, &layer});
    std::string prefix = path.empty() ? "" : path + "/";
    auto *network = dynamic_cast<const Network *>(&layer);
    if (network && !dynamic_cast<const SubclassedModel *>(network))
      visit_list(counted_layers(*network), prefix + "layers");
    else
      visit_attributes(layer, prefix);
  }

  std::vector<WeightGroup> groups;

private:
  void visit_list(const std::vector<LayerPtr> &layers, const std::string &path) {
    std::vector<std::string> names = member_names(layers);
    for (size_t i = 0; i < layers.size(); ++i)
      visit(*layers[i], path + "/" + names[i]);
  }

  /// Attributes in alphabetical order, private ones last ('~' comes after all letters).
  void visit_attributes(const Layer &layer, const std::string &prefix) {
    std::map<std::string, std::vector<LayerPtr>> attributes;
    for (const auto &[name, child] : layer.children())
      attributes[name.starts_with("_") ? "~" + name : name].push_back(child);
    if (auto *model = dynamic_cast<const SubclassedModel *>(&layer))
      attributes["layers/*"] = model->layers(); // Keras's property of models
    for (const auto &[key, layers] : attributes) {
      std::string name = key.starts_with("~") ? key.substr(1) : key;
      if (name.ends_with("/*"))
        visit_list(layers, prefix + name.substr(0, name.size() - 2));
      else
        for (const LayerPtr &child : layers)
          visit(*child, prefix + name);
    }
  }

  std::unordered_set<const Layer *> visited_;
};
} // namespace

std::vector<WeightGroup> weight_groups(const Network &model) {
  Walk walk;
  walk.visit(model, "");
  return std::move(walk.groups);
}

} // namespace horn::saving
