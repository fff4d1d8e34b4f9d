// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many cores this process may use. The cores of the machine are the wrong answer in a
// container: threads beyond the quota are stopped for the rest of each period.
#ifndef HORN_RUNTIME_CORES_H
#define HORN_RUNTIME_CORES_H

#include <sched.h>
#include <stdint.h>

namespace horn::runtime {

/// The most threads that a pool may have.
inline constexpr int32_t kMaxThreads = 1024;

/// Logical processors by number.
struct ProcessorSet {
  static constexpr int64_t kMost = 32768; ///< the kernel refuses a mask that is too small
  alignas(cpu_set_t) unsigned char mask[kMost / 8] = {};

  cpu_set_t *get() { return reinterpret_cast<cpu_set_t *>(mask); }
  const cpu_set_t *get() const { return reinterpret_cast<const cpu_set_t *>(mask); }
  bool has(int64_t processor) const {
    return CPU_ISSET_S(static_cast<size_t>(processor), sizeof(mask), get());
  }
  void add(int64_t processor) { CPU_SET_S(static_cast<size_t>(processor), sizeof(mask), get()); }
  int64_t count() const { return CPU_COUNT_S(sizeof(mask), get()); }
};

/// The cores of the affinity mask, at most the cgroup quota; from 1 to kMaxThreads. Processors of
/// one core count once: they share its arithmetic units, which one thread of a kernel keeps busy.
/// The environment has no say.
int32_t availableCores();
/// The same with each processor of a core: as many threads run at once.
int32_t availableProcessors();

/// The cores that these processors belong to, by the topology in `root` (as
/// /sys/devices/system/cpu); a processor of which it says nothing is a core.
int64_t physicalCores(const ProcessorSet &processors, const char *root);

/// The CPU quota in cores, rounded up, of the control groups named in `groups` (as
/// /proc/self/cgroup) and all above them, below the mount point `root` (as /sys/fs/cgroup), of
/// version 1 or 2; 0 if there is none.
int64_t quotaCores(const char *groups, const char *root);

/// A whole number from the environment, cut to [low, high]; `otherwise` if the variable is missing,
/// empty or not a number.
int64_t environmentNumber(const char *name, int64_t low, int64_t high, int64_t otherwise);

} // namespace horn::runtime

#endif // HORN_RUNTIME_CORES_H
