// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tool is at, while it works: one line on standard error that overwrites itself.
#pragma once

#include <string>

namespace horn::cli {

/// Shows nothing unless standard error is a terminal. The line goes when the object does.
class Progress {
public:
  Progress();
  ~Progress();
  Progress(const Progress &) = delete;
  void show(const std::string &text);
  void clear();
  bool visible() const { return visible_; }

private:
  bool visible_ = false, shown_ = false;
};

} // namespace horn::cli
