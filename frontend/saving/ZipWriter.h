// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes zip archives as Keras does: members are stored, not compressed.
#pragma once

#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// Collects members, then writes the archive in one go. The bytes depend on the members and their
/// order alone: the date is always 1980-01-01.
class ZipWriter {
public:
  /// Adds a member; the bytes are shared. Throws Error for refused or repeated names.
  void add(const std::string &name, FileBytes bytes);
  /// Adds a member with a copy of `text`.
  void add(const std::string &name, std::string_view text) { add(name, copy_bytes(text)); }
  /// Writes the archive atomically. Throws Error.
  void save(const std::filesystem::path &path) const;

private:
  struct Member {
    std::string name;
    FileBytes bytes;
  };
  std::vector<Member> members_;
};

} // namespace horn::saving
