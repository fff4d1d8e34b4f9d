// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A forked process that answers numbers with texts.
#pragma once

#include "tools/horn/Files.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace horn::cli {

/// One process, killed when the object goes. What it writes to standard error is kept aside; its
/// temporary files go with it.
class Worker {
public:
  using Work = std::function<std::string(size_t)>;
  /// Forks a process that runs `work` for each number it is asked. Throws Error.
  explicit Worker(const Work &work);
  ~Worker();
  Worker(const Worker &) = delete;

  /// Sends a number; one at a time.
  void ask(size_t number);
  /// The answer, once it is there.
  std::optional<std::string> answer();
  /// False once the process has ended; `end_text` then says how: "signal 11 (...)".
  bool is_alive() const { return alive_; }
  std::string end_text() const { return end_; }
  int descriptor() const { return answers_; }

private:
  [[noreturn]] void serve(const Work &work, int requests, int answers) const;
  void note_end();

  TemporaryFolder folder_;
  std::shared_ptr<std::FILE> errors_;
  pid_t process_ = -1;
  int requests_ = -1, answers_ = -1;
  off_t words_begin_ = 0; ///< size of what it had said when it was asked
  bool alive_ = true;
  std::string end_, received_;
};

/// Waits until a worker has something to say or has ended, at most `milliseconds`.
void wait_for_any(const std::vector<const Worker *> &workers, int milliseconds);

} // namespace horn::cli
