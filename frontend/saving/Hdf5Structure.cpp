// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Structure.h"

#include "frontend/saving/Hdf5Dense.h"

#include <cstring>

namespace horn::saving::hdf5 {

static void expectSignature(ByteCursor &cursor, std::string_view signature) {
  if (cursor.text(signature.size()) != signature)
    throw Error(
        {.what = "HDF5 structure has a wrong signature", .expected = std::string(signature)});
}

static void expectVersion(ByteCursor &cursor, unsigned version, const char *what) {
  if (unsigned found = cursor.u8(); found != version)
    throw Error({.what = std::string("version of an HDF5 ") + what + " is not supported",
                 .expected = std::to_string(version),
                 .found = std::to_string(found)});
}

//===- Budget
//-----------------------------------------------------------------------------------===//

Budget::Budget(uint64_t fileBytes, const Limits &limits)
    : steps_(1'000'000 + fileBytes),
      memory_(limits.expansion_floor + limits.expansion * fileBytes) {}

void Budget::step(uint64_t count) {
  if (count > steps_)
    throw Error({.what = "HDF5 file needs more work than its size allows"});
  steps_ -= count;
}

void Budget::memory(uint64_t bytes) {
  if (bytes > memory_)
    throw Error({.what = "HDF5 file claims far more data than it has",
                 .hint = "if its data really compresses that well, save it without compression"});
  memory_ -= bytes;
}

void Budget::visit(uint64_t address) {
  step();
  if (!visited_.insert(address).second)
    throw Error({.what = "two parts of the HDF5 file point to the same place",
                 .found = "address " + std::to_string(address),
                 .hint = "hard links and loops are refused"});
}

//===- Superblock
//-------------------------------------------------------------------------------===//

Image::Image(FileBytes bytes, const Limits &limits) : bytes_(std::move(bytes)), limits_(limits) {
  ByteCursor cursor(bytes_.span());
  if (bytes_.size() < 9 || cursor.text(8) != std::string_view("\x89HDF\r\n\x1a\n", 8))
    throw Error({.what = "not an HDF5 file"});
  unsigned version = cursor.u8();
  if (version == 0)
    readVersion0(cursor);
  else if (version == 2 || version == 3)
    readVersion2(cursor);
  else
    throw Error({.what = "version of the HDF5 superblock is not supported",
                 .expected = "0, 2 or 3",
                 .found = std::to_string(version)});
  if (end_ > bytes_.size())
    throw Error({.what = "HDF5 file is cut off",
                 .expected = std::to_string(end_) + " bytes",
                 .found = std::to_string(bytes_.size())});
}

static void expectEightByteSizes(ByteCursor &cursor) {
  unsigned offsetBytes = cursor.u8(), lengthBytes = cursor.u8();
  if (offsetBytes != 8 || lengthBytes != 8)
    throw Error({.what = "HDF5 file does not use 8-byte offsets and lengths"});
}

static void expectNone(uint64_t value, uint64_t none, const char *what) {
  if (value != none)
    throw Error({.what = std::string("HDF5 file has ") + what + ", which is not supported"});
}

void Image::readVersion0(ByteCursor cursor) {
  cursor.skip(4); // versions of free space, root entry and shared header; reserved
  expectEightByteSizes(cursor);
  cursor.skip(1 + 2 + 2 + 4); // reserved, tree ranks, consistency flags
  expectNone(cursor.u64(), 0, "a user block");
  cursor.skip(8); // free space
  end_ = cursor.u64();
  expectNone(cursor.u64(), undefined, "a driver block");
  cursor.skip(8); // name of the root entry
  root_ = cursor.u64();
}

void Image::readVersion2(ByteCursor cursor) {
  expectEightByteSizes(cursor);
  cursor.skip(1); // consistency flags
  expectNone(cursor.u64(), 0, "a user block");
  cursor.skip(8); // extension: tree ranks and settings of free space
  end_ = cursor.u64();
  root_ = cursor.u64();
  size_t length = cursor.position();
  if (cursor.u32() != checksum(bytes_.span().first(length)))
    throw Error({.what = "HDF5 superblock is damaged: wrong checksum"});
}

std::span<const std::byte> Image::checked_block(uint64_t address, uint64_t length,
                                                std::string_view signature, Budget &budget) const {
  std::span<const std::byte> block = at(address, length);
  budget.step(1 + length / 16);
  ByteCursor cursor(block);
  expectSignature(cursor, signature);
  if (length < signature.size() + 4)
    throw Error({.what = "HDF5 structure is too short"});
  ByteCursor end(block.last(4));
  if (end.u32() != checksum(block.first(length - 4)))
    throw Error({.what = "HDF5 structure is damaged: wrong checksum",
                 .found = "address " + std::to_string(address)});
  return block.subspan(signature.size(), length - 4 - signature.size());
}

//===- Object headers
//---------------------------------------------------------------------------===//

namespace {
/// Collects the messages of one object header over its blocks.
class HeaderReader {
public:
  HeaderReader(const Image &image, Budget &budget) : image_(image), budget_(budget) {}
  std::vector<Message> read(uint64_t address);

private:
  struct Block {
    uint64_t address, length;
  };
  void readVersion1(uint64_t address);
  void readVersion2(uint64_t address);
  void readMessages(ByteCursor cursor, bool version2);
  void add(Message message);

