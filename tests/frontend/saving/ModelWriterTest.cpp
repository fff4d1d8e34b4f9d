// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models saved and loaded again: the same configuration, weights, outputs and bytes.
#include "tests/frontend/core/Support.h"
#include "tests/frontend/saving/SavedModels.h"

#include "frontend/saving/Hdf5Reader.h"

using namespace horn;
using namespace horn::saving::test;
using horn::test::message;

TEST(SaveModel, ConfigIsWhatKerasWrote) {
  Folder folder;
  for (const auto &path : archives()) {
    load_model(path).save(folder / "m.keras");
    EXPECT_EQ(normalized(config_of(folder / "m.keras")), normalized(config_of(path))) << path;
  }
}

TEST(SaveModel, LoadedAgainIsTheSameModel) {
  Folder folder;
  for (const auto &path : archives()) {
    Model model = load_model(path);
    model.save(folder / "m.keras");
    Model again = load_model(folder / "m.keras");
    EXPECT_EQ(model.to_json(), again.to_json()) << path;
    expect_same_weights(model, again);
  }
}

TEST(SaveModel, SameModelSameBytes) {
  Folder folder;
  for (const auto &path : archives()) {
    Model model = load_model(path);
    for (const char *suffix : {".keras", ".h5"}) {
      auto first = folder / ("a" + std::string(suffix)),
           second = folder / ("b" + std::string(suffix));
      model.save(first);
      model.save(second);
      EXPECT_EQ(file_text(first), file_text(second)) << path;
    }
    load_model(folder / "a.keras").save(folder / "c.keras");
    EXPECT_EQ(file_text(folder / "a.keras"), file_text(folder / "c.keras")) << path;
  }
}

TEST(SaveModel, OutputsAreTheSame) {
  Folder folder;
  Model model = load_model(data("trained/digits_cnn.keras"));
  Array input = numbers({3, 8, 8, 1});
  for (const char *name : {"m.keras", "m.h5"}) {
    model.save(folder / name);
    expect_same(model.predict(input), load_model(folder / name).predict(input));
  }
}

TEST(SaveModel, NothingIsLeftBesideTheFile) {
  Folder folder;
  Model model = load_model(data("trained/digits_cnn.keras"));
  model.save(folder / "m.keras");
  model.save(folder / "m.keras");
  EXPECT_EQ(folder.count(), 1u);
  EXPECT_THROW(model.save(folder / "missing/m.keras"), Error);
  EXPECT_THROW(model.save_weights(folder / "missing/m.weights.h5"), Error);
  EXPECT_EQ(folder.count(), 1u);
}

TEST(SaveModel, OverTheFileItIsLoadedFrom) {
  Folder folder;
  std::filesystem::copy_file(data("trained/digits_cnn.keras"), folder / "m.keras");
  load_model(folder / "m.keras").save(folder / "m.keras"); // the weights were not read yet
  expect_same_weights(load_model(folder / "m.keras"), load_model(data("trained/digits_cnn.keras")));
}

TEST(SaveModel, LegacyFile) {
  Folder folder;
  for (const char *name : {"compiled.h5", "nested.h5"}) {
    Model model = load_model(data("saving") / name);
    model.save(folder / "m.h5");
    Model again = load_model(folder / "m.h5");
    expect_same_weights(model, again);
    EXPECT_EQ(model.to_json(), again.to_json());
  }
}

TEST(SaveModel, WeightsAlone) {
  Folder folder;
  for (const char *name : {"m.weights.h5", "m.safetensors"})
    for (const auto &path : archives()) {
      Model model = load_model(path);
      model.save_weights(folder / name);
      Model copy = clone_model(model);
      copy.load_weights(folder / name);
      expect_same_weights(model, copy);
    }
}

TEST(SaveModel, TrainingIsKept) {
  Folder folder;
  auto source = data("saving/resume_adam.keras");
  Model model = load_model(source);
  model.save(folder / "m.keras");
  EXPECT_EQ(config_of(folder / "m.keras").at("compile_config"),
            config_of(source).at("compile_config"));
  auto weights = [](const std::filesystem::path &path) {
    return saving::Hdf5Reader(saving::ZipReader(path).read("model.weights.h5"), "weights");
  };
  saving::Hdf5Reader before = weights(source), after = weights(folder / "m.keras");
  ASSERT_EQ(before.datasets().size(), after.datasets().size());
  for (const saving::Hdf5Dataset &dataset : before.datasets())
    expect_same(before.read(dataset.path), after.read(dataset.path));

  model.save(folder / "m.h5");
  load_model(folder / "m.h5").save(folder / "back.keras");
  EXPECT_EQ(weights(folder / "back.keras").datasets().size(), before.datasets().size());
}

TEST(SaveModel, SharedLayersStayShared) {
  Folder folder;
  Model model = intricate_model();
  for (const char *name : {"m.keras", "m.h5"}) {
    model.save(folder / name);
    Model again = load_model(folder / name);
    if (std::string(name) == "m.keras") // legacy files say nothing of sharing between models
      EXPECT_EQ(again.count_params(), model.count_params());
    EXPECT_EQ(again.outputs().size(), 2u);
  }
}

TEST(SaveModel, NestedModelsCountThemselvesInOutputsAlone) {
  ConfigValue config = intricate_model().get_config();
  EXPECT_EQ(config.at("output_layers").str(), "[[\"add\", 0, 0], [\"left\", 2, 0]]");
  for (const ConfigValue &layer : config.at("layers").as_list())
    if (layer.string_or("name", "") == "multiply")
      EXPECT_NE(layer.str(4000).find("[\"left\", 0, 0]"), std::string::npos);
}

TEST(SaveModel, FrozenLayersStayFrozen) {
  Folder folder;
  Model model = load_model(data("trained/digits_cnn.keras"));
  model.get_layer("stem_conv")->set_trainable(false);
  model.save(folder / "m.keras");
  Model again = load_model(folder / "m.keras");
  EXPECT_FALSE(again.get_layer("stem_conv")->trainable());
  EXPECT_EQ(again.network()->trainable_weights().size(),
            model.network()->trainable_weights().size());
}

namespace {
struct Scale : Layer {
  void build(const Shape &input) override { gamma = add_weight("gamma", {input.back()}); }
  Tensor call(const Tensor &x) override { return x * gamma; }
  Weight gamma;
};
} // namespace
HORN_REGISTER_LAYER("Tests>Scale", Scale);

TEST(SaveModel, LayerOfOnesOwn) {
  Folder folder;
  Tensor x = Input({3});
  Model model(x, make_layer<Scale>()(x));
  model.save(folder / "m.keras");
  expect_same_weights(model, load_model(folder / "m.keras"));
  EXPECT_EQ(config_of(folder / "m.keras")
                .at("config")
                .at("layers")
                .as_list()[1]
                .string_or("registered_name", ""),
            "Tests>Scale");
}

TEST(SaveModel, FormatsThatNoSuffixSays) {
  Model model = load_model(data("saving/resume_adam.keras"));
  EXPECT_EQ(message([&] { model.save("m.weights.h5"); }),
            "m.weights.h5: the file's name does not say its format; expected a name that ends in "
            ".keras or .h5 (save_weights writes weights), found m.weights.h5");
  EXPECT_EQ(message([&] { model.save_weights("m.keras"); }),
            "m.keras: the file's name does not say its format; expected a name that ends in "
            ".weights.h5 or .safetensors, found m.keras");
}
