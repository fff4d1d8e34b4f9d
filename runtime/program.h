// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks of a compiled program, before anything else reads it.
#ifndef HORN_RUNTIME_PROGRAM_H
#define HORN_RUNTIME_PROGRAM_H

#include "horn/runtime.h"

namespace horn::runtime {

/// Checks that the program is of this ABI, runs on this CPU, and has consistent tables. What a
/// program that passes holds, other code relies on: no table that it needs is null, ranks and types
/// are in range, weights have known sizes, and an input's dimension is unknown exactly where it has
/// a symbol.
/// **Errors** HORN_INCOMPATIBLE (not a program, version, CPU), HORN_INVALID_ARGUMENT (tables).
horn_status checkProgram(const horn_program *program);

} // namespace horn::runtime

#endif // HORN_RUNTIME_PROGRAM_H
