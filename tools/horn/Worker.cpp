// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Worker.h"

#include "frontend/core/Error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace horn::cli {

[[noreturn]] static void fail(const char *what) {
  throw Error({.where = "horn verify", .what = std::string(what) + ": " + std::strerror(errno)});
}

/// Whether all bytes were read; false at the end of the pipe.
static bool read_all(int file, void *bytes, size_t size) {
  auto *next = static_cast<char *>(bytes);
  while (size > 0) {
    ssize_t count = ::read(file, next, size);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    next += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

static bool write_all(int file, const void *bytes, size_t size) {
  auto *next = static_cast<const char *>(bytes);
  while (size > 0) {
    ssize_t count = ::write(file, next, size);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    next += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

Worker::Worker(const Work &work)
    : errors_(std::tmpfile(), [](std::FILE *f) { f &&std::fclose(f); }) {
  std::array<int, 2> requests{}, answers{};
  if (!errors_ || ::pipe2(requests.data(), O_CLOEXEC) != 0)
    fail("cannot make a pipe");
  if (::pipe2(answers.data(), O_CLOEXEC) != 0) {
    ::close(requests[0]);
    ::close(requests[1]);
    fail("cannot make a pipe");
  }
  std::fflush(nullptr);
  process_ = ::fork();
  if (process_ == 0)
    serve(work, requests[0], answers[1]);
  ::close(requests[0]);
  ::close(answers[1]);
  requests_ = requests[1];
  answers_ = answers[0];
  ::fcntl(answers_, F_SETFL, O_NONBLOCK);
  if (process_ < 0)
    fail("cannot start a process");
}

Worker::~Worker() {
  ::close(requests_);
  ::close(answers_);
  if (!alive_)
    return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

/// The forked process: never returns, and leaves without the destructors of its parent.
void Worker::serve(const Work &work, int requests, int answers) const {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGPIPE, SIG_DFL);
  ::dup2(::fileno(errors_.get()), STDERR_FILENO);
  ::setenv("TMPDIR", folder_.path().c_str(), 1);
  size_t number = 0;
  while (read_all(requests, &number, sizeof number)) {
    std::string text;
    try {
      text = work(number);
    } catch (...) {
      std::fputs("an exception escaped\n", stderr);
      std::abort();
    }
    size_t size = text.size();
    if (!write_all(answers, &size, sizeof size) || !write_all(answers, text.data(), size))
      break;
  }
  ::_exit(0);
}

void Worker::ask(size_t number) {
  struct stat status{};
  words_begin_ = ::fstat(::fileno(errors_.get()), &status) == 0 ? status.st_size : 0;
  if (!write_all(requests_, &number, sizeof number))
    note_end();
}

std::optional<std::string> Worker::answer() {
  std::array<char, 1 << 16> chunk{};
  while (alive_) {
    ssize_t count = ::read(answers_, chunk.data(), chunk.size());
    if (count > 0)
      received_.append(chunk.data(), static_cast<size_t>(count));
    else if (count == 0)
      note_end();
    else if (errno != EINTR)
      break;
  }
  size_t size = 0;
  if (received_.size() < sizeof size)
    return std::nullopt;
  std::memcpy(&size, received_.data(), sizeof size);
  if (received_.size() < sizeof size + size)
    return std::nullopt;
  std::string text = received_.substr(sizeof size, size);
  received_.erase(0, sizeof size + size);
  return text;
}

/// What a crashed process said since it was asked, on one line.
static std::string words_since(int errors, off_t begin) {
  std::array<char, 400> text{};
  ssize_t size = ::pread(errors, text.data(), text.size(), begin);
  std::string words(text.data(), static_cast<size_t>(std::max<ssize_t>(size, 0)));
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

void Worker::note_end() {
  if (!alive_)
    return;
  alive_ = false;
  int status = 0;
  ::waitpid(process_, &status, 0);
  if (WIFSIGNALED(status))
    end_ =
        "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  else
    end_ = "exit code " + std::to_string(WEXITSTATUS(status));
  if (std::string words = words_since(::fileno(errors_.get()), words_begin_); !words.empty())
    end_ += ": " + words;
}

void wait_for_any(const std::vector<const Worker *> &workers, int milliseconds) {
  std::vector<pollfd> files;
  for (const Worker *worker : workers)
    files.push_back({worker->descriptor(), POLLIN, 0});
  ::poll(files.data(), files.size(), milliseconds);
}

} // namespace horn::cli
