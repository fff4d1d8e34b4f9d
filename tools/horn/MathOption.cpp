// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Command.h"

#include <CLI/CLI.hpp>

namespace horn::cli {

void add_math_option(CLI::App &command, std::string &math) {
  command
      .add_option(
          "--math", math,
          "exact (default), or fast: other algorithms in float32, errors some times as large")
      ->check(CLI::IsMember({"exact", "fast"}));
}

} // namespace horn::cli