  const Image &image_;
  Budget &budget_;
  std::vector<Message> messages_;
  std::vector<Block> pending_;
  bool hasCreationOrder_ = false; // version 2: each message carries its number
};
} // namespace

std::vector<Message> HeaderReader::read(uint64_t address) {
  budget_.visit(address);
  ByteCursor start(image_.at(address, 4));
  bool version2 = start.text(4) == "OHDR";
  version2 ? readVersion2(address) : readVersion1(address);
  while (!pending_.empty()) {
    Block block = pending_.back();
    pending_.pop_back();
    budget_.visit(block.address);
    readMessages(ByteCursor(version2
                                ? image_.checked_block(block.address, block.length, "OCHK", budget_)
                                : image_.at(block.address, block.length)),
                 version2);
  }
  return std::move(messages_);
}

void HeaderReader::readVersion1(uint64_t address) {
  constexpr uint64_t prefix = 16; // 12 bytes and 4 of padding
  ByteCursor cursor(image_.at(address, prefix));
  expectVersion(cursor, 1, "object header");
  cursor.skip(1 + 2 + 4); // reserved, number of messages, reference count
  readMessages(ByteCursor(image_.at(address + prefix, cursor.u32())), /*version2=*/false);
}

void HeaderReader::readVersion2(uint64_t address) {
  ByteCursor cursor(image_.at(address, std::min<uint64_t>(34, image_.size() - address)));
  cursor.skip(4);
  expectVersion(cursor, 2, "object header");
  unsigned flags = cursor.u8();
  hasCreationOrder_ = flags & 0x4;
  cursor.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)); // times, phase change
  uint64_t length = cursor.number(size_t(1) << (flags & 3));
  size_t prefix = cursor.position();
  if (length > image_.size())
    throw Error({.what = "HDF5 object header is longer than the file"});
  auto block = image_.checked_block(address, prefix + length + 4, "OHDR", budget_);
  readMessages(ByteCursor(block.subspan(prefix - 4)), /*version2=*/true);
}

void HeaderReader::readMessages(ByteCursor cursor, bool version2) {
  size_t prefix = version2 ? (hasCreationOrder_ ? 6 : 4) : 8;
  while (cursor.remaining() >= prefix) {
    budget_.step();
    Message message;
    message.kind = static_cast<MessageKind>(version2 ? cursor.u8() : cursor.u16());
    uint64_t length = cursor.u16();
    message.flags = cursor.u8();
    cursor.skip(prefix - (version2 ? 4 : 5));
    message.body = cursor.take(length);
    add(message);
  }
}

void HeaderReader::add(Message message) {
  if (messages_.size() >= image_.limits().hdf5_header_messages)
    throw Error({.what = "HDF5 object has more messages than the limit hdf5_header_messages"});
  if (message.kind == MessageKind::external_files)
    throw Error({.what = "HDF5 datasets with data in other files are refused"});
  if (message.kind == MessageKind::continuation) {
    ByteCursor cursor(message.body);
    uint64_t address = cursor.u64();
    pending_.push_back({address, cursor.u64()});
  } else if (message.kind != MessageKind::nil) {
    messages_.push_back(message);
  }
}

std::vector<Message> read_object_header(const Image &image, uint64_t address, Budget &budget) {
  return HeaderReader(image, budget).read(address);
}

//===- Version 1 B-trees
//------------------------------------------------------------------------===//

/// Calls `leaf(key, child)` for the entries of all leaves, from left to right. `kind` is 0 for
/// groups and 1 for chunks.
template <typename Function>
static void walkTree(const Image &image, uint64_t root, unsigned kind, size_t keyBytes,
                     Budget &budget, Function leaf) {
  struct Node {
    uint64_t address;
    unsigned maxLevel;
  };
  std::vector<Node> pending{{root, static_cast<unsigned>(image.limits().hdf5_tree_depth)}};
  while (!pending.empty()) {
    Node node = pending.back();
    pending.pop_back();
    budget.visit(node.address);
    ByteCursor head(image.at(node.address, 24));
    expectSignature(head, "TREE");
    unsigned foundKind = head.u8(), level = head.u8(), count = head.u16();
    if (foundKind != kind || level > node.maxLevel)
      throw Error({.what = "HDF5 tree has a node of a wrong kind or level"});
    ByteCursor entries(image.at(node.address + 24, count * (keyBytes + 8) + keyBytes));
    size_t firstNew = pending.size();
    for (unsigned i = 0; i < count; ++i) {
      budget.step();
      std::span<const std::byte> key = entries.take(keyBytes);
      uint64_t child = entries.u64();
      if (level == 0)
        leaf(ByteCursor(key), child);
      else
        pending.push_back({child, level - 1});
    }
    std::reverse(pending.begin() + static_cast<ptrdiff_t>(firstNew), pending.end());
  }
}

