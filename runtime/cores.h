// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many cores this process may use. The cores of the machine are the wrong answer in a
// container: threads beyond the quota are stopped for the rest of each period.
#ifndef HORN_RUNTIME_CORES_H
#define HORN_RUNTIME_CORES_H

#include <stdint.h>

namespace horn::runtime {

/// The most threads that a pool may have.
inline constexpr int32_t kMaxThreads = 1024;

/// The cores of the affinity mask, at most the cgroup quota; from 1 to kMaxThreads. The environment
/// has no say.
int32_t availableCores();

/// The CPU quota in cores, rounded up, of the control groups named in `groups` (as
/// /proc/self/cgroup) and all above them, below the mount point `root` (as /sys/fs/cgroup), of
/// version 1 or 2; 0 if there is none.
int64_t quotaCores(const char *groups, const char *root);

/// A whole number from the environment, cut to [low, high]; `otherwise` if the variable is missing,
/// empty or not a number.
int64_t environmentNumber(const char *name, int64_t low, int64_t high, int64_t otherwise);

} // namespace horn::runtime

#endif // HORN_RUNTIME_CORES_H
