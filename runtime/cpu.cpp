// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// __builtin_cpu_supports is not used: it wants data of libgcc or compiler-rt.
#include "runtime/cpu.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <xmmintrin.h>
#endif

namespace horn::runtime {

static constexpr const char *kLevels[] = {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
static constexpr int32_t kNumLevels = 4;

int32_t cpuLevel(const char *name) {
  for (int32_t level = 0; level < kNumLevels; ++level)
    if (name && strcmp(name, kLevels[level]) == 0)
      return level + 1;
  return 0;
}

const char *cpuLevelName(int32_t level) {
  return level >= 1 && level <= kNumLevels ? kLevels[level - 1] : "unknown";
}

#if defined(__x86_64__)

namespace {
struct CpuidLeaf {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};
} // namespace

/// All zeros, so no feature at all, where the processor does not have the leaf.
static CpuidLeaf readLeaf(uint32_t leaf, uint32_t part = 0) {
  CpuidLeaf found;
  __get_cpuid_count(leaf, part, &found.eax, &found.ebx, &found.ecx, &found.edx);
  return found;
}

/// The register files that the operating system saves on a switch (XCR0).
static uint64_t savedState(const CpuidLeaf &basic) {
  if (!(basic.ecx & bit_OSXSAVE))
    return 0;
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0)); // _xgetbv wants -mxsave
  return uint64_t{high} << 32 | low;
}

static bool hasAll(uint64_t value, uint64_t bits) { return (value & bits) == bits; }

int32_t hostCpuLevel() {
  // The bits of XCR0: SSE and AVX registers; mask registers and both halves of the AVX-512 ones.
  constexpr uint64_t kAvxState = 0x6, kAvx512State = 0xe6;
  constexpr uint32_t kV2 =
      bit_CMPXCHG16B | bit_POPCNT | bit_SSE3 | bit_SSE4_1 | bit_SSE4_2 | bit_SSSE3;
  constexpr uint32_t kV3 = bit_AVX | bit_F16C | bit_FMA | bit_MOVBE | bit_OSXSAVE;
  constexpr uint32_t kV3Extended = bit_AVX2 | bit_BMI | bit_BMI2;
  constexpr uint32_t kV4 = bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  const CpuidLeaf basic = readLeaf(1), extended = readLeaf(7), amd = readLeaf(0x80000001);
  const uint64_t state = savedState(basic);

  if (!hasAll(basic.ecx, kV2) || !hasAll(amd.ecx, bit_LAHF_LM))
    return 1;
  if (!hasAll(basic.ecx, kV3) || !hasAll(extended.ebx, kV3Extended) ||
      !hasAll(amd.ecx, bit_LZCNT) || !hasAll(state, kAvxState))
    return 2;
  if (!hasAll(extended.ebx, kV4) || !hasAll(state, kAvx512State))
    return 3;
  return 4;
}

/// The bytes of a cache as leaves 4 (Intel) and 0x8000001d (AMD) describe it.
static int64_t cacheBytes(const CpuidLeaf &cache) {
  const int64_t ways = (cache.ebx >> 22) + 1, partitions = ((cache.ebx >> 12) & 0x3ff) + 1,
                line = (cache.ebx & 0xfff) + 1, sets = int64_t{cache.ecx} + 1;
  return ways * partitions * line * sets;
}

int64_t lastCacheBytes() {
  constexpr uint32_t kLeaves[] = {4, 0x8000001d}, kMostCaches = 8, kData = 1, kUnified = 3;
  int64_t largest = 0;
  for (const uint32_t leaf : kLeaves)
    for (uint32_t part = 0; part < kMostCaches; ++part) {
      const CpuidLeaf cache = readLeaf(leaf, part);
      const uint32_t type = cache.eax & 0x1f;
      if (type != kData && type != kUnified)
        continue;
      if (const int64_t bytes = cacheBytes(cache); bytes > largest)
        largest = bytes;
    }
  return largest;
}

// MXCSR: all exceptions masked, nothing else. Its low six bits are sticky flags, not settings.
static constexpr uint32_t kIeeeControl = 0x1f80, kFlags = 0x3f;

IeeeScope::IeeeScope() : saved(_mm_getcsr()) {
  if ((saved & ~uint64_t{kFlags}) != kIeeeControl)
    _mm_setcsr(kIeeeControl);
}

IeeeScope::~IeeeScope() {
  if ((saved & ~uint64_t{kFlags}) != kIeeeControl)
    _mm_setcsr(static_cast<uint32_t>(saved));
}

#elif defined(__aarch64__)

int32_t hostCpuLevel() { return 0; }
int64_t lastCacheBytes() { return 0; }

IeeeScope::IeeeScope() {
  __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
  if (saved != 0)
    __asm__ volatile("msr fpcr, %0" : : "r"(uint64_t{0}));
}

IeeeScope::~IeeeScope() {
  if (saved != 0)
    __asm__ volatile("msr fpcr, %0" : : "r"(saved));
}

#else

int32_t hostCpuLevel() { return 0; }
IeeeScope::IeeeScope() : saved(0) {}
IeeeScope::~IeeeScope() = default;

#endif

} // namespace horn::runtime
