// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Follows the addresses of an HDF5 file: superblock, object headers, groups and heaps. Every
// offset and length is checked against the file, every block is visited once, and all work is
// paid from a budget in proportion to the file's size, so that no file can make it run long.
// Internal to the reader.
#pragma once

#include "frontend/saving/FileBytes.h"
#include "frontend/saving/Hdf5Format.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace horn::saving::hdf5 {

/// What is left of the steps and the memory that a file may cost.
class Budget {
public:
  Budget(uint64_t fileBytes, const Limits &limits);
  /// Pays for work; a step is worth some nanoseconds. Throws Error when nothing is left.
  void step(uint64_t count = 1);
  /// Pays for memory that is kept or handed out. Throws Error when nothing is left.
  void memory(uint64_t bytes);
  /// Notes that the block at `address` is read. Throws Error when it was before: a loop, or two
  /// names for one thing.
  void visit(uint64_t address);

private:
  uint64_t steps_, memory_;
  std::unordered_set<uint64_t> visited_;
};

/// The bytes of an HDF5 file up to its end-of-file address.
class Image {
public:
  /// Reads the superblock. Throws Error when this is not a whole HDF5 file.
  Image(FileBytes bytes, const Limits &limits);

  /// `length` bytes at `address`. Throws Error when they are not in the file.
  std::span<const std::byte> at(uint64_t address, uint64_t length) const {
    return checked_subspan(bytes_.span().first(end_), address, length);
  }
  /// The same, apart from the file: see FileBytes::fetch.
  FileBytes fetch(uint64_t address, uint64_t length) const {
    at(address, length);
    return bytes_.fetch(address, length);
  }
  /// The block of a version 2 structure at `address`: `length` bytes with signature and checksum.
  std::span<const std::byte> checked_block(uint64_t address, uint64_t length,
                                           std::string_view signature, Budget &budget) const;
  const FileBytes &bytes() const { return bytes_; }
  uint64_t root() const { return root_; } ///< address of the root group's header
  uint64_t size() const { return end_; }
  const Limits &limits() const { return limits_; }

private:
  void readVersion0(ByteCursor cursor);
  void readVersion2(ByteCursor cursor);

  FileBytes bytes_;
  Limits limits_;
  uint64_t end_ = 0, root_ = undefined;
};

/// The messages of the object header at `address`, those of continuation blocks included.
std::vector<Message> read_object_header(const Image &image, uint64_t address, Budget &budget);

/// The links of the group with these messages; nothing when they are not a group's.
std::optional<std::vector<Link>> read_links(const Image &image,
                                            const std::vector<Message> &messages, Budget &budget);

/// The attributes of the object with these messages, in the file's order.
std::vector<Attribute> read_attributes(const Image &image, const std::vector<Message> &messages,
                                       Budget &budget);

/// Objects of global heap collections, where strings of variable length are.
class GlobalHeap {
public:
  GlobalHeap(const Image &image, Budget &budget) : image_(image), budget_(budget) {}
  /// Object `index` of the collection at `address`. Throws Error when there is none.
  std::span<const std::byte> object(uint64_t address, uint32_t index);

private:
  using Collection = std::unordered_map<uint32_t, std::span<const std::byte>>;
  Collection read(uint64_t address);

  const Image &image_;
  Budget &budget_;
  std::unordered_map<uint64_t, Collection> collections_;
};

/// The strings of an attribute; of a scalar one string. Throws Error for other types.
std::vector<std::string> read_strings(const Image &image, const Attribute &attribute);

/// A chunk of a dataset within the file.
struct Chunk {
  std::vector<uint64_t> offset; ///< of its first element
  uint64_t address = undefined;
  uint64_t bytes = 0; ///< stored
  uint32_t filter_mask = 0;
};

/// The chunks in the version 1 B-tree at `address` of a dataset with `rank` dimensions.
std::vector<Chunk> read_chunk_tree(const Image &image, uint64_t address, size_t rank,
                                   Budget &budget);

} // namespace horn::saving::hdf5
