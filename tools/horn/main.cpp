// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn: runs, compiles, measures and checks Keras models.
#include "frontend/core/Error.h"
#include "tools/horn/Command.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>

using namespace horn::cli;

static constexpr const char *overview =
    "Examples:\n"
    "  horn summary model.keras                       what is in it\n"
    "  horn check model.keras                         whether it can be compiled\n"
    "  horn run model.keras photo.png --scale 1/255   run it\n"
    "  horn compile model.keras -o model.o            object file for a C or C++ program\n"
    "  horn bench model.keras --threads 2             how fast it is\n"
    "  horn verify --suite conformance                compare with numbers of Keras\n\n"
    "Exit codes: 0 all is well; 1 a problem with the model, a file or the inputs; 2 wrong usage.\n"
    "HORN_NUM_THREADS sets the number of threads where --threads does not.";

static int report(const std::string &message, int code) {
  std::cout.flush();
  std::cerr << "horn: error: " << inert(message, /*keep_lines=*/true) << "\n";
  return code;
}

/// Runs the job; every error ends here.
static int guarded(const Job &job) {
  try {
    int code = job();
    std::cout.flush();
    if (!std::cout && errno != EPIPE)
      return report("cannot write to standard output", exit_problem);
    return code;
  } catch (const horn::UnsupportedError &error) {
    return report("not supported: " + std::string(error.what()), exit_problem);
  } catch (const std::bad_alloc &) {
    return report("not enough memory", exit_problem);
  } catch (const std::exception &error) {
    return report(error.what(), exit_problem);
  } catch (...) {
    return report("internal error: an exception of unknown type", exit_problem);
  }
}

int main(int argc, char **argv) {
  std::signal(SIGPIPE, SIG_IGN); // `horn summary m.keras | head` is no mistake
  CLI::App app("Horn: a graph compiler for Keras models", "horn");
  Job job;
  app.set_version_flag("--version", "horn " HORN_VERSION);
  app.require_subcommand(0, 1);
  app.footer(overview);
  for (auto add : {add_run_command, add_compile_command, add_convert_command, add_bench_command,
                   add_verify_command, add_check_command, add_summary_command, add_inspect_command})
    add(app, job);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
      return app.exit(error); // help or version, on standard output
    return report(std::string(error.what()) + " (horn --help shows how)", exit_usage);
  } catch (const std::exception &error) {
    return report(error.what(), exit_usage);
  }
  if (!job)
    return report("a subcommand is required (horn --help lists them)", exit_usage);
  return guarded(job);
}
