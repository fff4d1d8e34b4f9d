// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Dense.h"

#include <bit>

namespace horn::saving::hdf5 {

[[noreturn]] static void fail(const char *what) {
  throw Error({.what = std::string("HDF5 dense storage ") + what});
}

/// Bytes that hold numbers up to `limit`.
static size_t bytesFor(uint64_t limit) {
  return limit == 0 ? 1 : static_cast<size_t>(std::bit_width(limit) + 7) / 8;
}

//===- Fractal heap
//-----------------------------------------------------------------------------===//

namespace {
/// A heap of small objects in blocks whose sizes double from row to row.
class FractalHeap {
public:
  FractalHeap(const Image &image, uint64_t address, Budget &budget);
  /// The object that an ID of the name index stands for.
  std::span<const std::byte> object(std::span<const std::byte> id) const;

private:
  struct Block {
    uint64_t address, bytes;
  };
  uint64_t rowBytes(unsigned row) const {
    return row == 0 ? startBytes_ : startBytes_ << (row - 1);
  }
  Block locate(uint64_t &offset) const;
  uint64_t child(uint64_t indirect, unsigned numRows, unsigned row, uint64_t column) const;

  const Image &image_;
  Budget &budget_;
  uint64_t width_ = 0, startBytes_ = 0, maxDirectBytes_ = 0, root_ = undefined;
  unsigned rootRows_ = 0, heapBits_ = 0;
  size_t offsetBytes_ = 0, lengthBytes_ = 0;
};
} // namespace

FractalHeap::FractalHeap(const Image &image, uint64_t address, Budget &budget)
    : image_(image), budget_(budget) {
  constexpr uint64_t headerBytes = 146; // without filters
  budget.visit(address);
  ByteCursor cursor(image.checked_block(address, headerBytes, "FRHP", budget));
  unsigned version = cursor.u8();
  cursor.skip(2); // length of an ID
  unsigned filterBytes = cursor.u16();
  cursor.skip(1); // flags
  uint64_t maxObjectBytes = cursor.u32();
  cursor.skip(12 * 8); // huge and tiny objects, free space, statistics
  width_ = cursor.u16();
  startBytes_ = cursor.u64();
  maxDirectBytes_ = cursor.u64();
  heapBits_ = cursor.u16();
  cursor.skip(2);
  root_ = cursor.u64();
  rootRows_ = cursor.u16();
  if (version != 0 || filterBytes != 0)
    fail("has an unknown version or filters");
  if (width_ == 0 || !std::has_single_bit(width_) || !std::has_single_bit(startBytes_) ||
      !std::has_single_bit(maxDirectBytes_) || startBytes_ > maxDirectBytes_ ||
      maxDirectBytes_ > uint64_t(1) << 32 || heapBits_ > 64 || rootRows_ > heapBits_)
    fail("has wrong block sizes");
  offsetBytes_ = (heapBits_ + 7) / 8;
  lengthBytes_ = std::min(bytesFor(maxDirectBytes_), bytesFor(maxObjectBytes));
}

/// The address of a block from the indirect block at `indirect`.
uint64_t FractalHeap::child(uint64_t indirect, unsigned numRows, unsigned row,
                            uint64_t column) const {
  uint64_t prefix = 4 + 1 + 8 + offsetBytes_; // signature, version, heap, offset
  uint64_t length = prefix + 8 * numRows * width_ + 4;
  std::span<const std::byte> block = image_.checked_block(indirect, length, "FHIB", budget_);
  ByteCursor cursor(block.subspan(prefix - 4 + 8 * (row * width_ + column)));
  return cursor.u64();
}

/// The direct block that holds `offset`, which becomes an offset within the block.
FractalHeap::Block FractalHeap::locate(uint64_t &offset) const {
  uint64_t address = root_;
  unsigned numRows = rootRows_;
  if (numRows == 0) // the root is a direct block
    return {address, startBytes_};
  for (uint64_t level = 0; level < image_.limits().hdf5_tree_depth; ++level) {
    unsigned row = 0;
    while (row < numRows && offset >= width_ * rowBytes(row))
      offset -= width_ * rowBytes(row++);
    if (row == numRows)
      fail("refers to an object behind its end");
    uint64_t bytes = rowBytes(row);
    address = child(address, numRows, row, offset / bytes);
    offset %= bytes;
    if (bytes <= maxDirectBytes_)
      return {address, bytes};
    // An indirect block's rows hold as many bytes as the row that it stands in says.
    int rows = std::bit_width(bytes) - std::bit_width(startBytes_ * width_) + 1;
    if (rows < 1)
      fail("has an empty block");
    numRows = static_cast<unsigned>(rows);
  }
  fail("is nested too deep");
}

std::span<const std::byte> FractalHeap::object(std::span<const std::byte> id) const {
  ByteCursor cursor(id);
  if ((cursor.u8() & 0xf0) != 0) // version, and the kinds "huge" and "tiny"
    fail("has an object of a kind that is not supported");
  uint64_t offset = cursor.number(offsetBytes_);
  uint64_t length = cursor.number(lengthBytes_);
  Block block = locate(offset);
  std::span<const std::byte> bytes = image_.at(block.address, block.bytes);
  if (ByteCursor(bytes).text(4) != "FHDB")
    fail("has a damaged block");
  return checked_subspan(bytes, offset, length);
}

//===- Version 2 B-trees
//------------------------------------------------------------------------===//

namespace {
/// Walks the records of a tree.
class RecordTree {
public:
  RecordTree(const Image &image, Budget &budget) : image_(image), budget_(budget) {}
  void walk(uint64_t address, unsigned kind, size_t recordBytes,
            const std::function<void(ByteCursor)> &add);

private:
  struct Node {
    uint64_t address, numRecords;
    unsigned depth;
  };
  void computeWidths(uint64_t nodeBytes, unsigned depth);
  void readNode(Node node, std::vector<Node> &pending, const std::function<void(ByteCursor)> &add);

