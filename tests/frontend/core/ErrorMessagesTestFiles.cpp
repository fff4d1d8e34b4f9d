// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations and files that are wrong, or used wrongly.
#include "tests/frontend/core/ErrorMessages.h"

#include <filesystem>
#include <fstream>

using namespace horn;
using namespace horn::test;

/// A Functional model of an input and one more layer, given as JSON.
static std::string model_with(const std::string &layer, const std::string &output = "d") {
  return R"({"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 3]},
     "inbound_nodes": []}, )" +
         layer + R"(], "input_layers": [["x", 0, 0]], "output_layers": [[")" + output +
         R"(", 0, 0]]}})";
}

/// A layer of that class and configuration, called on the tensor of `from`.
static std::string layer(const std::string &class_name, const std::string &config,
                         const std::string &from = "x") {
  return R"({"class_name": ")" + class_name + R"(", "name": "d", "config": )" + config +
         R"(, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": [")" +
         from + R"(", 0, 0]}}], "kwargs": {}}]})";
}

static std::function<void()> read(const std::string &text) {
  return [text] { model_from_json(text); };
}

TEST(Errors, Config) {
  Model model = model_from_json(model_with(layer("Dense", R"({"name": "d", "units": 2})")));
  Tensor x = Input({3});
  auto regular = layers::Dense({.units = 1, .kernel_regularizer = "l2"});
  regular(x);
  expect_messages({
      {"unknown layer", read(model_with(layer("Magic", R"({"name": "d"})"))),
       "d: unknown layer Magic; found module none; if it is a layer of your own, write it in C++ "
       "and register it with HORN_REGISTER_LAYER(\"Magic\", Magic)"},
      {"Python code", read(model_with(layer("Lambda", R"({"name": "d"})"))),
       "d: a Lambda layer holds Python code, which is never run; write it as a layer:\n  struct "
       "MyFunction : horn::Layer {\n    horn::Tensor call(const horn::Tensor &x) override {\n      "
       "return x; // say with horn::ops what d computes\n    }\n  };\n  "
       "HORN_REGISTER_LAYER(\"Lambda\", MyFunction)"},
      {"kind of a value", read(model_with(layer("Dense", R"({"name": "d", "units": "two"})"))),
       "d: units: wrong kind of value; expected an integer, found a string \"two\""},
      {"value", read(model_with(layer("Dense", R"({"name": "d", "units": 0})"))),
       "d: wrong number of units; expected a positive integer, found 0"},
      {"unknown argument",
       read(model_with(layer("Dense", R"({"name": "d", "units": 2, "magic": 1})"))),
       "d: magic: unknown argument of Dense; expected none, found 1"},
      {"activation",
       read(model_with(layer("Dense", R"({"name": "d", "units": 2, "activation": "rellu"})"))),
       "d: activation: unknown activation function rellu; see Activation::names() for those there "
       "are"},
      {"layer that is not there",
       read(model_with(layer("Dense", R"({"name": "d", "units": 2})", "y"))),
       "d: a call takes a tensor of a layer that is not there; expected the name of a layer of the "
       "model, found \"y\""},
      {"cycle", read(model_with(layer("Dense", R"({"name": "d", "units": 2})", "d"))),
       "d: the graph has a cycle"},
      {"output that is not there",
       read(model_with(layer("Dense", R"({"name": "d", "units": 2})"), "e")),
       "output_layers: a call takes a tensor of a layer that is not there; expected the name of a "
       "layer of the model, found \"e\""},
      {"name twice",
       read(model_with(layer("Dense", R"({"name": "d", "units": 2})") + "," +
                       layer("Dense", R"({"name": "d", "units": 2})"))),
       "d: two layers of a model have the same name"},
      {"shape in a file",
       read(model_with(layer("Reshape", R"({"name": "d", "target_shape": [4]})"))),
       "d: the number of elements must stay the same; expected a target_shape of 3 elements, found "
       "(4,)"},
      {"no layers", read(R"({"class_name": "Functional", "config": {"name": "m"}})"),
       "missing key; expected layers, found {\"name\": \"m\"}"},
      {"no class", read(R"({"config": {}})"),
       "missing key; expected class_name, found {\"config\": {}}"},
      {"model of a class of one's own",
       read(R"({"class_name": "MyModel", "config": {"name": "m"}})"),
       "the file holds no graph: MyModel is not a model of layers; expected a Functional or "
       "Sequential model; models with a call() of their own are saved without it; rebuild the "
       "model with keras.Model(inputs, outputs) and save that"},
      {"no JSON", read("{\"class_name\": "),
       "JSON: JSON text is malformed at line 1, column 15; found syntax error while parsing value "
       "- unexpected end of input; expected '[', '{', or a literal"},
      {"no YAML", [] { model_from_yaml("{a: ["); },
       "YAML line 1 column 1: no valid YAML: end of sequence flow not found"},
      {"a list", read("[1, 2]"),
       "wrong kind of value; expected a dictionary with the key class_name, found a list [1, 2]"},
      {"clone that is nothing",
       [&] { clone_model(model, [](const LayerPtr &) { return LayerPtr(); }); },
       "d: clone_function gave no layer"},
      {"clone of another name",
       [&] {
         clone_model(model, [](const LayerPtr &) -> LayerPtr {
           return layers::Dense({.units = 2, .name = "other"});
         });
       },
       "d: clone_function gave a layer of another name; found other"},
      {"text of a model of losses",
       [&] { Model(x, regular->losses(), {.name = "losses"}).to_json(); },
       "of_weights: a model whose output is a loss or an update of weights alone cannot be "
       "written; save the model that the layer is in"},
      {"key of a configuration", [&] { model.get_config().at("magic"); },
       "missing key; expected magic, found {\"name\": \"m\", \"trainable\": true, \"layers\": "
       "[{\"module\": \"keras.layers\", \"class_na..."},
  });
}

