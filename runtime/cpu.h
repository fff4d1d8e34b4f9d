// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the processor can do, and the floating-point state that compiled code runs in.
#ifndef HORN_RUNTIME_CPU_H
#define HORN_RUNTIME_CPU_H

#include <stdint.h>

namespace horn::runtime {

/// The rank of a level of the psABI: "x86-64" is 1, "x86-64-v4" is 4; 0 if the name is unknown.
int32_t cpuLevel(const char *name);

/// The name of level 1 to 4; "unknown" for others.
const char *cpuLevelName(int32_t level);

/// The level of this machine: what CPUID reports and the operating system saves on a switch; 0 on
/// other architectures.
int32_t hostCpuLevel();

/// Bytes of the largest cache that this core has or shares, as CPUID tells; 0 where it does not.
/// (sysconf gives the sum over all of a package's on some machines.)
int64_t lastCacheBytes();

/// IEEE arithmetic for a scope: round to nearest, denormals kept, no traps. A host may have set
/// another state on some of its threads, and then results would depend on which thread ran what.
class IeeeScope {
public:
  IeeeScope();
  ~IeeeScope();
  IeeeScope(const IeeeScope &) = delete;
  IeeeScope &operator=(const IeeeScope &) = delete;

private:
  uint64_t saved;
};

} // namespace horn::runtime

#endif // HORN_RUNTIME_CPU_H
