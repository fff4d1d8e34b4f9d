// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn run: a model on files.
#include "frontend/emit/CompiledModel.h"
#include "tools/horn/Command.h"
#include "tools/horn/Inputs.h"
#include "tools/horn/Labels.h"
#include "tools/horn/Outputs.h"
#include "tools/horn/Progress.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace horn::cli {

namespace {
struct RunOptions {
  std::string model, output, save_inputs, labels, scale = "1", offset = "0", math = "exact";
  std::vector<std::string> files, inputs;
  int threads = 0;
  size_t top = 0;
  bool json = false;
};
} // namespace

static std::vector<Array> compile_and_run(const Model &model, const std::vector<Array> &inputs,
                                          const RunOptions &how) {
  Progress progress;
  progress.show("compiling " + model.name());
  CompileOptions options{.math = how.math};
  options.on_phase = [&](const std::string &phase, double) {
    progress.show("compiling " + model.name() + ": " + phase + " done");
  };
  CompiledModel compiled(model, options);
  Session session(compiled, how.threads == 1 ? nullptr : std::make_shared<ThreadPool>(how.threads));
  progress.show("running " + model.name());
  return session.run(inputs);
}

static int run(const RunOptions &options) {
  Model model = load_model(options.model);
  std::vector<std::string> files = options.files;
  files.insert(files.end(), options.inputs.begin(), options.inputs.end());
  InputOptions how{parse_factor(options.scale, "--scale"),
                   parse_factor(options.offset, "--offset")};
  ModelInputs inputs = read_inputs(model, files, how);
  if (!options.save_inputs.empty())
    write_outputs(options.save_inputs, name_outputs(model.input_names(), inputs.arrays), {});
  OutputOptions told{.row_names = inputs.row_names, .top = options.top};
  if (!options.labels.empty())
    told.labels = read_labels(options.labels);
  std::vector<NamedOutput> outputs =
      name_outputs(model.output_names(), compile_and_run(model, inputs.arrays, options));
  if (!options.output.empty())
    write_outputs(options.output, outputs, told);
  if (options.json) {
    nlohmann::ordered_json result = {{"model", model.name()}, {"rows", inputs.row_names}};
    result["outputs"] = outputs_json(outputs, told);
    std::cout << result.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)
              << "\n";
  } else if (options.output.empty()) {
    print_outputs(std::cout, outputs, told);
  }
  return exit_ok;
}

void add_run_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<RunOptions>();
  CLI::App *command = app.add_subcommand("run", "Run a model on files and show what it gives");
  command->add_option("MODEL", options->model, "a .keras or .h5 file")->required();
  command->add_option("FILES", options->files, "files for the model's only input: a batch");
  command
      ->add_option("-i,--input", options->inputs,
                   "NAME=FILE for the input of that name; may be repeated. FILE is .png or .jpg "
                   "(resized to the input), .npy, .csv, .safetensors or .safetensors:TENSOR")
      ->allow_extra_args(false);
  command->add_option("-o,--output", options->output,
                      "write the outputs to a .npy, .safetensors, .csv or .json file");
  command->add_option("--save-inputs", options->save_inputs,
                      "write what the model is given to a file of these kinds");
  command->add_option("--scale", options->scale,
                      "what pixels are multiplied by, such as 1/255 (default 1: 0 to 255)");
  command->add_option("--offset", options->offset, "what is added to pixels after that");
  command->add_option("--labels", options->labels, "names of classes: one a line, or .json");
  command->add_option("--top", options->top, "classes shown of each row");
  command->add_option("-t,--threads", options->threads, "threads; 0: as many as there are cores")
      ->check(CLI::Range(0, 1024));
  add_math_option(*command, options->math);
  command->add_flag("--json", options->json, "print one line of JSON");
  command->footer(
      "Examples:\n"
      "  horn run digits.keras 3.png 7.png --scale 1/255\n"
      "  horn run classifier.keras photo.jpg --labels imagenet_class_index.json --top 3\n"
      "  horn run two.keras --input left=a.npy --input right=b.csv --output out.npy\n"
      "  horn run digits.keras digits_test.safetensors:x_test --json");
  command->callback([options, &job] { job = [options] { return run(*options); }; });
}

} // namespace horn::cli
