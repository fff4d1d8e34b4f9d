// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Object code that was compiled before, in a folder that processes share.
#pragma once

#include "compiler/backend/MachineCode.h"

#include <string>

namespace horn::backend {

/// A folder of objects by the hash of what they were compiled from.
///
/// An entry is written aside and renamed, so readers see all of it or nothing; it carries the hash
/// of its bytes, and one that does not fit counts as missing. What fails to be stored is compiled
/// again next time: no error comes from here. The folder is kept below HORN_CACHE_MB megabytes (512
/// unless set) by removing what was not read for longest.
class ObjectCache {
public:
  /// A cache in `directory`, which is made with the first entry. An empty name caches nothing.
  explicit ObjectCache(std::string directory) : directory_(std::move(directory)) {}

  /// HORN_CACHE_DIR, which may be empty to cache nothing; else `horn` in XDG_CACHE_HOME or in
  /// ~/.cache; empty without a home.
  static std::string defaultDirectory();

  bool isEnabled() const { return !directory_.empty(); }
  /// The name of the entry for a module before its optimization: a hash of its instructions and of
  /// all that decides what they become.
  std::string key(const llvm::Module &module, const codegen::Target &target, Effort effort) const;
  /// The entry's object, or null.
  std::unique_ptr<llvm::MemoryBuffer> load(llvm::StringRef key) const;
  void store(llvm::StringRef key, llvm::MemoryBufferRef object) const;
  /// Removes entries until the folder is below its limit.
  void prune() const;

private:
  std::string pathOf(llvm::StringRef key) const;
  std::string directory_;
};

} // namespace horn::backend