  const Image &image_;
  Budget &budget_;
  size_t recordBytes_ = 0;
  size_t countBytes_ = 0;          // of a child's number of records
  std::vector<size_t> totalBytes_; // by depth: of the number of records below a child
};
} // namespace

/// How many bytes counts take depends on how many records nodes of each depth can hold.
void RecordTree::computeWidths(uint64_t nodeBytes, unsigned depth) {
  constexpr uint64_t overhead = 10; // signature, version, kind, checksum
  if (nodeBytes < overhead + recordBytes_)
    fail("has nodes that are too small");
  uint64_t maxBelow = (nodeBytes - overhead) / recordBytes_;
  countBytes_ = bytesFor(maxBelow);
  totalBytes_ = {0};
  for (unsigned level = 1; level <= depth; ++level) {
    uint64_t pointer = 8 + countBytes_ + totalBytes_.back();
    if (nodeBytes < overhead + pointer || maxBelow > uint64_t(1) << 32)
      fail("has nodes of a wrong size");
    uint64_t maxHere = (nodeBytes - overhead - pointer) / (recordBytes_ + pointer);
    maxBelow = (maxHere + 1) * maxBelow + maxHere;
    totalBytes_.push_back(bytesFor(maxBelow));
  }
}

void RecordTree::readNode(Node node, std::vector<Node> &pending,
                          const std::function<void(ByteCursor)> &add) {
  budget_.visit(node.address);
  uint64_t pointer = node.depth == 0 ? 0 : 8 + countBytes_ + totalBytes_[node.depth - 1];
  uint64_t length = 4 + 2 + node.numRecords * recordBytes_ + 4 +
                    (node.depth == 0 ? 0 : (node.numRecords + 1) * pointer);
  ByteCursor cursor(
      image_.checked_block(node.address, length, node.depth == 0 ? "BTLF" : "BTIN", budget_));
  cursor.skip(2); // version, kind
  for (uint64_t i = 0; i < node.numRecords; ++i) {
    budget_.step();
    add(ByteCursor(cursor.take(recordBytes_)));
  }
  for (uint64_t i = 0; node.depth > 0 && i <= node.numRecords; ++i) {
    uint64_t address = cursor.u64(), count = cursor.number(countBytes_);
    cursor.skip(totalBytes_[node.depth - 1]);
    pending.push_back({address, count, node.depth - 1});
  }
}

void RecordTree::walk(uint64_t address, unsigned kind, size_t recordBytes,
                      const std::function<void(ByteCursor)> &add) {
  constexpr uint64_t headerBytes = 38;
  budget_.visit(address);
  ByteCursor cursor(image_.checked_block(address, headerBytes, "BTHD", budget_));
  unsigned version = cursor.u8(), foundKind = cursor.u8();
  uint64_t nodeBytes = cursor.u32();
  recordBytes_ = cursor.u16();
  unsigned depth = cursor.u16();
  cursor.skip(2);
  uint64_t root = cursor.u64(), numRecords = cursor.u16();
  if (version != 0 || foundKind != kind || recordBytes_ != recordBytes)
    fail("has a name index of an unknown kind");
  if (depth > image_.limits().hdf5_tree_depth)
    fail("has a name index that is too deep");
  if (root == undefined)
    return;
  computeWidths(nodeBytes, depth);
  std::vector<Node> pending{{root, numRecords, depth}};
  while (!pending.empty()) {
    Node node = pending.back();
    pending.pop_back();
    readNode(node, pending, add);
  }
}

//===- Links and attributes
//---------------------------------------------------------------------===//

void walk_dense(const Image &image, const DenseStorage &storage, DenseKind kind, Budget &budget,
                const std::function<void(std::span<const std::byte>)> &add) {
  if (storage.heap == undefined && storage.names == undefined)
    return;
  FractalHeap heap(image, storage.heap, budget);
  RecordTree names(image, budget);
  if (kind == DenseKind::links) {
    constexpr size_t hashBytes = 4, idBytes = 7;
    names.walk(storage.names, 5, hashBytes + idBytes, [&](ByteCursor record) {
      record.skip(hashBytes);
      add(heap.object(record.take(idBytes)));
    });
    return;
  }
  constexpr size_t idBytes = 8;
  names.walk(storage.names, 8, idBytes + 1 + 4 + 4, [&](ByteCursor record) {
    std::span<const std::byte> id = record.take(idBytes);
    if (record.u8() & 2)
      fail("has a shared attribute");
    add(heap.object(id));
  });
}

} // namespace horn::saving::hdf5
