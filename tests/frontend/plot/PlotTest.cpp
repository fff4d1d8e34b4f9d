// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pictures of models: valid XML with every layer in it, boxes apart, names as text.
#include "tests/frontend/saving/SavedModels.h"

#include <regex>

using namespace horn;
using namespace horn::saving::test;

/// What keeps a text from being well-formed XML, of the part that pictures use; empty if nothing.
static std::string xml_problem(const std::string &text) {
  static const std::regex tag(R"(<(/?)([a-z]+)((?: [-A-Za-z:]+="[^"<]*")*)(/?)>)");
  static const std::regex between(R"((?:[^<&]|&(?:lt|gt|amp|quot|#39);)*)");
  std::vector<std::string> open;
  size_t end = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), tag), last; it != last; ++it) {
    size_t begin = static_cast<size_t>(it->position());
    if (!std::regex_match(text.substr(end, begin - end), between))
      return "text " + text.substr(end, begin - end);
    end = begin + static_cast<size_t>(it->length());
    if ((*it)[1].length()) {
      if (open.empty() || open.back() != (*it)[2])
        return "closing " + it->str();
      open.pop_back();
    } else if (!(*it)[4].length()) {
      open.push_back((*it)[2]);
    }
  }
  for (char c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n')
      return "a control character";
  return open.empty() && end + 1 == text.size() ? "" : "not closed";
}

namespace {
struct Rectangle {
  double left, top, right, bottom;
  bool holds(const Rectangle &o) const {
    return left <= o.left && top <= o.top && right >= o.right && bottom >= o.bottom;
  }
  bool is_apart(const Rectangle &o) const {
    return right <= o.left || o.right <= left || bottom <= o.top || o.bottom <= top;
  }
};
} // namespace

/// The boxes of layers.
static std::vector<Rectangle> boxes(const std::string &svg) {
  static const std::regex rect(
      R"re(<rect class="[a-z ]+" x="([-0-9.]+)" y="([-0-9.]+)" width="([0-9.]+)" height="([0-9.]+)")re");
  std::vector<Rectangle> found;
  for (std::sregex_iterator it(svg.begin(), svg.end(), rect), last; it != last; ++it) {
    double x = std::stod((*it)[1]), y = std::stod((*it)[2]);
    found.push_back({x, y, x + std::stod((*it)[3]), y + std::stod((*it)[4])});
  }
  return found;
}

static size_t count(const std::string &text, const std::string &part) {
  size_t number = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
    ++number;
  return number;
}

static void expect_names(const Network &network, const std::string &svg) {
  for (const LayerPtr &layer : network.layers()) {
    EXPECT_NE(svg.find(">" + layer->name() + "</text>"), std::string::npos) << layer->name();
    if (auto *inner = dynamic_cast<const Network *>(layer.get()))
      expect_names(*inner, svg);
  }
}

TEST(Plot, EveryArchiveIsDrawn) {
  for (const auto &path : archives())
    for (const char *rankdir : {"TB", "LR"}) {
      Model model = load_model(path);
      std::string svg = plot_svg(model, {.rankdir = rankdir});
      EXPECT_EQ(xml_problem(svg), "") << path;
      expect_names(*model.network(), svg);
      std::vector<Rectangle> all = boxes(svg);
      EXPECT_GE(all.size(), model.network()->nodes().size());
      for (size_t i = 0; i < all.size(); ++i)
        for (size_t j = i + 1; j < all.size(); ++j)
          EXPECT_TRUE(all[i].is_apart(all[j]) || all[i].holds(all[j]) || all[j].holds(all[i]))
              << path << " " << i << " " << j;
      EXPECT_EQ(svg, plot_svg(load_model(path), {.rankdir = rankdir}));
    }
}

