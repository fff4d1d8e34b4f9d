// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/SuiteRunner.h"

#include "tools/horn/SuiteReport.h"
#include "tools/horn/Text.h"
#include "tools/horn/Worker.h"

#include <algorithm>
#include <chrono>

namespace horn::cli {

using Clock = std::chrono::steady_clock;

namespace {
/// A worker, and the case it is at.
struct Seat {
  std::unique_ptr<Worker> worker;
  std::optional<size_t> test;
  Clock::time_point begin, deadline;
};

class Runner {
public:
  Runner(const std::vector<SuiteCase> &cases, const RunnerOptions &options)
      : cases_(cases), options_(options), results_(cases.size()),
        seats_(static_cast<size_t>(std::max(1, options.jobs))) {}
  std::vector<CaseResult> run();

private:
  void start(Seat &seat);
  void look_after(Seat &seat);
  void finish(Seat &seat, CaseResult result);
  bool is_busy() const;
  int milliseconds_to_deadline() const;

  const std::vector<SuiteCase> &cases_;
  const RunnerOptions &options_;
  std::vector<CaseResult> results_;
  std::vector<Seat> seats_;
  size_t next_ = 0, done_ = 0;
};
} // namespace

void Runner::start(Seat &seat) {
  if (!seat.worker)
    seat.worker = std::make_unique<Worker>(
        [this](size_t index) { return result_text(run_case(cases_[index], options_.engines)); });
  bool is_large = cases_[next_].kind == "application";
  std::chrono::duration<double> time(options_.timeout * (is_large ? 4 : 1));
  seat.test = next_++;
  seat.begin = Clock::now();
  seat.deadline = seat.begin + std::chrono::duration_cast<Clock::duration>(time);
  seat.worker->ask(*seat.test);
}

void Runner::finish(Seat &seat, CaseResult result) {
  if (result.seconds == 0)
    result.seconds = std::chrono::duration<double>(Clock::now() - seat.begin).count();
  results_[*seat.test] = result;
  ++done_;
  if (options_.on_result)
    options_.on_result(done_, cases_[*seat.test], result);
  seat.test.reset();
}

void Runner::look_after(Seat &seat) {
  if (!seat.test)
    return;
  bool is_late = Clock::now() >= seat.deadline;
  std::optional<std::string> answer = seat.worker->answer();
  if (answer) {
    finish(seat, result_from_text(*answer));
  } else if (!seat.worker->is_alive() || is_late) {
    std::string end = seat.worker->is_alive() ? "took longer than " + time_text(options_.timeout)
                                              : "crashed: " + seat.worker->end_text();
    seat.worker.reset();
    finish(seat, {.status = Status::failed, .reason = end});
  }
}

bool Runner::is_busy() const {
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat &s) { return s.test.has_value(); });
}

int Runner::milliseconds_to_deadline() const {
  Clock::duration shortest = std::chrono::seconds(1);
  for (const Seat &seat : seats_)
    if (seat.test)
      shortest = std::min(shortest, seat.deadline - Clock::now());
  auto count = std::chrono::duration_cast<std::chrono::milliseconds>(shortest).count();
  return static_cast<int>(std::max<decltype(count)>(count, 0)) + 1;
}

std::vector<CaseResult> Runner::run() {
  while (true) {
    for (Seat &seat : seats_)
      if (!seat.test && next_ < cases_.size())
        start(seat);
    if (!is_busy())
      return std::move(results_);
    std::vector<const Worker *> workers;
    for (const Seat &seat : seats_)
      if (seat.test)
        workers.push_back(seat.worker.get());
    wait_for_any(workers, milliseconds_to_deadline());
    for (Seat &seat : seats_)
      look_after(seat);
  }
}

std::vector<CaseResult> run_cases(const std::vector<SuiteCase> &cases,
                                  const RunnerOptions &options) {
  return Runner(cases, options).run();
}

} // namespace horn::cli
