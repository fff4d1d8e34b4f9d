// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/plot/Plot.h"

#include "frontend/plot/Svg.h"
#include "frontend/saving/FileBytes.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace horn {

using namespace plot;

// Sizes in pixels; the font's characters are 0.6 of its size wide.
static constexpr double kFont = 12, kColumn = 0.6 * kFont, kLine = 17, kPadding = 10;
static constexpr double kMargin = 20;
static constexpr size_t kMaxColumns = 60;

static constexpr const char *kStyle =
    "<style>\n"
    "text{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;fill:#20242a}\n"
    "text.name{font-weight:bold}\n"
    "text.shape{fill:#4a5568}\n"
    "rect{stroke:#5b6777;stroke-width:1}\n"
    "rect.page{fill:#ffffff;stroke:none}\n"
    "rect.layer{fill:#eaf1fb}\nrect.operation{fill:#f3f3ee}\nrect.input{fill:#e5f5ea}\n"
    "rect.model{fill:#fafafa;stroke-dasharray:5 3}\n"
    "rect.output{stroke-width:2.5;stroke:#20242a}\n"
    "path{fill:none;stroke:#5b6777;stroke-width:1.2;marker-end:url(#arrow)}\n"
    "marker path{fill:#5b6777;stroke:none;marker-end:none}\n"
    "</style>\n"
    "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" "
    "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";

namespace {
struct Text {
  std::string text;
  const char *look;
};

struct Picture;

/// What is written in a box and, for a nested model, drawn in it.
struct Item {
  std::string path; // of the layer, in full: shown when the pointer rests on the box
  std::string look;
  std::vector<Text> texts;
  std::unique_ptr<Picture> inside;
};

struct Picture {
  std::vector<Item> items; // one a box of the drawing
  Drawing drawing;
};

class Plotter {
public:
  explicit Plotter(const PlotOptions &options)
      : options_(options), sideways_(options.rankdir == "LR") {
    require(sideways_ || options.rankdir == "TB", {.where = "rankdir",
                                                   .what = "no such direction",
                                                   .expected = "TB or LR",
                                                   .found = options.rankdir});
  }
  std::string draw(const Network &network);

private:
  Picture picture_of(const Network &network, const std::string &path);
  void add_graph(const Network &network, const std::string &path, Picture &picture);
  void add_stack(const Network &network, const std::string &path, Picture &picture);
  Item item_of(const LayerPtr &layer, const std::string &path, const std::string &call);
  void add_outputs(const std::vector<Tensor> &outputs, Item &item) const;
  void set_size(const Item &item, Box &box) const;
  void write(const Picture &picture, Point origin, std::string &text) const;
  void write_item(const Item &item, const Box &box, std::string &text) const;

  const PlotOptions &options_;
  bool sideways_;
  std::unordered_set<const Layer *> expanded_;
};
} // namespace

Item Plotter::item_of(const LayerPtr &layer, const std::string &path, const std::string &call) {
  Item item{path.empty() ? layer->name() : path + "/" + layer->name(), "layer", {}, nullptr};
  if (layer->is_operation())
    item.look = "operation";
  else if (layer->class_name() == "InputLayer")
    item.look = "input";
  std::string kind = layer->class_name() + call;
  if (options_.show_layer_activations) {
    ConfigValue config = layer->get_config();
    if (std::string_view name = config.string_or("activation", ""); !name.empty())
      kind += " (" + std::string(name) + ")";
  }
  if (options_.show_layer_names)
    item.texts.push_back({layer->name(), "name"});
  item.texts.push_back({kind, options_.show_layer_names ? "kind" : "name"});
  if (options_.show_trainable && !layer->weights().empty())
    item.texts.push_back({layer->trainable() ? "trainable" : "frozen", "shape"});
  auto *network = dynamic_cast<const Network *>(layer.get());
  if (network) {
    item.look = "model";
    if (options_.expand_nested && expanded_.insert(network).second)
      item.inside = std::make_unique<Picture>(picture_of(*network, item.path));
  }
  return item;
}

void Plotter::add_outputs(const std::vector<Tensor> &outputs, Item &item) const {
  std::string shapes, dtypes;
  for (const Tensor &output : outputs) {
    shapes += (shapes.empty() ? "" : ", ") + output.shape().str();
    std::string dtype(dtype_name(output.dtype()));
    if (dtypes.find(dtype) == std::string::npos)
      dtypes += (dtypes.empty() ? "" : ", ") + dtype;
  }
  std::string text = options_.show_shapes ? shapes : "";
  if (options_.show_dtype)
    text += (text.empty() ? "" : " ") + dtypes;
  if (!text.empty())
    item.texts.push_back({text, "shape"});
}

