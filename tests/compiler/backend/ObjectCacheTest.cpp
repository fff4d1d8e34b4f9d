// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/backend/SampleModule.h"

#include "compiler/backend/ObjectCache.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace horn::backend {

namespace fs = std::filesystem;

/// A folder of its own for each test, removed at its end.
class ObjectCacheTest : public testing::Test {
protected:
  ObjectCacheTest() {
    folder = fs::path(testing::TempDir()) /
             ("horn-cache-" + std::to_string(getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder);
  }
  ~ObjectCacheTest() override {
    unsetenv("HORN_CACHE_MB");
    fs::remove_all(folder);
  }

  std::vector<fs::path> entries() const {
    std::vector<fs::path> found;
    if (fs::exists(folder))
      for (const fs::directory_entry &entry : fs::directory_iterator(folder))
        found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }

  /// Compiles the sample with the folder as cache and checks what it computes.
  void compileSample() const {
    std::unique_ptr<mlir::MLIRContext> context = makeContext();
    mlir::OwningOpRef<mlir::ModuleOp> module = lowerText(*context, kSampleText);
    ASSERT_TRUE(module);
    CompileOptions options;
    options.cacheDirectory = folder.string();
    auto jit = JitProgram::create(*module, options);
    ASSERT_TRUE(static_cast<bool>(jit)) << llvm::toString(jit.takeError());
    EXPECT_EQ(runSample((*jit)->program(), 7).y, expectedRun(7).y);
  }

  static llvm::MemoryBufferRef text(llvm::StringRef bytes) { return {bytes, "test"}; }

  fs::path folder;
};

static std::string readFile(const fs::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

static void writeFile(const fs::path &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_F(ObjectCacheTest, keepsWhatItWasGiven) {
  ObjectCache cache(folder.string());
  EXPECT_FALSE(cache.load("k"));
  cache.store("k", text("object code"));
  auto loaded = cache.load("k");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->getBuffer(), "object code");
  EXPECT_FALSE(cache.load("other"));
}

TEST_F(ObjectCacheTest, isPrivateToItsOwner) {
  ObjectCache(folder.string()).store("k", text("x"));
  EXPECT_EQ(fs::status(folder).permissions() & (fs::perms::group_all | fs::perms::others_all),
            fs::perms::none);
}

TEST_F(ObjectCacheTest, withoutFolderKeepsNothing) {
  ObjectCache cache("");
  EXPECT_FALSE(cache.isEnabled());
  cache.store("k", text("x"));
  EXPECT_FALSE(cache.load("k"));
}

TEST_F(ObjectCacheTest, anUnusableFolderIsNoError) {
  writeFile(folder, "a file is in the way");
  ObjectCache cache(folder.string());
  cache.store("k", text("x"));
  EXPECT_FALSE(cache.load("k"));
  compileSample();
}

TEST_F(ObjectCacheTest, theFolderComesFromTheEnvironment) {
  std::string before = getenv("HORN_CACHE_DIR") ? getenv("HORN_CACHE_DIR") : "";
  setenv("HORN_CACHE_DIR", "/some/where", 1);
  EXPECT_EQ(ObjectCache::defaultDirectory(), "/some/where");
  setenv("HORN_CACHE_DIR", "", 1);
  EXPECT_FALSE(ObjectCache(ObjectCache::defaultDirectory()).isEnabled());
  setenv("HORN_CACHE_DIR", before.c_str(), 1);
}

TEST_F(ObjectCacheTest, anyDamageCountsAsMissing) {
  ObjectCache cache(folder.string());
  cache.store("k", text("object code"));
  ASSERT_EQ(entries().size(), 1u);
  std::string whole = readFile(entries()[0]);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] ^= 1;
    writeFile(entries()[0], damaged);
    EXPECT_FALSE(cache.load("k")) << "byte " << at;
    writeFile(entries()[0], whole.substr(0, at));
    EXPECT_FALSE(cache.load("k")) << "cut at " << at;
  }
  writeFile(entries()[0], whole + "x");
  EXPECT_FALSE(cache.load("k"));
  cache.store("k", text("object code"));
  EXPECT_TRUE(cache.load("k"));
  EXPECT_EQ(readFile(entries()[0]), whole);
}

TEST_F(ObjectCacheTest, keysTellWhatDecidesTheCode) {
  llvm::LLVMContext context;
  llvm::Module one("m", context), other("m", context);
  other.getOrInsertFunction("f", llvm::Type::getVoidTy(context));
  ObjectCache cache(folder.string());
  codegen::Target v3 = llvm::cantFail(codegen::Target::named("x86-64-v3"));
  codegen::Target v4 = llvm::cantFail(codegen::Target::named("x86-64-v4"));
  codegen::Target tuned = v4;
  tuned.cpu = "znver4";
  std::string key = cache.key(one, v4, Effort::Kernel);
  EXPECT_EQ(key, cache.key(one, v4, Effort::Kernel));
  EXPECT_NE(key, cache.key(other, v4, Effort::Kernel));
  EXPECT_NE(key, cache.key(one, v3, Effort::Kernel));
  EXPECT_NE(key, cache.key(one, tuned, Effort::Kernel));
  EXPECT_NE(key, cache.key(one, v4, Effort::Driver));
}

TEST_F(ObjectCacheTest, theSecondCompilationReadsTheFirst) {
  compileSample();
  std::vector<fs::path> stored = entries();
  ASSERT_GE(stored.size(), 4u); // three kernels and the drivers
  std::vector<fs::file_time_type> times;
  for (const fs::path &path : stored)
    times.push_back(fs::last_write_time(path));
  compileSample();
  EXPECT_EQ(entries(), stored);
  for (size_t i = 0; i < stored.size(); ++i)
    EXPECT_EQ(fs::last_write_time(stored[i]), times[i]);
}

TEST_F(ObjectCacheTest, aDamagedEntryIsReplaced) {
  compileSample();
  std::vector<fs::path> stored = entries();
  std::vector<std::string> contents;
  for (const fs::path &path : stored) {
    contents.push_back(readFile(path));
    std::string damaged = contents.back();
    damaged[damaged.size() / 2] ^= 0x40;
    writeFile(path, damaged);
  }
  compileSample();
  ASSERT_EQ(entries(), stored);
  for (size_t i = 0; i < stored.size(); ++i)
    EXPECT_EQ(readFile(stored[i]), contents[i]) << stored[i];
}

TEST_F(ObjectCacheTest, staysBelowItsLimit) {
  setenv("HORN_CACHE_MB", "2", 1);
  ObjectCache cache(folder.string());
  std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 5; ++i)
    cache.store("entry" + std::to_string(i), text(megabyte));
  cache.prune();
  uintmax_t bytes = 0;
  for (const fs::path &path : entries())
    bytes += fs::file_size(path);
  EXPECT_LE(bytes, 2u << 20);
  EXPECT_GT(bytes, 0u);
}

} // namespace horn::backend