std::vector<Chunk> read_chunk_tree(const Image &image, uint64_t address, size_t rank,
                                   Budget &budget) {
  std::vector<Chunk> chunks;
  walkTree(image, address, 1, 8 + 8 * (rank + 1), budget, [&](ByteCursor key, uint64_t child) {
    if (chunks.size() >= image.limits().hdf5_chunks)
      throw Error({.what = "HDF5 dataset has more chunks than the limit hdf5_chunks"});
    Chunk chunk{.address = child, .bytes = key.u32(), .filter_mask = key.u32()};
    for (size_t axis = 0; axis < rank; ++axis)
      chunk.offset.push_back(key.u64());
    if (key.u64() != 0)
      throw Error({.what = "HDF5 chunk starts within an element"});
    chunks.push_back(std::move(chunk));
  });
  return chunks;
}

//===- Groups
//-----------------------------------------------------------------------------------===//

/// The text that starts at `offset` of a local heap's data and ends with NUL.
static std::string heapText(std::span<const std::byte> heap, uint64_t offset,
                            const Limits &limits) {
  if (offset >= heap.size())
    throw Error({.what = "name of an HDF5 link is outside its heap"});
  std::span<const std::byte> rest = heap.subspan(offset);
  std::string_view text(reinterpret_cast<const char *>(rest.data()),
                        std::min<size_t>(rest.size(), limits.name_bytes + 1));
  size_t end = text.find('\0');
  if (end == text.npos)
    throw Error({.what = "name of an HDF5 link has no end or exceeds the limit name_bytes"});
  return std::string(text.substr(0, end));
}

static std::span<const std::byte> localHeap(const Image &image, uint64_t address) {
  ByteCursor cursor(image.at(address, 32));
  expectSignature(cursor, "HEAP");
  expectVersion(cursor, 0, "local heap");
  cursor.skip(3);
  uint64_t size = cursor.u64();
  cursor.skip(8); // free list
  return image.at(cursor.u64(), size);
}

/// Reads the links of one symbol table node.
static void readSymbols(const Image &image, uint64_t address, std::span<const std::byte> heap,
                        std::vector<Link> &links, Budget &budget) {
  constexpr uint64_t entryBytes = 40;
  budget.visit(address);
  ByteCursor head(image.at(address, 8));
  expectSignature(head, "SNOD");
  expectVersion(head, 1, "symbol table node");
  head.skip(1);
  unsigned count = head.u16();
  ByteCursor entries(image.at(address + 8, count * entryBytes));
  for (unsigned i = 0; i < count; ++i) {
    ByteCursor entry(entries.take(entryBytes));
    Link link;
    link.name = heapText(heap, entry.u64(), image.limits());
    check_link_name(link.name, image.limits());
    link.address = entry.u64();
    if (entry.u32() == 2)
      throw Error({.where = link.name, .what = "HDF5 soft links are refused"});
    budget.memory(link.name.size() + sizeof(Link));
    links.push_back(std::move(link));
  }
}

static void readSymbolTable(const Image &image, ByteCursor message, std::vector<Link> &links,
                            Budget &budget) {
  uint64_t tree = message.u64();
  std::span<const std::byte> heap = localHeap(image, message.u64());
  walkTree(image, tree, 0, 8, budget,
           [&](ByteCursor, uint64_t child) { readSymbols(image, child, heap, links, budget); });
}

static void expectUniqueNames(const std::vector<Link> &links) {
  std::unordered_set<std::string_view> names;
  for (const Link &link : links)
    if (!names.insert(link.name).second)
      throw Error({.where = link.name, .what = "HDF5 group has two links of this name"});
}

std::optional<std::vector<Link>> read_links(const Image &image,
                                            const std::vector<Message> &messages, Budget &budget) {
  bool isGroup = false;
  std::vector<Link> links;
  auto addLink = [&](std::span<const std::byte> body) {
    links.push_back(parse_link(ByteCursor(body), image.limits()));
    budget.memory(links.back().name.size() + sizeof(Link));
  };
  for (const Message &message : messages) {
    ByteCursor body(message.body);
    switch (message.kind) {
    case MessageKind::symbol_table:
      readSymbolTable(image, body, links, budget);
      break;
    case MessageKind::link:
      addLink(message.body);
      break;
    case MessageKind::link_info:
      walk_dense(image, parse_link_info(body), DenseKind::links, budget, addLink);
      break;
    default:
      continue;
    }
    isGroup = true;
  }
  if (!isGroup)
    return std::nullopt;
  expectUniqueNames(links);
  return links;
}

