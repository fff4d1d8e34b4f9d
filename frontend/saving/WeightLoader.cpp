// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/WeightLoader.h"

#include "frontend/core/SubclassedModel.h"
#include "frontend/saving/Assets.h"
#include "frontend/saving/CudnnWeights.h"
#include "frontend/saving/Safetensors.h"
#include "frontend/saving/WeightPaths.h"

#include <map>
#include <set>

namespace horn::saving {

namespace {
/// A variable and the dataset that fits it, after a change if need be.
struct Match {
  Weight weight;
  std::string dataset;
  ArrayChange change = nullptr;
};

/// Walks a model as Keras does when it saves, and finds each variable's dataset.
class PathMatcher {
public:
  explicit PathMatcher(const Hdf5Reader &file) : file_(file) {}
  void visit(const Layer &layer, const std::vector<std::string> &paths, const std::string &name);
  void report_extra();

  std::vector<Match> matches;
  std::vector<Error> problems;

private:
  void match(const Weight &weight, const std::vector<std::string> &paths, size_t index,
             const std::string &name);
  void visit_list(const std::vector<LayerPtr> &layers, const std::vector<std::string> &paths,
                  const std::string &name);

  const Hdf5Reader &file_;
  std::set<const Layer *> visited_;
  std::set<std::string> used_;
};
} // namespace

static std::string join(const std::string &path, const std::string &name) {
  return path.empty() ? name : path + "/" + name;
}

static Error mis_shaped(const std::string &name, const Weight &weight, const Hdf5Dataset &found) {
  return Error({.where = name,
                .what = "weight " + weight->name() + " has the wrong shape in the file",
                .expected = weight->shape().str(),
                .found = found.shape.str() + " at " + found.path});
}

void PathMatcher::match(const Weight &weight, const std::vector<std::string> &paths, size_t index,
                        const std::string &name) {
  for (const std::string &path : paths) {
    std::string dataset = join(path, "vars/" + std::to_string(index));
    if (!file_.has_dataset(dataset))
      continue;
    used_.insert(dataset);
    const Hdf5Dataset &found = file_.dataset(dataset);
    if (found.shape != weight->shape())
      problems.push_back(mis_shaped(name, weight, found));
    else
      matches.push_back({weight, dataset});
    return;
  }
  problems.push_back(Error({.where = name,
                            .what = "weight " + weight->name() + " is missing in the file",
                            .expected = weight->shape().str() + " at " +
                                        join(paths.front(), "vars/" + std::to_string(index)),
                            .found = "nothing"}));
}

void PathMatcher::visit_list(const std::vector<LayerPtr> &layers,
                             const std::vector<std::string> &paths, const std::string &name) {
  std::vector<std::string> names = member_names(layers);
  for (size_t i = 0; i < layers.size(); ++i) {
    std::vector<std::string> inner;
    for (const std::string &path : paths)
      inner.push_back(join(path, names[i]));
    visit(*layers[i], inner, join(name, layers[i]->name()));
  }
}

void PathMatcher::visit(const Layer &layer, const std::vector<std::string> &paths,
                        const std::string &name) {
  if (!visited_.insert(&layer).second)
    return;
  std::vector<Weight> weights = layer.own_weights();
  for (size_t i = 0; i < weights.size(); ++i)
    match(weights[i], paths, i, name);
  auto *network = dynamic_cast<const Network *>(&layer);
  auto *own_model = dynamic_cast<const SubclassedModel *>(&layer);
  if (network && !own_model) {
    std::vector<std::string> lists;
    for (const char *list : {"layers", "_layer_checkpoint_dependencies"})
      for (const std::string &path : paths)
        lists.push_back(join(path, list));
    visit_list(counted_layers(*network), lists, name);
    return;
  }
  std::map<std::string, std::vector<LayerPtr>> lists;
  // Keras reaches some layers of such a model through its property `layers` first.
  std::vector<std::string> members =
      own_model ? member_names(own_model->layers()) : std::vector<std::string>();
  size_t number = 0;
  for (const auto &[attribute, child] : layer.children()) {
    std::string member = number < members.size() ? "layers/" + members[number] : "";
    ++number;
    if (attribute.ends_with("/*")) {
      lists[attribute.substr(0, attribute.size() - 2)].push_back(child);
      continue;
    }
    std::vector<std::string> inner;
    // Some attributes were private, or are so now.
    std::string other = attribute.starts_with("_") ? attribute.substr(1) : "_" + attribute;
    for (const std::string &path : paths) {
      inner.push_back(join(path, attribute));
      inner.push_back(join(path, other));
      if (!member.empty())
        inner.push_back(join(path, member));
    }
    visit(*child, inner, join(name, child->name()));
  }
  for (const auto &[attribute, members] : lists) {
    std::vector<std::string> inner;
    for (const std::string &path : paths)
      inner.push_back(join(path, attribute));
    visit_list(members, inner, name);
  }
}

/// Parts of a file that belong to no layer's weights.
static bool belongs_elsewhere(const std::string &path) {
  return path.starts_with("optimizer/") || path.starts_with("_metrics") ||
         path.starts_with("metrics") || path.find("seed_generator") != std::string::npos ||
         path.find("metric") != std::string::npos || path.find("_tracker") != std::string::npos;
}

void PathMatcher::report_extra() {
  for (const Hdf5Dataset &dataset : file_.datasets())
    if (!used_.contains(dataset.path) && !belongs_elsewhere(dataset.path) &&
        !is_vocabulary_dataset(dataset.path))
      problems.push_back(Error({.where = dataset.path,
                                .what = "the file has a weight that the model does not have",
                                .found = dataset.shape.str()}));
}

static void assign(const std::vector<Match> &matches, const SharedHdf5 &file) {
  for (const Match &match : matches) {
    auto read = [file, dataset = match.dataset, dtype = match.weight->dtype(),
                 change = match.change] {
      Array value = file->read(dataset);
      return (change ? change(value) : value).cast(dtype);
    };
    if (file->dataset(match.dataset).contiguous)
      match.weight->assign_later(read);
    else
      match.weight->assign(read());
  }
}

std::vector<Error> load_weights_by_path(Network &model, const SharedHdf5 &file,
                                        bool skip_mismatch) {
  PathMatcher matcher(*file);
  matcher.visit(model, {""}, "");
  matcher.report_extra();
  if (matcher.problems.empty() || skip_mismatch)
    assign(matcher.matches, file);
  return matcher.problems;
}

/// A layer's variables as legacy files list them: all trainable ones first.
static std::vector<Weight> legacy_order(const Layer &layer) {
  std::vector<Weight> weights = layer.trainable_weights();
  for (const Weight &weight : layer.non_trainable_weights())
    weights.push_back(weight);
  return weights;
}

namespace {
struct LegacyGroup {
  std::string name, path;
  std::vector<std::string> weights;
};
} // namespace

static std::vector<LegacyGroup> legacy_groups(const Hdf5Reader &file, const std::string &root) {
  std::vector<LegacyGroup> groups;
  for (const std::string &name : file.strings_attribute(root, "layer_names")) {
    LegacyGroup group{name, join(root, name), {}};
    if (file.has_group(group.path))
      group.weights = file.strings_attribute(group.path, "weight_names");
    if (!group.weights.empty())
      groups.push_back(std::move(group));
  }
  return groups;
}

static void match_legacy(const Layer &layer, const LegacyGroup &group, const Hdf5Reader &file,
                         std::vector<Match> &matches, std::vector<Error> &problems) {
  std::vector<Weight> weights = legacy_order(layer);
  if (weights.size() != group.weights.size()) {
    problems.push_back(
        Error({.where = layer.name(),
               .what = "wrong number of weights in the file",
               .expected = std::to_string(weights.size()),
               .found = std::to_string(group.weights.size()) + " at " + group.path}));
    return;
  }
  std::vector<Shape> shapes;
  for (const std::string &name : group.weights)
    shapes.push_back(file.has_dataset(join(group.path, name))
                         ? file.dataset(join(group.path, name)).shape
                         : Shape());
  std::vector<ArrayChange> changes = cudnn_changes(weights, shapes);
  for (size_t i = 0; i < weights.size(); ++i) {
    std::string dataset = join(group.path, group.weights[i]);
    if (changes[i])
      matches.push_back({weights[i], dataset, changes[i]});
    else if (!file.has_dataset(dataset))
      problems.push_back(Error({.where = layer.name(),
                                .what = "weight " + weights[i]->name() + " is missing in the file",
                                .expected = weights[i]->shape().str() + " at " + dataset,
                                .found = "nothing"}));
    else if (file.dataset(dataset).shape != weights[i]->shape())
      problems.push_back(mis_shaped(layer.name(), weights[i], file.dataset(dataset)));
    else
      matches.push_back({weights[i], dataset});
  }
}

std::vector<Error> load_weights_by_order(Network &model, const SharedHdf5 &file,
                                         const std::string &root, bool skip_mismatch) {
  std::vector<LayerPtr> layers;
  for (const LayerPtr &layer : model.layers())
    if (!layer->weights().empty())
      layers.push_back(layer);
  std::vector<LegacyGroup> groups = legacy_groups(*file, root);
  if (layers.size() != groups.size())
    return {Error({.what = "the file has weights for another number of layers",
                   .expected = std::to_string(layers.size()),
                   .found = std::to_string(groups.size())})};
  std::vector<Match> matches;
  std::vector<Error> problems;
  for (size_t i = 0; i < layers.size(); ++i)
    match_legacy(*layers[i], groups[i], *file, matches, problems);
  if (problems.empty() || skip_mismatch)
    assign(matches, file);
  return problems;
}

std::vector<Error> load_weights_by_layer_name(Network &model, const SharedHdf5 &file,
                                              const std::string &root, bool skip_mismatch) {
  std::vector<Match> matches;
  std::vector<Error> problems;
  for (const LegacyGroup &group : legacy_groups(*file, root))
    for (const LayerPtr &layer : model.layers())
      if (layer->name() == group.name)
        match_legacy(*layer, group, *file, matches, problems);
  if (problems.empty() || skip_mismatch)
    assign(matches, file);
  return problems;
}

std::vector<Error> load_weights_by_name(Network &model, const std::filesystem::path &path,
                                        bool partial, bool skip_mismatch) {
  Safetensors file = read_safetensors(path);
  std::vector<Error> problems;
  std::vector<Weight> fitting;
  model.variables(); // gives each a path of its own
  for (const Weight &weight : model.weights()) {
    bool found = file.has(weight->path());
    if (found && file.at(weight->path()).shape() == weight->shape())
      fitting.push_back(weight);
    else if (found || !partial)
      problems.push_back(
          Error({.where = weight->path(),
                 .what = found ? "the weight has the wrong shape in the file"
                               : "the weight is missing in the file",
                 .expected = weight->shape().str(),
                 .found = found ? file.at(weight->path()).shape().str() : "nothing"}));
  }
  if (problems.empty() || skip_mismatch)
    for (const Weight &weight : fitting)
      weight->assign(file.at(weight->path()).cast(weight->dtype()));
  return problems;
}

} // namespace horn::saving
