// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/ObjectCache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"

#include <cstdlib>
#include <cstring>

namespace horn::backend {

namespace {
using Hash = llvm::BLAKE3Result<>;

/// What stands before the object in an entry.
struct EntryHeader {
  char magic[8];
  uint64_t bytes; ///< of the object
  Hash hash;      ///< of the object
};
} // namespace

/// To be changed when the same module would become other code: with it, old entries are not found.
static constexpr char kMagic[8] = {'h', 'o', 'r', 'n', 'o', 'b', 'j', '1'};
/// LLVM's pruning looks at files with this prefix alone.
static constexpr llvm::StringLiteral kPrefix = "llvmcache-";
static constexpr uint64_t kDefaultMegabytes = 512;

static Hash hashOf(llvm::StringRef bytes) {
  llvm::BLAKE3 hasher;
  hasher.update(bytes);
  return hasher.final();
}

std::string ObjectCache::defaultDirectory() {
  if (const char *given = std::getenv("HORN_CACHE_DIR"))
    return given;
  llvm::SmallString<128> path;
  if (!llvm::sys::path::cache_directory(path))
    return "";
  llvm::sys::path::append(path, "horn");
  return std::string(path);
}

std::string ObjectCache::pathOf(llvm::StringRef key) const {
  llvm::SmallString<128> path(directory_);
  llvm::sys::path::append(path, kPrefix + key);
  return std::string(path);
}

std::string ObjectCache::key(const llvm::Module &module, const codegen::Target &target,
                             Effort effort) const {
  llvm::SmallVector<char, 0> bitcode;
  llvm::raw_svector_ostream stream(bitcode);
  llvm::WriteBitcodeToFile(module, stream);
  llvm::BLAKE3 hasher;
  auto add = [&](llvm::StringRef text) {
    uint64_t size = text.size(); // so that no two lists of texts run together to the same bytes
    hasher.update({reinterpret_cast<const uint8_t *>(&size), sizeof size});
    hasher.update(text);
  };
  add({kMagic, sizeof kMagic});
  add(LLVM_VERSION_STRING);
  add(target.cpu);
  add(target.level);
  add(target.features);
  add(effort == Effort::Kernel ? "kernel" : "driver");
  add({bitcode.data(), bitcode.size()});
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}

std::unique_ptr<llvm::MemoryBuffer> ObjectCache::load(llvm::StringRef key) const {
  if (!isEnabled())
    return nullptr;
  auto file = llvm::MemoryBuffer::getFile(pathOf(key), /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file || (*file)->getBufferSize() < sizeof(EntryHeader))
    return nullptr;
  EntryHeader header;
  std::memcpy(&header, (*file)->getBufferStart(), sizeof header);
  llvm::StringRef object = (*file)->getBuffer().drop_front(sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.bytes != object.size() ||
      header.hash != hashOf(object))
    return nullptr;
  // Aligned as the linker wants it, which the bytes behind the header are not.
  return llvm::MemoryBuffer::getMemBufferCopy(object, key);
}

void ObjectCache::store(llvm::StringRef key, llvm::MemoryBufferRef object) const {
  if (!isEnabled())
    return;
  EntryHeader header;
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.bytes = object.getBufferSize();
  header.hash = hashOf(object.getBuffer());
  // Others must not be able to put code there.
  llvm::sys::fs::perms own = llvm::sys::fs::owner_all;
  if (llvm::sys::fs::create_directories(directory_, /*IgnoreExisting=*/true, own))
    return;
  llvm::consumeError(llvm::writeToOutput(pathOf(key), [&](llvm::raw_ostream &stream) {
    stream.write(reinterpret_cast<const char *>(&header), sizeof header);
    stream << object.getBuffer();
    return llvm::Error::success();
  }));
}

static uint64_t limitBytes() {
  uint64_t megabytes = kDefaultMegabytes;
  if (const char *given = std::getenv("HORN_CACHE_MB"))
    if (llvm::StringRef(given).getAsInteger(10, megabytes) || megabytes > (UINT64_MAX >> 20))
      megabytes = kDefaultMegabytes;
  return megabytes << 20;
}

void ObjectCache::prune() const {
  if (!isEnabled())
    return;
  llvm::CachePruningPolicy policy;
  policy.Interval = std::chrono::seconds(0);    // now
  policy.Expiration = std::chrono::seconds(0);  // none
  policy.MaxSizePercentageOfAvailableSpace = 0; // no limit but ours
  policy.MaxSizeBytes = limitBytes();
  llvm::pruneCache(directory_, policy);
}

} // namespace horn::backend