//===- Attributes
//-------------------------------------------------------------------------------===//

std::vector<Attribute> read_attributes(const Image &image, const std::vector<Message> &messages,
                                       Budget &budget) {
  std::vector<Attribute> attributes;
  std::unordered_set<std::string> names;
  auto add = [&](std::span<const std::byte> body) {
    if (attributes.size() >= image.limits().hdf5_attributes)
      throw Error({.what = "HDF5 object has more attributes than the limit hdf5_attributes"});
    attributes.push_back(parse_attribute(ByteCursor(body), image.limits()));
    const std::string &name = attributes.back().name;
    budget.memory(2 * name.size() + sizeof(Attribute));
    if (!names.insert(name).second)
      throw Error({.where = name, .what = "HDF5 object has two attributes of this name"});
  };
  for (const Message &message : messages) {
    bool isAttribute = message.kind == MessageKind::attribute;
    if ((isAttribute || message.kind == MessageKind::attribute_info) && message.flags & 2)
      throw Error({.what = "shared HDF5 attributes are not supported"});
    if (isAttribute)
      add(message.body);
    else if (message.kind == MessageKind::attribute_info)
      walk_dense(image, parse_attribute_info(ByteCursor(message.body)), DenseKind::attributes,
                 budget, add);
  }
  return attributes;
}

//===- Strings
//----------------------------------------------------------------------------------===//

GlobalHeap::Collection GlobalHeap::read(uint64_t address) {
  ByteCursor head(image_.at(address, 16));
  expectSignature(head, "GCOL");
  expectVersion(head, 1, "global heap");
  head.skip(3);
  uint64_t length = head.u64();
  if (length < 16)
    throw Error({.what = "HDF5 global heap is too short"});
  ByteCursor cursor(image_.at(address, length));
  cursor.skip(16);
  Collection objects;
  while (cursor.remaining() >= 16) {
    budget_.step();
    uint32_t index = cursor.u16();
    cursor.skip(2 + 4); // reference count, reserved
    uint64_t size = cursor.u64();
    if (index == 0) // the free space, always last
      break;
    budget_.memory(48);
    if (!objects.emplace(index, cursor.take(size)).second)
      throw Error({.what = "HDF5 global heap has two objects of one number"});
    cursor.align(8);
  }
  return objects;
}

std::span<const std::byte> GlobalHeap::object(uint64_t address, uint32_t index) {
  auto found = collections_.find(address);
  if (found == collections_.end())
    found = collections_.emplace(address, read(address)).first;
  auto object = found->second.find(index);
  if (object == found->second.end())
    throw Error({.what = "HDF5 string is not in the global heap"});
  return object->second;
}

/// A string of fixed length without its padding.
static std::string fixedString(std::string_view text, bool spacePadded) {
  text = text.substr(0, text.find('\0'));
  if (spacePadded)
    text = text.substr(0, text.find_last_not_of(' ') + 1);
  return std::string(text);
}

/// A string of variable length; an address of 0 or undefined stands for an empty one.
static std::string variableString(ByteCursor &cursor, GlobalHeap &heap) {
  uint64_t length = cursor.u32(), address = cursor.u64();
  uint32_t index = cursor.u32();
  if (address == 0 || address == undefined || length == 0)
    return {};
  std::span<const std::byte> bytes = checked_subspan(heap.object(address, index), 0, length);
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return std::string(text.substr(0, text.find('\0')));
}

std::vector<std::string> read_strings(const Image &image, const Attribute &attribute) {
  bool isVariable = attribute.datatype.kind == Datatype::Kind::variable_string;
  if (!isVariable && attribute.datatype.kind != Datatype::Kind::fixed_string) {
    if (attribute.value.empty()) // h5py writes an empty list of strings as no numbers
      return {};
    throw Error({.where = attribute.name,
                 .what = "HDF5 attribute is not a string",
                 .found = attribute.datatype.description});
  }
  Budget budget(image.size(), image.limits());
  GlobalHeap heap(image, budget);
  ByteCursor cursor(attribute.value);
  std::vector<std::string> strings;
  while (cursor.remaining() > 0) {
    strings.push_back(isVariable ? variableString(cursor, heap)
                                 : fixedString(cursor.text(attribute.datatype.bytes),
                                               attribute.datatype.space_padded));
    budget.memory(strings.back().size() + sizeof(std::string));
  }
  return strings;
}

} // namespace horn::saving::hdf5
