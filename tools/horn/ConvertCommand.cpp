// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn convert: a model from one file format to another.
#include "frontend/core/Error.h"
#include "frontend/core/Model.h"
#include "tools/horn/Command.h"
#include "tools/horn/Files.h"

#include <CLI/CLI.hpp>

namespace horn::cli {

namespace {
struct ConvertOptions {
  std::string from, to, weights;
};
} // namespace

static Model read_model(const std::string &path) {
  auto parsed = [&](Model (*parse)(std::string_view)) {
    std::string text = read_text(path);
    try {
      return parse(text);
    } catch (const Error &error) {
      throw error.within(path);
    }
  };
  if (path.ends_with(".json"))
    return parsed(model_from_json);
  if (path.ends_with(".yaml") || path.ends_with(".yml"))
    return parsed(model_from_yaml);
  if (path.ends_with(".weights.h5") || path.ends_with(".safetensors"))
    throw Error({.where = path,
                 .what = "the file holds weights but no model",
                 .hint = "horn convert model.json model.keras --weights " + path});
  return load_model(path);
}

static void write_model(const Model &model, const std::string &path) {
  if (path.ends_with(".json"))
    write_text(path, model.to_json(/*indent=*/2) + "\n");
  else if (path.ends_with(".yaml") || path.ends_with(".yml"))
    write_text(path, model.to_yaml());
  else if (path.ends_with(".weights.h5") || path.ends_with(".safetensors"))
    model.save_weights(path);
  else if (path.ends_with(".keras") || path.ends_with(".h5") || path.ends_with(".hdf5"))
    model.save(path);
  else
    throw Error(
        {.where = path,
         .what = "the file's name does not say its format",
         .expected = "a name that ends in .keras, .h5, .weights.h5, .safetensors, .json or .yaml"});
}

static int convert(const ConvertOptions &options) {
  Model model = read_model(options.from);
  if (!options.weights.empty())
    model.load_weights(options.weights);
  write_model(model, options.to);
  return exit_ok;
}

void add_convert_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App *command =
      app.add_subcommand("convert", "Write a model in another format, chosen by suffix");
  command->add_option("FROM", options->from, "a .keras, .h5, .json or .yaml file")->required();
  command
      ->add_option(
          "TO", options->to,
          ".keras or .h5 (model and weights), .weights.h5 or .safetensors (weights alone), "
          ".json or .yaml (the model without weights)")
      ->required();
  command->add_option("--weights", options->weights,
                      "take the weights from this .weights.h5, .safetensors, .keras or .h5");
  command->footer("Examples:\n"
                  "  horn convert old.h5 model.keras\n"
                  "  horn convert model.keras model.safetensors\n"
                  "  horn convert model.json model.keras --weights model.weights.h5");
  command->callback([options, &job] { job = [options] { return convert(*options); }; });
}

} // namespace horn::cli
