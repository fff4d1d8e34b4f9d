// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Zip archives such as .keras: members are read by name, never extracted to disk.
#pragma once

#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// One file of an archive.
struct ZipMember {
  std::string name;
  uint64_t bytes = 0;        ///< size after reading
  uint64_t stored_bytes = 0; ///< size within the archive
  bool stored = false;       ///< as it is, not deflated
};

/// A zip archive, checked when it is opened: number, names and declared sizes of its members.
/// Refused are absolute names, `..`, backslashes and NUL in names, duplicates, encryption, methods
/// other than stored and deflate, and sizes that the archive's bytes cannot hold. One thread at a
/// time may use a reader.
class ZipReader {
public:
  /// Opens a file. Throws Error.
  explicit ZipReader(const std::filesystem::path &path, const Limits &limits = default_limits);
  /// Opens an archive in memory; `name` stands in messages. Throws Error.
  ZipReader(FileBytes archive, std::string name, const Limits &limits = default_limits);
  ZipReader(ZipReader &&) noexcept;
  ZipReader &operator=(ZipReader &&) noexcept;
  ~ZipReader();

  /// The members in the archive's order, without entries for folders.
  const std::vector<ZipMember> &members() const;
  bool has(std::string_view name) const;
  /// The bytes of a member; the CRC is verified. Those of a stored member are a view of the
  /// archive's, which must not be written to. Throws Error when it is missing or damaged.
  FileBytes read(std::string_view name) const;

private:
  struct Archive;
  std::unique_ptr<Archive> archive_;
};

} // namespace horn::saving
