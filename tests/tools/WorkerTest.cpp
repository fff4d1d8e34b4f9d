// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Worker.h"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace horn::cli;

/// The answer of a worker, or how it ended.
static std::string answer_of(Worker &worker) {
  while (true) {
    if (std::optional<std::string> text = worker.answer())
      return *text;
    if (!worker.is_alive())
      return worker.end_text();
    wait_for_any({&worker}, 1000);
  }
}

TEST(Worker, AnswersAgainAndAgain) {
  Worker worker([](size_t number) { return std::string(number, 'x'); });
  for (size_t size : {3, 0, 300'000}) {
    worker.ask(size);
    EXPECT_EQ(answer_of(worker).size(), size);
  }
}

TEST(Worker, ACrashIsReportedWithItsLastWords) {
  Worker worker([](size_t) -> std::string {
    std::fputs("about to fall\n", stderr);
    std::fflush(stderr);
    std::signal(SIGTERM, SIG_DFL);
    std::raise(SIGTERM);
    return "";
  });
  worker.ask(1);
  std::string end = answer_of(worker);
  EXPECT_NE(end.find("signal 15"), std::string::npos) << end;
  EXPECT_NE(end.find("about to fall"), std::string::npos) << end;
}

TEST(Worker, ASleepingProcessIsKilledWithItsObject) {
  Worker worker([](size_t) -> std::string {
    while (true)
      ::pause();
  });
  worker.ask(1);
  wait_for_any({&worker}, 10);
  EXPECT_FALSE(worker.answer().has_value());
  EXPECT_TRUE(worker.is_alive());
}