namespace {
/// A folder for the files of a test; messages begin with its path.
struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / "horn_error_messages") {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  /// The message without the folder.
  std::string message(const std::function<void(const std::filesystem::path &)> &use) const {
    std::string text = test::message([&] { use(path); }), folder = path.string() + "/";
    for (size_t at; (at = text.find(folder)) != std::string::npos;)
      text.erase(at, folder.size());
    return text;
  }
  std::filesystem::path path;
};

struct WrongFile {
  const char *what;
  std::function<void(const std::filesystem::path &folder)> use;
  const char *message;
};
} // namespace

static Model of_units(int64_t units, const char *name = "d") {
  Tensor x = Input({3}, {.name = "x"});
  return Model(x, layers::Dense({.units = units, .name = name})(x), {.name = "m"});
}

TEST(Errors, Files) {
  Folder folder;
  of_units(2).save(folder.path / "m.keras");
  of_units(2).save(folder.path / "m.h5");
  of_units(2).save_weights(folder.path / "m.weights.h5");
  of_units(2).save_weights(folder.path / "m.safetensors");
  std::ofstream(folder.path / "empty.keras");
  std::ofstream(folder.path / "text.keras") << "hello";
  using Path = const std::filesystem::path &;
  const std::vector<WrongFile> table = {
      {"suffix", [](Path f) { of_units(2).save(f / "m.onnx"); },
       "m.onnx: the file's name does not say its format; expected a name that ends in .keras or "
       ".h5, found m.onnx"},
      {"weights as a model", [](Path f) { of_units(2).save(f / "m.weights.h5"); },
       "m.weights.h5: the file's name does not say its format; expected a name that ends in .keras "
       "or .h5 (save_weights writes weights), found m.weights.h5"},
      {"suffix of weights", [](Path f) { of_units(2).save_weights(f / "m.bin"); },
       "m.bin: the file's name does not say its format; expected a name that ends in .weights.h5 "
       "or .safetensors, found m.bin"},
      {"folder that is not there", [](Path f) { of_units(2).save(f / "none" / "m.keras"); },
       "none/m.keras: cannot make a file beside it: No such file or directory"},
      {"file that is not there", [](Path f) { load_model(f / "none.keras"); },
       "none.keras: cannot open the file: No such file or directory"},
      {"empty file", [](Path f) { load_model(f / "empty.keras"); },
       "empty.keras: neither a .keras archive nor an HDF5 file; found an empty file"},
      {"file of something else", [](Path f) { load_model(f / "text.keras"); },
       "text.keras: neither a .keras archive nor an HDF5 file; found a file that starts otherwise"},
      {"weights alone", [](Path f) { load_model(f / "m.weights.h5"); },
       "m.weights.h5: the file holds weights but no model; make the model in C++ and use "
       "model.load_weights(path)"},
      {"shape", [](Path f) { of_units(5).load_weights(f / "m.weights.h5"); },
       "m.weights.h5: d: weight kernel has the wrong shape in the file; expected (3, 5), found (3, "
       "2) at layers/dense/vars/0; and 1 more problems (horn check lists all)"},
      {"shape in an archive", [](Path f) { of_units(5).load_weights(f / "m.keras"); },
       "m.keras: d: weight kernel has the wrong shape in the file; expected (3, 5), found (3, 2) "
       "at layers/dense/vars/0; and 1 more problems (horn check lists all)"},
      {"shape in a legacy file", [](Path f) { of_units(5).load_weights(f / "m.h5"); },
       "m.h5: d: weight kernel has the wrong shape in the file; expected (3, 5), found (3, 2) at "
       "model_weights/d/d/kernel; and 1 more problems (horn check lists all)"},
      {"shape by name", [](Path f) { of_units(5).load_weights(f / "m.h5", {.by_name = true}); },
       "m.h5: d: weight kernel has the wrong shape in the file; expected (3, 5), found (3, 2) at "
       "model_weights/d/d/kernel; and 1 more problems (horn check lists all)"},
      {"other names", [](Path f) { of_units(2, "e").load_weights(f / "m.safetensors"); },
       "m.safetensors: e/kernel: the weight is missing in the file; expected (3, 2), found "
       "nothing; and 1 more problems (horn check lists all)"},
      {"names that the file does not have",
       [](Path f) { of_units(2).load_weights(f / "m.keras", {.by_name = true}); },
       "m.keras: this file does not have the names of layers; expected a legacy .h5 or a "
       ".safetensors file for by_name; load by topology, or load the whole model and take "
       "get_layer(name)"},
      {"another number of layers",
       [](Path f) {
         Tensor x = Input({3});
         Model(x, layers::Dense({.units = 1})(layers::Dense({.units = 2})(x)))
             .load_weights(f / "m.h5");
       },
       "m.h5: the file has weights for another number of layers; expected 2, found 1"},
  };
  for (const WrongFile &wrong : table) {
    clear_session();
    EXPECT_EQ(folder.message(wrong.use), wrong.message) << wrong.what;
  }
}
