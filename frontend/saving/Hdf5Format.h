// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of HDF5 that Keras's files are made of, as plain structs, and their parsers. Nothing
// here follows an address: these functions read one message each. Source: "HDF5 File Format
// Specification Version 3.0". Internal to the reader.
#pragma once

#include "frontend/core/DType.h"
#include "frontend/core/Shape.h"
#include "frontend/saving/ByteCursor.h"
#include "frontend/saving/Limits.h"

#include <optional>
#include <string>
#include <vector>

namespace horn::saving::hdf5 {

/// "No address": all bits set.
inline constexpr uint64_t undefined = ~uint64_t(0);

/// Kinds of header messages that the reader looks at.
enum class MessageKind : uint16_t {
  nil = 0x0,
  dataspace = 0x1,
  link_info = 0x2,
  datatype = 0x3,
  link = 0x6,
  external_files = 0x7,
  layout = 0x8,
  filters = 0xb,
  attribute = 0xc,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

/// A message of an object header; `body` is its data within the file.
struct Message {
  MessageKind kind;
  uint8_t flags = 0;
  std::span<const std::byte> body;
};

/// What elements are, as far as the reader knows them.
struct Datatype {
  enum class Kind { number, fixed_string, variable_string, opaque, unknown };
  Kind kind = Kind::unknown;
  uint64_t bytes = 0;                  ///< of one element
  DType dtype = DType::float32;        ///< of a number
  bool big_endian = false;             ///< of a number
  bool space_padded = false;           ///< of a fixed string
  std::string description = "nothing"; ///< for messages
};

/// Shape of a dataset or attribute.
struct Dataspace {
  Shape shape;
  uint64_t elements = 0;
  bool null = false; ///< neither a scalar nor an array: nothing stored
};

/// Where a dataset's bytes are.
struct Layout {
  enum class Kind { compact, contiguous, chunk_tree, single_chunk, implicit_chunks };
  Kind kind = Kind::compact;
  std::span<const std::byte> compact; ///< of a compact one
  uint64_t address = undefined;       ///< data, chunk or tree
  uint64_t bytes = 0;                 ///< declared size of contiguous data or a filtered chunk
  uint32_t filter_mask = 0;           ///< filters left out of a single chunk
  bool filtered = false;              ///< single chunk with a size of its own
  std::vector<uint64_t> chunk;        ///< chunk's shape in elements, without the element size
};

/// One step of a chunk's way to the disk.
struct Filter {
  enum Id : uint16_t { deflate = 1, shuffle = 2, fletcher32 = 3 };
  uint16_t id = 0;
  std::vector<uint32_t> values;
};

/// An attribute; its value stays in the file.
struct Attribute {
  std::string name;
  Datatype datatype;
  Dataspace dataspace;
  std::span<const std::byte> value;
};

/// A member of a group: only hard links are accepted.
struct Link {
  std::string name;
  uint64_t address = undefined;
};

/// Where dense links or attributes are; undefined addresses when there are none.
struct DenseStorage {
  uint64_t heap = undefined;
  uint64_t names = undefined;
};

// Each parser throws Error for what is malformed or not supported.

Datatype parse_datatype(ByteCursor &cursor);
Dataspace parse_dataspace(ByteCursor &cursor, const Limits &limits);
Layout parse_layout(ByteCursor cursor, const Limits &limits);
std::vector<Filter> parse_filters(ByteCursor cursor, const Limits &limits);
Attribute parse_attribute(ByteCursor cursor, const Limits &limits);
Link parse_link(ByteCursor cursor, const Limits &limits);
DenseStorage parse_link_info(ByteCursor cursor);
DenseStorage parse_attribute_info(ByteCursor cursor);

/// Throws unless `name` can be the name of a link: not empty, no '/', NUL, "." or "..".
void check_link_name(std::string_view name, const Limits &limits);

/// Bob Jenkins's lookup3, the checksum of version 2 structures.
uint32_t checksum(std::span<const std::byte> bytes);

} // namespace horn::saving::hdf5
