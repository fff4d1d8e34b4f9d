// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The subcommands. Each function adds one to the command line; when it was chosen, `job` is set to
// what it does, which returns the exit code.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace horn::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_problem = 1; ///< with the model, a file or the inputs
inline constexpr int exit_usage = 2;   ///< the command line is wrong

using Job = std::function<int()>;

void add_run_command(CLI::App &app, Job &job);
void add_compile_command(CLI::App &app, Job &job);
void add_bench_command(CLI::App &app, Job &job);
void add_verify_command(CLI::App &app, Job &job);
void add_convert_command(CLI::App &app, Job &job);
void add_check_command(CLI::App &app, Job &job);
void add_summary_command(CLI::App &app, Job &job);
void add_inspect_command(CLI::App &app, Job &job);

/// --math of the commands that compile: exact or fast.
void add_math_option(CLI::App &command, std::string &math);

} // namespace horn::cli
