// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn summary: a model's layers as Keras prints them.
#include "frontend/core/Model.h"
#include "tools/horn/Command.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

namespace horn::cli {

static int summary(const std::string &path, size_t width) {
  std::ostringstream text;
  load_model(path).summary(text, width);
  std::cout << inert(text.str(), /*keep_lines=*/true);
  return exit_ok;
}

void add_summary_command(CLI::App &app, Job &job) {
  auto path = std::make_shared<std::string>();
  auto width = std::make_shared<size_t>(80);
  CLI::App *command = app.add_subcommand("summary", "Print a model's layers as Keras does");
  command->add_option("MODEL", *path, "a .keras or .h5 file")->required();
  command->add_option("--width", *width, "columns (default 80)")
      ->check(CLI::Range(size_t{40}, size_t{400}));
  command->footer("Example:\n  horn summary model.keras --width 120");
  command->callback(
      [path, width, &job] { job = [path, width] { return summary(*path, *width); }; });
}

} // namespace horn::cli
