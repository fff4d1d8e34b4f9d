// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn summary: a model's layers as Keras prints them.
#include "frontend/plot/Plot.h"
#include "tools/horn/Command.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

namespace horn::cli {

namespace {
struct SummaryOptions {
  std::string model, plot;
  size_t width = 80;
};
} // namespace

static int summary(const SummaryOptions &options) {
  std::ostringstream text;
  Model model = load_model(options.model);
  if (!options.plot.empty()) {
    plot_model(model, options.plot);
    std::cout << "wrote " << inert(options.plot) << "\n";
    return exit_ok;
  }
  model.summary(text, options.width);
  std::cout << inert(text.str(), /*keep_lines=*/true);
  return exit_ok;
}

void add_summary_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<SummaryOptions>();
  CLI::App *command = app.add_subcommand("summary", "Print a model's layers as Keras does");
  command->add_option("MODEL", options->model, "a .keras or .h5 file")->required();
  command->add_option("--width", options->width, "columns (default 80)")
      ->check(CLI::Range(size_t{40}, size_t{400}));
  command->add_option("--plot", options->plot,
                      "draw the graph of layers to this .svg file instead");
  command->footer("Examples:\n"
                  "  horn summary model.keras --width 120\n"
                  "  horn summary model.keras --plot model.svg");
  command->callback([options, &job] { job = [options] { return summary(*options); }; });
}

} // namespace horn::cli
