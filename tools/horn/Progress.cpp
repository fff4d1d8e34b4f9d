// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Progress.h"

#include "tools/horn/Text.h"

#include <cstdio>
#include <unistd.h>

namespace horn::cli {

Progress::Progress() : visible_(::isatty(STDERR_FILENO)) {}
Progress::~Progress() { clear(); }

void Progress::show(const std::string &text) {
  if (!visible_)
    return;
  std::fprintf(stderr, "\r\x1b[K%s", shortened(inert(text), 78).c_str());
  std::fflush(stderr);
  shown_ = true;
}

void Progress::clear() {
  if (!shown_)
    return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

} // namespace horn::cli
