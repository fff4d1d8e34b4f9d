// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn inspect: a model as the compiler sees it.
#include "frontend/emit/CompiledModel.h"
#include "tools/horn/Command.h"
#include "tools/horn/CompileReport.h"
#include "tools/horn/Files.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace horn::cli {

namespace {
struct InspectOptions {
  std::string model, emit, output, cpu = "native";
  bool fused = false;
};
} // namespace

static int inspect(const InspectOptions &options) {
  Model model = load_model(options.model);
  CompileOptions how{.cpu = options.cpu};
  if (options.emit.empty()) {
    CompiledModel compiled(model, how);
    if (options.fused) {
      print_fusion(std::cout, compiled.remarks());
      return exit_ok;
    }
    print_remarks(std::cout, compiled.remarks(), /*refused=*/true);
    std::cout << "\n";
    print_phases(std::cout, compiled.phases());
    return exit_ok;
  }
  std::string text = phase_text(model, options.emit, how);
  if (options.output.empty())
    std::cout << text;
  else
    write_text(options.output, text);
  return exit_ok;
}

void add_inspect_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App *command = app.add_subcommand(
      "inspect", "Show what the compiler made of a model: what was fused, and the IR");
  command->add_option("MODEL", options->model, "a .keras or .h5 file")->required();
  std::string phases;
  for (const PhaseInfo &phase : compiler_phases())
    phases += phase.name + ", ";
  command->add_option("--emit", options->emit, "print the IR after a phase: " + phases + "ll or s");
  command->add_flag("--fused", options->fused, "only what was fused, one line a kernel");
  command->add_option("-o,--output", options->output, "write the IR to this file");
  command->add_option("--cpu", options->cpu, "compile for this CPU (default: this machine's)");
  command->footer("Examples:\n"
                  "  horn inspect model.keras\n"
                  "  horn inspect model.keras --fused\n"
                  "  horn inspect model.keras --emit=groups\n"
                  "  horn inspect model.keras --emit=s -o model.s");
  command->callback([options, &job] { job = [options] { return inspect(*options); }; });
}

} // namespace horn::cli