TEST(Plot, ShapesConnectionsAndCalls) {
  clear_session();
  Tensor x = Input({28, 28, 1}, {.name = "picture"});
  auto shared = layers::Dense({.units = 3, .activation = "relu", .name = "shared"});
  Tensor flat = layers::Flatten({.name = "flat"})(x);
  Tensor again = layers::Dense({.units = 784, .name = "wide"})(shared(flat));
  Model model(x, shared(again));
  std::string svg = plot_svg(model);
  EXPECT_NE(svg.find(">(None, 28, 28, 1)</text>"), std::string::npos);
  EXPECT_EQ(count(svg, "<path d=\"M"), 1 + 4u); // the arrow's head and four lines
  EXPECT_NE(svg.find(">Dense, call 1 of 2</text>"), std::string::npos);
  EXPECT_NE(svg.find(">Dense, call 2 of 2</text>"), std::string::npos);
  EXPECT_EQ(count(svg, "class=\"layer output\""), 1u);
  EXPECT_EQ(count(svg, "class=\"input\""), 1u);
}

TEST(Plot, WhatIsShownCanBeChosen) {
  Model model = load_model(data("trained/digits_cnn.keras"));
  model.get_layer("stem_conv")->set_trainable(false);
  std::string svg = plot_svg(model, {.show_shapes = false,
                                     .show_dtype = true,
                                     .show_layer_names = false,
                                     .show_layer_activations = true,
                                     .show_trainable = true});
  EXPECT_EQ(svg.find("None"), std::string::npos);
  EXPECT_EQ(svg.find(">stem_conv</text>"), std::string::npos);
  EXPECT_NE(svg.find(">float32</text>"), std::string::npos);
  EXPECT_NE(svg.find("(softmax)"), std::string::npos);
  EXPECT_NE(svg.find(">frozen</text>"), std::string::npos);
  EXPECT_NE(svg.find(">trainable</text>"), std::string::npos);
}

TEST(Plot, NestedModelsAreBoxesDrawnOnce) {
  Model model = intricate_model();
  std::string svg = plot_svg(model);
  EXPECT_EQ(count(svg, "class=\"model"), 3u); // left twice, right once
  EXPECT_EQ(count(svg, "<title>left/a</title>"), 1u);
  EXPECT_EQ(count(plot_svg(model, {.expand_nested = false}), "<title>left/a</title>"), 0u);
}

TEST(Plot, NamesAreTextWhateverTheySay) {
  std::string hostile = "</text><script>alert(\"1\")</script>&amp;'\x01\xff\u202e";
  Tensor x = Input({2}, {.name = hostile});
  Model model(x, layers::ReLU({.name = "]]>\n<!--"})(x), {.name = "<svg onload=\"x\">"});
  std::string svg = plot_svg(model);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_EQ(svg.find("<!--"), std::string::npos);
  EXPECT_NE(svg.find("&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)"), std::string::npos);
  EXPECT_NE(svg.find("&amp;amp;&#39;\uFFFD\uFFFD\uFFFD"), std::string::npos);
}

TEST(Plot, LongNamesAreCutBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 100; ++i)
    name += "ü";
  Tensor x = Input({2}, {.name = name});
  std::string svg = plot_svg(Model(x, layers::ReLU()(x)));
  EXPECT_NE(svg.find("<title>" + name + "</title>"), std::string::npos);
  EXPECT_NE(svg.find("ü…</text>"), std::string::npos);
  EXPECT_EQ(svg.find(name + "</text>"), std::string::npos);
}

TEST(Plot, AModelThatWasNotBuilt) {
  Sequential model({layers::Dense({.units = 3, .name = "a"}), layers::ReLU({.name = "b"})});
  std::string svg = plot_svg(model);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_EQ(boxes(svg).size(), 2u);
}

TEST(Plot, FilesAndMistakes) {
  Folder folder;
  Model model = load_model(data("trained/digits_cnn.keras"));
  plot_model(model, folder / "m.svg");
  EXPECT_EQ(file_text(folder / "m.svg"), plot_svg(model));
  EXPECT_EQ(folder.count(), 1u);
  EXPECT_THROW(plot_model(model, folder / "m.png"), Error);
  EXPECT_THROW(plot_svg(model, {.rankdir = "BT"}), Error);
}