void Plotter::add_graph(const Network &network, const std::string &path, Picture &picture) {
  std::unordered_map<const Layer *, int> calls, met;
  for (const auto &node : network.nodes())
    ++calls[node->layer().get()];
  std::unordered_map<const Node *, size_t> place;
  for (const auto &node : network.nodes()) {
    const Layer *layer = node->layer().get();
    std::string call;
    if (calls[layer] > 1)
      call = ", call " + std::to_string(++met[layer]) + " of " + std::to_string(calls[layer]);
    Item item = item_of(node->layer(), path, call);
    add_outputs(node->output_tensors(), item);
    size_t number = place[node.get()] = picture.items.size();
    std::set<size_t> from;
    for (const Tensor &input : node->input_tensors())
      if (auto found = place.find(input.node().get()); found != place.end())
        from.insert(found->second);
    for (size_t other : from)
      picture.drawing.lines.push_back({other, number, {}});
    picture.items.push_back(std::move(item));
  }
  for (const Tensor &output : network.outputs())
    picture.items[place.at(output.node().get())].look += " output";
}

/// A Sequential model that was not built: its layers, of which no shape is known.
void Plotter::add_stack(const Network &network, const std::string &path, Picture &picture) {
  for (const LayerPtr &layer : network.layers()) {
    picture.items.push_back(item_of(layer, path, ""));
    if (size_t number = picture.items.size(); number > 1)
      picture.drawing.lines.push_back({number - 2, number - 1, {}});
  }
}

void Plotter::set_size(const Item &item, Box &box) const {
  size_t most = 0;
  for (const Text &text : item.texts)
    most = std::max(most, std::min(columns(text.text), kMaxColumns));
  box.width = static_cast<double>(most) * kColumn + 2 * kPadding;
  box.height = static_cast<double>(item.texts.size()) * kLine + kPadding;
  if (!item.inside)
    return;
  const Drawing &inner = item.inside->drawing;
  box.width = std::max(box.width, inner.width + 2 * kPadding);
  box.height += inner.height + 2 * kPadding;
}

/// The same with x and y changed for each other.
static void turn(Drawing &drawing) {
  for (Box &box : drawing.boxes) {
    std::swap(box.width, box.height);
    std::swap(box.x, box.y);
  }
  std::swap(drawing.width, drawing.height);
}

Picture Plotter::picture_of(const Network &network, const std::string &path) {
  Picture picture;
  if (network.nodes().empty())
    add_stack(network, path, picture);
  else
    add_graph(network, path, picture);
  for (const Item &item : picture.items)
    set_size(item, picture.drawing.boxes.emplace_back());
  if (sideways_)
    turn(picture.drawing);
  lay_out(picture.drawing);
  if (sideways_)
    turn(picture.drawing);
  return picture;
}

void Plotter::write_item(const Item &item, const Box &box, std::string &text) const {
  text += "<g><title>" + escaped(item.path) + "</title>\n" + rectangle(box, item.look);
  Point at{box.x + box.width / 2, box.y + kLine};
  for (const Text &line : item.texts) {
    text += label(at, fitted(line.text, kMaxColumns), line.look);
    at.y += kLine;
  }
  if (item.inside) {
    const Drawing &inner = item.inside->drawing;
    write(*item.inside,
          {box.x + (box.width - inner.width) / 2, box.y + box.height - inner.height - kPadding},
          text);
  }
  text += "</g>\n";
}

void Plotter::write(const Picture &picture, Point origin, std::string &text) const {
  for (size_t i = 0; i < picture.items.size(); ++i) {
    Box box = picture.drawing.boxes[i];
    box.x += origin.x;
    box.y += origin.y;
    write_item(picture.items[i], box, text);
  }
  for (const Line &line : picture.drawing.lines)
    text += path(line, origin, sideways_);
}

std::string Plotter::draw(const Network &network) {
  Picture picture = picture_of(network, "");
  Box page{.width = picture.drawing.width + 2 * kMargin,
           .height = picture.drawing.height + 2 * kMargin};
  auto pixels = [](double size) { return std::to_string(static_cast<int64_t>(size + 1)); };
  std::string size = pixels(page.width) + " " + pixels(page.height);
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + pixels(page.width) +
                     "\" height=\"" + pixels(page.height) + "\" viewBox=\"0 0 " + size +
                     "\" role=\"img\">\n<title>" + escaped(network.name()) + "</title>\n" + kStyle +
                     "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
  write(picture, {kMargin, kMargin}, text);
  return text + "</svg>\n";
}

std::string plot_svg(const Model &model, const PlotOptions &options) {
  return Plotter(options).draw(*model.network());
}

void plot_model(const Model &model, const std::filesystem::path &path, const PlotOptions &options) {
  require(path.extension() == ".svg", {.where = path.string(),
                                       .what = "the file's name does not say a format of pictures",
                                       .expected = "a name that ends in .svg"});
  std::string text = plot_svg(model, options);
  saving::write_file_atomically(
      path, [&](const saving::ByteSink &sink) { sink(std::as_bytes(std::span(text))); });
}

} // namespace horn
