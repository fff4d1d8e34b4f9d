// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn check: everything that keeps a model from being compiled.
#include "frontend/emit/CompiledModel.h"
#include "tools/horn/Command.h"
#include "tools/horn/Table.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace horn::cli {

namespace {
struct CheckOptions {
  std::string model;
  bool json = false;
};
} // namespace

/// The last phase that is cheap and finds ops without a kernel; later ones make machine code.
static constexpr const char *last_phase = "kernels";

static std::vector<Problem> problems_of(const std::string &path) {
  std::vector<Problem> problems = check_model(path);
  if (!problems.empty())
    return problems;
  try {
    phase_text(load_model(path), last_phase);
  } catch (const Error &error) {
    problems.push_back(Problem::of(error));
  }
  return problems;
}

static nlohmann::ordered_json problems_json(const std::vector<Problem> &problems) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Problem &problem : problems)
    list.push_back({{"where", problem.parts.where},
                    {"what", problem.parts.what},
                    {"expected", problem.parts.expected},
                    {"found", problem.parts.found},
                    {"hint", problem.parts.hint},
                    {"unsupported", problem.unsupported}});
  return {{"problems", list}};
}

static void print_problems(const std::string &path, const std::vector<Problem> &problems) {
  if (problems.empty()) {
    std::cout << inert(path) << ": no problems\n";
    return;
  }
  std::cout << inert(path) << ": " << count_text(problems.size(), "problem") << "\n\n";
  Table table({{"where"}, {"problem"}, {"expected"}, {"found"}, {"how to fix it"}});
  for (const Problem &problem : problems)
    table.add({problem.parts.where,
               (problem.unsupported ? "not supported: " : "") + problem.parts.what,
               problem.parts.expected, problem.parts.found, problem.parts.hint});
  table.print(std::cout, std::max<size_t>(terminal_width(), 100));
}

static int check(const CheckOptions &options) {
  std::vector<Problem> problems = problems_of(options.model);
  if (options.json)
    std::cout << problems_json(problems).dump(-1, ' ', true,
                                              nlohmann::ordered_json::error_handler_t::replace)
              << "\n";
  else
    print_problems(options.model, problems);
  return problems.empty() ? exit_ok : exit_problem;
}

void add_check_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App *command =
      app.add_subcommand("check", "List everything that keeps a model from being compiled");
  command->add_option("MODEL", options->model, "a .keras or .h5 file")->required();
  command->add_flag("--json", options->json, "print one line of JSON");
  command->footer("Exit code 0 when there are no problems, 1 when there are.\n\n"
                  "Example:\n  horn check model.keras");
  command->callback([options, &job] { job = [options] { return check(*options); }; });
}

} // namespace horn::cli
