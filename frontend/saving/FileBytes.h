// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bytes of files: a shared view for reading, and writing that never leaves half a file.
#pragma once

#include "frontend/saving/Limits.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace horn::saving {

/// A view of bytes and what keeps them alive. Copies share the bytes.
/// The memory is private to the process and may be written to (arrays are views of it); a mapped
/// file never changes by that.
class FileBytes {
public:
  FileBytes() = default;
  /// `size` bytes that `owner` keeps alive.
  FileBytes(std::byte *data, size_t size, std::shared_ptr<void> owner)
      : data_(data), size_(size), owner_(std::move(owner)) {}

  /// The first byte.
  std::byte *data() const { return data_; }
  /// Number of bytes.
  size_t size() const { return size_; }
  /// All bytes.
  std::span<const std::byte> span() const { return {data_, size_}; }
  /// All bytes as characters.
  std::string_view text() const { return {reinterpret_cast<const char *>(data_), size_}; }
  /// What keeps the bytes.
  const std::shared_ptr<void> &owner() const { return owner_; }
  /// `length` bytes from `offset` on, which must be there: a view that shares the memory.
  FileBytes part(size_t offset, size_t length) const;
  /// The same, but never a view of a mapped file: that is read into new memory, so that nothing
  /// that happens to the file later matters. Throws Error when the file is not what it was.
  FileBytes fetch(size_t offset, size_t length) const;
  /// Gives back the physical memory of a mapped file that was only read; it is read again when it
  /// is touched. Nothing happens to other memory.
  void forget() const;

private:
  friend FileBytes map_file(const std::filesystem::path &path, const Limits &limits);
  class MappedFile;

  std::byte *data_ = nullptr;
  size_t size_ = 0;
  std::shared_ptr<void> owner_;
  const MappedFile *file_ = nullptr; ///< kept by the owner; null for other memory
};

/// Maps a regular file. A file that another process cuts short while it is mapped ends this
/// process with SIGBUS, as with every mapping; writers that rename (as ours do) cause no harm.
/// **Errors** Error when it cannot be opened, is not a regular file or exceeds the limit.
FileBytes map_file(const std::filesystem::path &path, const Limits &limits = default_limits);

/// `size` bytes aligned to 64, not initialised. Throws Error when memory is short.
FileBytes allocate_bytes(size_t size);

/// A copy of `text` as bytes, aligned to 64.
FileBytes copy_bytes(std::string_view text);

/// Takes the bytes of a new file in order.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// Writes a file so that `path` is always either the old file or the whole new one: the bytes go
/// to a new file beside it, which is synced and renamed; then the folder is synced.
/// **Errors** Error when the disk refuses; whatever `writer` throws. Nothing is left behind then.
void write_file_atomically(const std::filesystem::path &path,
                           const std::function<void(const ByteSink &)> &writer);

} // namespace horn::saving
