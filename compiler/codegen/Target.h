// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known about the CPU that code is generated for: the one place for such facts.
#pragma once

#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace horn::codegen {

/// A CPU, as far as the generated code depends on it.
///
/// Code uses the instructions of `level` alone and is only tuned for `cpu`: so it runs on every
/// machine of the level, which is what the runtime checks, and has the same bits on all of them.
///
///     Target target = Target::host();
///     unsigned lanes = target.vectorBytes / 4; // of f32
struct Target {
  std::string cpu;          ///< whose costs are assumed: "znver4", "x86-64-v3"
  std::string level;        ///< the instruction set: "x86-64", "x86-64-v2", "-v3" or "-v4"
  std::string features;     ///< of the level, as LLVM writes them: "+avx,+avx2,..."
  unsigned vectorBytes;     ///< of the widest vector register: 64, 32 or 16
  unsigned vectorRegisters; ///< how many of them: 32 or 16
  int64_t l1Bytes;          ///< of the data cache of a core
  int64_t l2Bytes;          ///< of the second cache of a core

  /// This machine.
  static Target host();
  /// A CPU by LLVM's name, or "native" for this machine. Caches get common sizes, so that the
  /// code for a named CPU does not depend on the machine that compiles it.
  static llvm::Expected<Target> named(llvm::StringRef cpu);

  bool hasFma() const { return vectorBytes >= 32; }
};

} // namespace horn::codegen
