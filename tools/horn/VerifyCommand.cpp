// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn verify: compares with numbers that Keras computed.
#include "tools/horn/Command.h"
#include "tools/horn/Files.h"
#include "tools/horn/Progress.h"
#include "tools/horn/SuiteReport.h"
#include "tools/horn/SuiteRunner.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <regex>
#include <sched.h>

namespace horn::cli {

namespace {
struct VerifyOptions {
  std::string model, reference, suite, filter, json;
  std::vector<std::string> engines;
  Tolerance tolerance;
  bool aot = false;
  int jobs = 0;
  double timeout = 60;
};
} // namespace

static std::vector<Engine> engines_of(const VerifyOptions &options) {
  std::vector<std::string> names = options.engines;
  if (names.empty())
    names = {"interpreter", "jit"};
  if (options.aot)
    names.push_back("aot");
  std::vector<Engine> engines;
  for (Engine engine : {Engine::interpreter, Engine::jit, Engine::aot})
    for (const std::string &name : names)
      if (name == "all" || name == engine_name(engine)) {
        engines.push_back(engine);
        break;
      }
  return engines;
}

/// One process a core, as far as memory goes.
static int default_jobs() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  bool known = ::sched_getaffinity(0, sizeof cores, &cores) == 0;
  return known ? std::clamp(CPU_COUNT(&cores), 1, 4) : 2;
}

static std::vector<SuiteCase> chosen(std::vector<SuiteCase> cases, const std::string &filter) {
  try {
    std::regex pattern(filter, std::regex::ECMAScript);
    std::erase_if(cases, [&](const SuiteCase &test) {
      return !filter.empty() && !std::regex_search(test.name, pattern);
    });
  } catch (const std::regex_error &error) {
    throw Error({.where = "--filter", .what = "not a regular expression", .found = filter});
  }
  if (cases.empty())
    throw Error({.where = "horn verify", .what = "no case to run", .hint = "look at --filter"});
  return cases;
}

static std::vector<CaseResult> run_all(const std::vector<SuiteCase> &cases,
                                       const VerifyOptions &options) {
  Progress progress;
  size_t failed = 0;
  RunnerOptions how{.engines = engines_of(options),
                    .jobs = options.jobs ? options.jobs : default_jobs(),
                    .timeout = options.timeout};
  how.on_result = [&](size_t done, const SuiteCase &test, const CaseResult &result) {
    failed += result.status == Status::failed;
    progress.show(std::to_string(done) + "/" + std::to_string(cases.size()) + ", " +
                  std::to_string(failed) + " failed, " + test.name);
  };
  return run_cases(cases, how);
}

static int verify_suite(const VerifyOptions &options) {
  std::vector<SuiteCase> cases = chosen(read_suite(options.suite), options.filter);
  std::vector<CaseResult> results = run_all(cases, options);
  if (!options.json.empty())
    write_text(options.json, report_json(cases, results));
  print_report(std::cout, cases, results);
  return count_of(results, Status::failed) ? exit_problem : exit_ok;
}

static std::string scientific(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2e", value);
  return text;
}

static int verify_model(const VerifyOptions &options) {
  SuiteCase test{.name = options.model,
                 .kind = "inference",
                 .tolerance = options.tolerance,
                 .model = options.model,
                 .tensors = options.reference};
  CaseResult result = run_case(test, engines_of(options));
  if (!options.json.empty())
    write_text(options.json, report_json({test}, {result}));
  std::cout << status_name(result.status) << ": " << inert(test.name);
  if (!result.reason.empty())
    std::cout << ": " << inert(result.reason);
  if (result.worst.compared)
    std::cout << "\n  furthest off: " << inert(result.worst.tensor) << " by "
              << scientific(result.worst.deviation) << ", limit " << scientific(result.worst.limit);
  std::cout << "\n";
  return result.status == Status::passed ? exit_ok : exit_problem;
}

static int verify(const VerifyOptions &options) {
  if (!options.suite.empty())
    return verify_suite(options);
  return verify_model(options);
}

void add_verify_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App *command =
      app.add_subcommand("verify", "Compare a model's outputs with numbers that Keras computed");
  CLI::Option *model = command->add_option("MODEL", options->model, "a .keras or .h5 file");
  CLI::Option *reference = command->add_option(
      "REFERENCE", options->reference,
      ".safetensors with input:0, ... and output:0, ..., or the names of inputs and outputs");
  model->needs(reference);
  CLI::Option *suite =
      command->add_option("--suite", options->suite, "folder with cases.json or manifest.json");
  suite->excludes(model)->excludes(reference);
  command->add_option("--filter", options->filter,
                      "run only cases in whose group/name this regular expression is found");
  command->add_option("--json", options->json, "write the results to this file");
  command
      ->add_option("--engine", options->engines,
                   "interpreter, jit, aot or all; may be repeated (default: interpreter and jit)")
      ->check(CLI::IsMember({"interpreter", "jit", "aot", "all"}))
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_flag("--aot", options->aot, "ahead of time, too");
  command->add_option("--rtol", options->tolerance.relative, "relative tolerance (default 1e-4)");
  command->add_option("--atol", options->tolerance.absolute, "absolute tolerance (default 1e-5)");
  command->add_option("--jobs", options->jobs, "processes (default: one a core, at most 4)")
      ->check(CLI::Range(0, 256));
  command->add_option("--timeout", options->timeout,
                      "seconds a case may take; applications four times as long (default 60)");
  command->footer("Exit code 0 only when no case failed; cases that are not supported do not fail "
                  "a suite.\n\nExamples:\n"
                  "  horn verify model.keras numbers.safetensors --rtol 1e-3\n"
                  "  horn verify --suite conformance --filter '^layers/conv' --json out.json\n"
                  "  horn verify --suite trained --aot");
  command->callback([options, &job] {
    if (options->suite.empty() && options->model.empty())
      throw CLI::RequiredError("MODEL and REFERENCE, or --suite");
    job = [options] { return verify(*options); };
  });
}

} // namespace horn::cli
