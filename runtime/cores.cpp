// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cores.h"
#include "horn/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace horn::runtime {

/// Reads the start of a file as a string; an empty one if it cannot be read.
static void readText(const char *path, char *text, size_t size) {
  size_t length = 0;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  while (file >= 0 && length + 1 < size) {
    const ssize_t got = read(file, text + length, size - 1 - length);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    length += static_cast<size_t>(got);
  }
  if (file >= 0)
    close(file);
  text[length] = '\0';
}

static int64_t minQuota(int64_t left, int64_t right) {
  if (left == 0 || right == 0)
    return left + right;
  return left < right ? left : right;
}

/// Cores of a quota of `quota` microseconds in each `period`; 0 where there is no limit.
static int64_t roundUp(int64_t quota, int64_t period) {
  return quota > 0 && period > 0 ? (quota - 1) / period + 1 : 0;
}

/// The quota of one group, whose folder is `folder`.
static int64_t groupQuota(const char *folder) {
  char path[PATH_MAX], text[64];
  // Version 2: "max 100000" or "150000 100000".
  snprintf(path, sizeof(path), "%s/cpu.max", folder);
  readText(path, text, sizeof(text));
  char *end = text;
  int64_t quota = strtoll(text, &end, 10);
  if (end != text)
    return roundUp(quota, strtoll(end, nullptr, 10));
  // Version 1: two files; a quota of -1 is none.
  snprintf(path, sizeof(path), "%s/cpu.cfs_quota_us", folder);
  readText(path, text, sizeof(text));
  quota = strtoll(text, nullptr, 10);
  snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", folder);
  readText(path, text, sizeof(text));
  return roundUp(quota, strtoll(text, nullptr, 10));
}

/// The smallest quota of `group` ("/a/b") and the groups above it. In a container without its own
/// cgroup namespace the path is the host's and does not exist below the mount point; the walk then
/// ends at the container's own root.
static int64_t pathQuota(const char *mount, const char *group) {
  char folder[PATH_MAX];
  const int length = snprintf(folder, sizeof(folder), "%s%s", mount, group);
  if (length < 0 || static_cast<size_t>(length) >= sizeof(folder))
    return 0;
  int64_t quota = 0;
  for (;;) {
    quota = minQuota(quota, groupQuota(folder));
    char *slash = strrchr(folder + strlen(mount), '/');
    if (!slash)
      return quota;
    *slash = '\0';
  }
}

/// True if the comma-separated list of controllers has "cpu".
static bool hasCpu(const char *controllers) {
  for (const char *name = controllers; *name;) {
    const size_t length = strcspn(name, ",");
    if (length == 3 && strncmp(name, "cpu", 3) == 0)
      return true;
    name += length + (name[length] == ',');
  }
  return false;
}

/// The quota that one line of /proc/self/cgroup leads to: "id:controllers:/path".
static int64_t lineQuota(char *line, const char *root) {
  char *controllers = strchr(line, ':');
  char *group = controllers ? strchr(controllers + 1, ':') : nullptr;
  if (!group)
    return 0;
  *group++ = '\0';
  ++controllers;
  char mount[PATH_MAX / 2];
  if (*controllers == '\0') { // version 2, alone or beside version 1
    snprintf(mount, sizeof(mount), "%s/unified", root);
    return minQuota(pathQuota(root, group), pathQuota(mount, group));
  }
  if (!hasCpu(controllers))
    return 0;
  snprintf(mount, sizeof(mount), "%s/cpu", root);
  return pathQuota(mount, group);
}

int64_t quotaCores(const char *groups, const char *root) {
  char text[8192];
  readText(groups, text, sizeof(text));
  int64_t quota = 0;
  char *rest = nullptr;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(nullptr, "\n", &rest))
    quota = minQuota(quota, lineQuota(line, root));
  return quota;
}

/// The lowest of the processors that share a core with this one; itself if that is not known.
static int64_t firstOfCore(int64_t processor, const char *root) {
  char path[PATH_MAX], text[64]; // "0,64" or "0-1": the first is the lowest
  snprintf(path, sizeof(path), "%s/cpu%" PRId64 "/topology/thread_siblings_list", root, processor);
  readText(path, text, sizeof(text));
  char *end = text;
  const int64_t first = strtoll(text, &end, 10);
  return end == text || first < 0 || first > processor ? processor : first;
}

int64_t physicalCores(const ProcessorSet &processors, const char *root) {
  ProcessorSet firsts;
  for (int64_t processor = 0; processor < ProcessorSet::kMost; ++processor)
    if (processors.has(processor))
      firsts.add(firstOfCore(processor, root));
  return firsts.count();
}

static ProcessorSet affinity() {
  ProcessorSet set;
  if (sched_getaffinity(0, sizeof(set.mask), set.get()) == 0)
    return set;
  for (int64_t processor = 0; processor < sysconf(_SC_NPROCESSORS_ONLN); ++processor)
    set.add(processor);
  return set;
}

/// At least one, and at most as many as the quota allows.
static int32_t withinQuota(int64_t cores) {
  cores = minQuota(cores, quotaCores("/proc/self/cgroup", "/sys/fs/cgroup"));
  return static_cast<int32_t>(cores < 1 ? 1 : cores > kMaxThreads ? kMaxThreads : cores);
}

int32_t availableCores() {
  return withinQuota(physicalCores(affinity(), "/sys/devices/system/cpu"));
}

int32_t availableProcessors() { return withinQuota(affinity().count()); }

int64_t environmentNumber(const char *name, int64_t low, int64_t high, int64_t otherwise) {
  const char *text = getenv(name);
  char *end = nullptr;
  const int64_t value = text ? strtoll(text, &end, 10) : 0;
  if (!text || end == text || *end != '\0')
    return otherwise;
  return value < low ? low : value > high ? high : value;
}

} // namespace horn::runtime

int32_t horn_default_threads(void) {
  using namespace horn::runtime;
  // 0 or less asks for the default, as in horn_pool_create.
  const int64_t threads = environmentNumber("HORN_NUM_THREADS", 0, kMaxThreads, 0);
  return threads > 0 ? static_cast<int32_t>(threads) : availableCores();
}
