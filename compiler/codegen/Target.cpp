// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"

#include <unistd.h>

namespace horn::codegen {

namespace {
struct Level {
  const char *name;
  unsigned vectorBytes, vectorRegisters;
  int64_t l1Bytes, l2Bytes; ///< where the machine is not known
};
} // namespace

static constexpr Level kLevels[] = {
    {"x86-64-v4", 64, 32, 32 << 10, 1 << 20},
    {"x86-64-v3", 32, 16, 32 << 10, 512 << 10},
    {"x86-64-v2", 16, 16, 32 << 10, 256 << 10},
    {"x86-64", 16, 16, 32 << 10, 256 << 10},
};

/// All features of a CPU: LLVM lists some of them only as implied by others.
static llvm::StringMap<bool> featuresOf(llvm::StringRef cpu) {
  llvm::SmallVector<llvm::StringRef, 64> listed;
  llvm::X86::getFeaturesForCPU(cpu, listed);
  llvm::StringMap<bool> features;
  for (llvm::StringRef feature : listed) {
    features[feature] = true;
    llvm::X86::updateImpliedFeatures(feature, /*Enabled=*/true, features);
  }
  return features;
}

static std::string featureString(llvm::StringRef cpu) {
  llvm::StringMap<bool> features = featuresOf(cpu);
  llvm::SmallVector<llvm::StringRef> names = llvm::to_vector(features.keys());
  llvm::sort(names);
  return "+" + llvm::join(names, ",+");
}

/// The highest level whose features are all there, but for those that every x86-64 has: neither
/// CPUID nor LLVM's tables are sure to name them.
template <typename HasFeature> static const Level &levelOf(HasFeature hasFeature) {
  llvm::StringMap<bool> common = featuresOf("x86-64");
  for (const Level &level : kLevels)
    if (llvm::all_of(featuresOf(level.name).keys(), [&](llvm::StringRef feature) {
          return common.contains(feature) || hasFeature(feature);
        }))
      return level;
  return std::end(kLevels)[-1];
}

static Target make(llvm::StringRef cpu, const Level &level) {
  return {cpu.str(),
          level.name,
          featureString(level.name),
          level.vectorBytes,
          level.vectorRegisters,
          level.l1Bytes,
          level.l2Bytes};
}

static void setCache(int64_t &bytes, int name) {
  if (int64_t found = sysconf(name); found > 0)
    bytes = found;
}

Target Target::host() {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  auto hasFeature = [&](llvm::StringRef feature) { return features.lookup(feature); };
  Target target = make(llvm::sys::getHostCPUName(), levelOf(hasFeature));
  setCache(target.l1Bytes, _SC_LEVEL1_DCACHE_SIZE);
  setCache(target.l2Bytes, _SC_LEVEL2_CACHE_SIZE);
  return target;
}

llvm::Expected<Target> Target::named(llvm::StringRef cpu) {
  if (cpu == "native")
    return host();
  if (llvm::X86::parseArchX86(cpu, /*Only64Bit=*/true) == llvm::X86::CK_None)
    return llvm::createStringError("unknown CPU '" + cpu +
                                   "': give native, x86-64, x86-64-v3, x86-64-v4 or a name that "
                                   "LLVM knows, such as skylake-avx512 or znver5");
  llvm::StringMap<bool> features = featuresOf(cpu);
  return make(cpu, levelOf([&](llvm::StringRef feature) { return features.contains(feature); }));
}

} // namespace horn::codegen
