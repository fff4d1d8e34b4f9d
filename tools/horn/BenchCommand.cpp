// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn bench: how long a model takes.
#include "frontend/emit/CompiledModel.h"
#include "runtime/include/horn/runtime.h"
#include "tools/horn/Command.h"
#include "tools/horn/CompileReport.h"
#include "tools/horn/Progress.h"
#include "tools/horn/RandomInputs.h"
#include "tools/horn/Text.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/resource.h>

namespace horn::cli {

namespace {
struct BenchOptions {
  std::string model;
  int64_t batch = 0; ///< 0: as the model says, or 1
  int threads = 0;
  double seconds = 3;
  std::string math = "exact";
  bool json = false, train = false;
};

/// Seconds since it was made.
class Stopwatch {
public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// What was measured, in seconds.
struct Measurement {
  double load = 0, compile = 0, first_run = 0;
  std::vector<double> runs; ///< sorted; never empty
  double median() const {
    size_t half = runs.size() / 2;
    return runs.size() % 2 ? runs[half] : (runs[half - 1] + runs[half]) / 2;
  }
};
} // namespace

/// Runs for a time, or just once when there is none.
static void measure(Session &session, const Model &model, const std::vector<Array> &inputs,
                    double seconds, Measurement &found) {
  std::vector<Array> outputs;
  std::vector<Shape> shapes = session.output_shapes(inputs);
  for (size_t i = 0; i < shapes.size(); ++i)
    outputs.emplace_back(shapes[i], model.outputs().at(i).dtype());
  auto run = [&] {
    Stopwatch watch;
    session.run(inputs, outputs);
    return watch.seconds();
  };
  found.first_run = run();
  Stopwatch whole;
  constexpr size_t most_runs = 10'000'000;
  while (whole.seconds() < seconds && found.runs.size() < most_runs)
    found.runs.push_back(run());
  if (found.runs.empty())
    found.runs.push_back(found.first_run);
  std::sort(found.runs.begin(), found.runs.end());
}

static double peak_rss_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

static nlohmann::ordered_json bench_json(const BenchOptions &options, const Model &model,
                                         const CompiledModel &compiled, const Session &session,
                                         const std::vector<Array> &inputs, int threads,
                                         const Measurement &found) {
  auto *program = static_cast<const horn_program *>(compiled.program());
  nlohmann::ordered_json json = {
      {"model", model.name()},
      {"batch", inputs.empty() || inputs[0].shape().empty() ? 1 : inputs[0].shape()[0]},
      {"min_ms", found.runs.front() * 1e3},
      {"median_ms", found.median() * 1e3},
      {"runs", found.runs.size()},
      {"load_s", found.load},
      {"compile_s", found.compile},
      {"first_run_ms", found.first_run * 1e3},
      {"peak_rss_mb", peak_rss_mb()},
      {"arena_bytes", session.arena_bytes()},
      {"weight_bytes", compiled.weight_bytes()},
      {"kernels", compiled.num_kernels()},
      {"threads", threads},
      {"cpu", program->cpu}};
  // Counting emits the graph anew, which who times only the start does not want in it.
  if (options.seconds > 0)
    json["flops"] = count_flops(model, inputs);
  return json;
}

/// Empty where the work was not counted.
static std::string work_line(const nlohmann::ordered_json &json) {
  if (!json.contains("flops"))
    return "";
  double flops = json.at("flops").get<double>();
  std::ostringstream text;
  text << "  work      " << flops / 1e9 << " GFLOP, "
       << std::llround(flops / 1e6 / json.at("min_ms").get<double>()) << " GFLOP/s\n";
  return text.str();
}

static void print_bench(const nlohmann::ordered_json &json, const CompiledModel &compiled) {
  auto number = [&](const char *key) { return json.at(key).get<double>(); };
  auto bytes = [&](const char *key) { return size_text(json.at(key).get<int64_t>()); };
  std::cout << inert(json.at("model").get<std::string>()) << ", batch " << json.at("batch") << ", "
            << count_text(json.at("threads").get<size_t>(), "thread") << ", "
            << json.at("cpu").get<std::string>() << "\n"
            << "  best      " << time_text(number("min_ms") / 1e3) << " of "
            << count_text(json.at("runs").get<size_t>(), "run") << ", median "
            << time_text(number("median_ms") / 1e3) << ", first "
            << time_text(number("first_run_ms") / 1e3) << "\n"
            << "  start     load " << time_text(number("load_s")) << ", compile "
            << time_text(number("compile_s")) << "\n"
            << "  memory    weights " << bytes("weight_bytes") << ", arena " << bytes("arena_bytes")
            << ", peak of the process "
            << size_text(static_cast<int64_t>(number("peak_rss_mb") * 1024 * 1024)) << "\n"
            << work_line(json) << "  kernels   " << json.at("kernels") << "\n\n";
  print_phases(std::cout, compiled.phases());
}

static int bench(const BenchOptions &options) {
  if (options.train)
    throw UnsupportedError({.where = "--train", .what = "training is not built yet"});
  Progress progress;
  Measurement found;
  progress.show("loading " + options.model);
  Stopwatch loading;
  Model model = load_model(options.model);
  std::vector<Array> inputs =
      random_inputs(model, options.batch ? std::optional(options.batch) : std::nullopt);
  found.load = loading.seconds();
  Stopwatch compiling;
  CompileOptions how{.math = options.math};
  how.on_phase = [&](const std::string &phase, double) { progress.show("compiling: " + phase); };
  CompiledModel compiled(model, how);
  auto pool = std::make_shared<ThreadPool>(options.threads);
  Session session(compiled, pool);
  found.compile = compiling.seconds();
  progress.show("running " + model.name());
  measure(session, model, inputs, options.seconds, found);
  progress.clear();
  nlohmann::ordered_json json =
      bench_json(options, model, compiled, session, inputs, pool->threads(), found);
  if (options.json)
    std::cout << json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  else
    print_bench(json, compiled);
  return exit_ok;
}

void add_bench_command(CLI::App &app, Job &job) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App *command = app.add_subcommand("bench", "Measure how long a model takes");
  command->add_option("MODEL", options->model, "a .keras or .h5 file")->required();
  command->add_option("-b,--batch", options->batch, "rows of the inputs (default 1)")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 24));
  command->add_option("-t,--threads", options->threads, "threads; 0: as many as there are cores")
      ->check(CLI::Range(0, 1024));
  command->add_option("-s,--seconds", options->seconds, "how long to run; 0: once (default 3)")
      ->check(CLI::Range(0.0, 86400.0));
  add_math_option(*command, options->math);
  command->add_flag("--json", options->json, "print one line of JSON");
  command->add_flag("--train", options->train, "measure a training step (not built yet)");
  command->footer(
      "Inputs are random numbers that fit: integers stay within the Embedding they go to; unknown\n"
      "sizes other than the batch become 224 for pictures and 32 elsewhere.\n\n"
      "The JSON has model batch min_ms median_ms runs load_s compile_s first_run_ms peak_rss_mb\n"
      "arena_bytes weight_bytes flops kernels threads cpu.\n\n"
      "Examples:\n"
      "  horn bench resnet50.keras --threads 2\n"
      "  horn bench model.keras --batch 16 --seconds 10 --json\n"
      "  horn bench model.keras --seconds 0 --json       # a cold start and one run");
  command->callback([options, &job] { job = [options] { return bench(*options); }; });
}

} // namespace horn::cli
