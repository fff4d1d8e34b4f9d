// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn compile: a model to an object, a library or text.
#include "tools/horn/Command.h"
#include "tools/horn/CompileReport.h"
#include "tools/horn/Files.h"
#include "tools/horn/Progress.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

namespace horn::cli {

namespace {
struct CompileArguments {
  std::string model, output, header, emit;
  CompileOptions options;
  bool verbose = false;
};
} // namespace

/// Writes the IR of a phase, or prints it.
static int emit_phase(const Model &model, const CompileArguments &arguments) {
  std::string text = phase_text(model, arguments.emit, arguments.options);
  if (arguments.output.empty() || arguments.output == "-")
    std::cout << text;
  else
    write_text(arguments.output, text);
  return exit_ok;
}

static void print_result(const CompileArguments &arguments) {
  for (const std::string &path : {arguments.output, arguments.header})
    if (!path.empty())
      std::cout << "wrote " << inert(path) << " ("
                << size_text(static_cast<int64_t>(std::filesystem::file_size(path))) << ")\n";
  if (!arguments.options.dump.empty())
    std::cout << "IR of each phase in " << inert(arguments.options.dump.string()) << "\n";
}

static int compile(CompileArguments arguments) {
  Model model = load_model(arguments.model);
  if (!arguments.emit.empty())
    return emit_phase(model, arguments);
  std::vector<PhaseTime> phases;
  Progress progress;
  progress.show("compiling " + model.name());
  arguments.options.on_phase = [&](const std::string &phase, double seconds) {
    phases.push_back({phase, seconds});
    progress.show("compiling " + model.name() + ": " + phase + " done");
  };
  auto begin = std::chrono::steady_clock::now();
  compile_to_file(model, arguments.output, arguments.header, arguments.options);
  std::chrono::duration<double> rest = std::chrono::steady_clock::now() - begin;
  for (const PhaseTime &phase : phases)
    rest -= std::chrono::duration<double>(phase.seconds);
  phases.push_back({"code", rest.count()}); // with preparing weights and writing files
  progress.clear();
  print_phases(std::cout, phases);
  if (arguments.verbose) {
    CompileOptions again{.cpu = arguments.options.cpu,
                         .resume_from = arguments.options.resume_from,
                         .math = arguments.options.math};
    CompiledModel compiled(model, again);
    std::cout << "\n";
    print_remarks(std::cout, compiled.remarks(), /*refused=*/true);
    std::cout << "\n"
              << count_text(static_cast<size_t>(compiled.num_kernels()), "kernel") << ", "
              << size_text(compiled.weight_bytes()) << " of weights\n";
  }
  print_result(arguments);
  return exit_ok;
}

static std::string phase_help() {
  std::string text = "\nPhases, for --emit:\n";
  for (const PhaseInfo &phase : compiler_phases())
    text += "  " + padded(phase.name, 10) + phase.description + "\n";
  return text + "  ll        LLVM IR\n  s         assembly\n";
}

void add_compile_command(CLI::App &app, Job &job) {
  auto arguments = std::make_shared<CompileArguments>();
  CLI::App *command = app.add_subcommand("compile", "Compile a model to a file");
  command->add_option("MODEL", arguments->model, "a .keras or .h5 file")->required();
  CLI::Option *output = command->add_option(
      "-o,--output", arguments->output, "the file; its suffix says what: .o .a .so .ll .s .mlir");
  command->add_option("--header", arguments->header, "write a C header that declares the model");
  command->add_option("--name", arguments->options.name,
                      "prefix of the C functions (default: the model's name)");
  command->add_option("--cpu", arguments->options.cpu,
                      "x86-64-v3, skylake-avx512, ...; native: this machine's (the default)");
  CLI::Option *emit = command->add_option(
      "--emit", arguments->emit, "print the IR after this phase, or write it to the file of -o");
  command->add_option("--dump", arguments->options.dump,
                      "folder for the IR after each phase (00-import.mlir, ...)");
  add_math_option(*command, arguments->options.math);
  command->add_option("--resume-from", arguments->options.resume_from,
                      "go on from a file that --dump wrote");
  command->add_flag("-v,--verbose", arguments->verbose,
                    "say what was fused into what, and what was not and why");
  command->footer([] {
    return phase_help() + "\nExamples:\n"
                          "  horn compile model.keras -o model.o --header model.h\n"
                          "  horn compile model.keras -o model.so --cpu x86-64-v3 --verbose\n"
                          "  horn compile model.keras --emit=groups\n"
                          "  horn compile model.keras -o model.o --dump=ir\n"
                          "  horn compile model.keras -o model.o --resume-from=ir/02-groups.mlir";
  }());
  command->callback([arguments, output, emit, &job] {
    if (output->empty() && emit->empty())
      throw CLI::RequiredError("--output or --emit");
    job = [arguments] { return compile(*arguments); };
  });
}

} // namespace horn::cli
