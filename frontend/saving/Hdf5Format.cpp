// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Format.h"

#include <bit>
#include <cstring>

namespace horn::saving::hdf5 {

[[noreturn]] static void failVersion(const char *what, unsigned version) {
  throw Error({.what = std::string("version of an HDF5 ") + what + " is not supported",
               .found = std::to_string(version)});
}

//===- Datatype
//---------------------------------------------------------------------------------===//

static DType integerType(uint64_t bytes, bool isSigned) {
  switch (bytes) {
  case 1:
    return isSigned ? DType::int8 : DType::uint8;
  case 2:
    return isSigned ? DType::int16 : DType::uint16;
  case 4:
    return isSigned ? DType::int32 : DType::uint32;
  default:
    return isSigned ? DType::int64 : DType::uint64;
  }
}

static void parseInteger(Datatype &type, uint32_t bits, ByteCursor &cursor) {
  uint16_t offset = cursor.u16();
  uint16_t precision = cursor.u16();
  type.description = std::to_string(type.bytes) + "-byte integer";
  if (!std::has_single_bit(type.bytes) || type.bytes > 8 || offset != 0 ||
      precision != type.bytes * 8)
    return;
  type.kind = Datatype::Kind::number;
  type.big_endian = bits & 1;
  type.dtype = integerType(type.bytes, bits & 8);
}

namespace {
/// Position and size of a floating-point format's fields, in bits.
struct FloatFields {
  uint64_t bytes;
  unsigned exponentAt, exponentBits, mantissaBits, bias;
  DType dtype;
};
} // namespace

static void parseFloat(Datatype &type, uint32_t bits, ByteCursor &cursor) {
  static constexpr FloatFields known[] = {{2, 10, 5, 10, 15, DType::float16},
                                          {2, 7, 8, 7, 127, DType::bfloat16},
                                          {4, 23, 8, 23, 127, DType::float32},
                                          {8, 52, 11, 52, 1023, DType::float64}};
  uint16_t offset = cursor.u16();
  uint16_t precision = cursor.u16();
  uint8_t exponentAt = cursor.u8(), exponentBits = cursor.u8();
  uint8_t mantissaAt = cursor.u8(), mantissaBits = cursor.u8();
  uint32_t bias = cursor.u32();
  unsigned signAt = bits >> 8 & 0xff;
  bool vax = bits & 0x40, impliedOne = (bits >> 4 & 3) == 2;
  type.description = std::to_string(type.bytes) + "-byte floating-point number";
  for (const FloatFields &fields : known)
    if (type.bytes == fields.bytes && offset == 0 && precision == type.bytes * 8 &&
        exponentAt == fields.exponentAt && exponentBits == fields.exponentBits && mantissaAt == 0 &&
        mantissaBits == fields.mantissaBits && bias == fields.bias && signAt + 1 == precision &&
        !vax && impliedOne) {
      type.kind = Datatype::Kind::number;
      type.dtype = fields.dtype;
      type.big_endian = bits & 1;
    }
}

static Datatype parseType(ByteCursor &cursor, bool isBase);

/// h5py stores bool as an enumeration of a one-byte integer: FALSE = 0, TRUE = 1.
static void parseEnumeration(Datatype &type, uint32_t bits, unsigned version, ByteCursor &cursor) {
  unsigned numMembers = bits & 0xffff;
  type.description = "enumeration";
  Datatype base = parseType(cursor, /*isBase=*/true);
  if (numMembers != 2 || type.bytes != 1 || base.bytes != 1 || base.kind != Datatype::Kind::number)
    return;
  std::string names[2];
  for (std::string &name : names) {
    size_t start = cursor.position();
    for (char c; (c = static_cast<char>(cursor.u8())) != 0;)
      name.push_back(c);
    if (version < 3)
      cursor.skip((8 - (cursor.position() - start) % 8) % 8);
  }
  uint8_t first = cursor.u8(), second = cursor.u8();
  if (names[0] == "FALSE" && names[1] == "TRUE" && first == 0 && second == 1) {
    type.kind = Datatype::Kind::number;
    type.dtype = DType::boolean;
  }
}

/// Only strings of variable length; their base type says nothing new and is read over.
static void parseVariable(Datatype &type, uint32_t bits, ByteCursor &cursor) {
  bool isString = (bits & 0xf) == 1;
  uint8_t baseClass = cursor.u8() & 0xf;
  type.description = "variable-length sequence";
  if (isString && type.bytes == 16 && (baseClass == 0 || baseClass == 3)) {
    type.kind = Datatype::Kind::variable_string;
    type.description = "variable-length string";
  }
}

/// Enumerations of enumerations do not exist; the flag keeps the recursion at two levels.
static Datatype parseType(ByteCursor &cursor, bool isBase) {
  uint8_t classAndVersion = cursor.u8();
  uint32_t bits = static_cast<uint32_t>(cursor.number(3));
  Datatype type;
  type.bytes = cursor.u32();
  unsigned version = classAndVersion >> 4, typeClass = classAndVersion & 0xf;
  if (version < 1 || version > 5)
    failVersion("datatype", version);
  if (type.bytes == 0)
    throw Error({.what = "HDF5 datatype has no bytes"});
  switch (typeClass) {
  case 0:
    parseInteger(type, bits, cursor);
    break;
  case 1:
    parseFloat(type, bits, cursor);
    break;
  case 3:
    type.kind = Datatype::Kind::fixed_string;
    type.space_padded = (bits & 0xf) == 2;
    type.description = "fixed-length string";
    break;
  case 5:
    type.kind = Datatype::Kind::opaque;
    type.description = std::to_string(type.bytes) + "-byte opaque value";
    break;
  case 8:
    if (isBase)
      throw Error({.what = "HDF5 enumeration of an enumeration"});
    parseEnumeration(type, bits, version, cursor);
    break;
  case 9:
    parseVariable(type, bits, cursor);
    break;
  default:
    type.description = "HDF5 datatype class " + std::to_string(typeClass);
  }
  return type;
}

Datatype parse_datatype(ByteCursor &cursor) { return parseType(cursor, /*isBase=*/false); }

//===- Dataspace
//--------------------------------------------------------------------------------===//

/// Fills in the number of elements; it fits 2^62.
static void countElements(Dataspace &space) {
  std::optional<int64_t> count = space.shape.num_elements();
  if (!count)
    throw Error(
        {.what = "shape of an HDF5 dataset or attribute is too large", .found = space.shape.str()});
  space.elements = static_cast<uint64_t>(*count);
}

Dataspace parse_dataspace(ByteCursor &cursor, const Limits &limits) {
  unsigned version = cursor.u8();
  unsigned rank = cursor.u8();
  cursor.skip(1);
  unsigned kind = cursor.u8();
  if (version == 1)
    cursor.skip(4);
  else if (version != 2)
    failVersion("dataspace", version);
  Dataspace space;
  space.null = version == 2 && kind == 2;
  if (space.null)
    return space;
  if (rank > limits.rank)
    throw Error({.what = "rank of an HDF5 dataset or attribute exceeds the limit rank",
                 .expected = "at most " + std::to_string(limits.rank),
                 .found = std::to_string(rank)});
  for (unsigned axis = 0; axis < rank; ++axis) {
    uint64_t dim = cursor.u64();
    if (dim > uint64_t(1) << 62)
      throw Error({.what = "dimension of an HDF5 dataset or attribute is too large",
                   .found = std::to_string(dim)});
    space.shape.push_back(static_cast<int64_t>(dim));
  }
  countElements(space);
  return space;
}

//===- Layout and filters
//-----------------------------------------------------------------------===//

/// Reads the chunk's dimensions; the last one is the element's size, which is left out.
static void parseChunkShape(Layout &layout, ByteCursor &cursor, unsigned count, size_t width,
                            const Limits &limits) {
  if (count < 2 || count - 1 > limits.rank || width < 1 || width > 8)
    throw Error(
        {.what = "HDF5 chunk has a wrong number of dimensions", .found = std::to_string(count)});
  for (unsigned i = 0; i < count; ++i)
    layout.chunk.push_back(cursor.number(width));
  layout.chunk.pop_back();
  for (uint64_t dim : layout.chunk)
    if (dim == 0 || dim > UINT32_MAX)
      throw Error({.what = "HDF5 chunk has a wrong dimension", .found = std::to_string(dim)});
}

static void parseChunkIndex(Layout &layout, ByteCursor &cursor, const Limits &limits) {
  unsigned flags = cursor.u8();
  unsigned count = cursor.u8();
  unsigned width = cursor.u8();
  parseChunkShape(layout, cursor, count, width, limits);
  unsigned index = cursor.u8();
  if (index == 1) {
    layout.kind = Layout::Kind::single_chunk;
    layout.filtered = flags & 2;
    if (layout.filtered) {
      layout.bytes = cursor.u64();
      layout.filter_mask = cursor.u32();
    }
  } else if (index == 2) {
    layout.kind = Layout::Kind::implicit_chunks;
  } else {
    throw Error({.what = "index of an HDF5 dataset's chunks is of a kind that is not supported",
                 .found = std::to_string(index),
                 .hint = "write the file with libver='earliest' or without chunks"});
  }
  layout.address = cursor.u64();
}

static Layout parseVersion3Layout(ByteCursor cursor, unsigned version, const Limits &limits) {
  Layout layout;
  unsigned kind = cursor.u8();
  switch (kind) {
  case 0:
    layout.kind = Layout::Kind::compact;
    layout.compact = cursor.take(cursor.u16());
    return layout;
  case 1:
    layout.kind = Layout::Kind::contiguous;
    layout.address = cursor.u64();
    layout.bytes = cursor.u64();
    return layout;
  case 2:
    break;
  case 3:
    throw Error({.what = "HDF5 virtual datasets are refused"});
  default:
    throw Error({.what = "unknown layout of an HDF5 dataset", .found = std::to_string(kind)});
  }
  if (version == 4) {
    parseChunkIndex(layout, cursor, limits);
    return layout;
  }
  layout.kind = Layout::Kind::chunk_tree;
  unsigned count = cursor.u8();
  layout.address = cursor.u64();
  parseChunkShape(layout, cursor, count, 4, limits);
  return layout;
}

Layout parse_layout(ByteCursor cursor, const Limits &limits) {
  unsigned version = cursor.u8();
  if (version != 3 && version != 4)
    failVersion("layout", version);
  return parseVersion3Layout(cursor, version, limits);
}

static Filter parseFilter(ByteCursor &cursor, unsigned version) {
  Filter filter;
  filter.id = cursor.u16();
  unsigned nameBytes = version == 1 || filter.id >= 256 ? cursor.u16() : 0;
  cursor.skip(2);
  unsigned numValues = cursor.u16();
  cursor.skip(version == 1 ? (nameBytes + 7) / 8 * 8 : nameBytes);
  for (unsigned i = 0; i < numValues; ++i)
    filter.values.push_back(cursor.u32());
  if (version == 1 && numValues % 2 == 1)
    cursor.skip(4);
  if (filter.id < Filter::deflate || filter.id > Filter::fletcher32)
    throw Error({.what = "unknown filter of an HDF5 dataset",
                 .expected = "gzip, shuffle or fletcher32",
                 .found = "filter " + std::to_string(filter.id)});
  return filter;
}

std::vector<Filter> parse_filters(ByteCursor cursor, const Limits &limits) {
  unsigned version = cursor.u8();
  unsigned count = cursor.u8();
  if (version != 1 && version != 2)
    failVersion("filter list", version);
  if (count > limits.hdf5_filters)
    throw Error({.what = "HDF5 dataset has more filters than the limit hdf5_filters",
                 .found = std::to_string(count)});
  if (version == 1)
    cursor.skip(6);
  std::vector<Filter> filters;
  for (unsigned i = 0; i < count; ++i)
    filters.push_back(parseFilter(cursor, version));
  return filters;
}

//===- Attributes and links
//---------------------------------------------------------------------===//

/// Bytes up to the first NUL.
static std::string untilNul(std::string_view text) {
  return std::string(text.substr(0, text.find('\0')));
}

static uint64_t attributeBytes(const Attribute &attribute, const Limits &limits) {
  if (attribute.dataspace.null)
    return 0;
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(attribute.dataspace.elements, attribute.datatype.bytes, &bytes) ||
      bytes > limits.hdf5_attribute_bytes)
    throw Error({.where = attribute.name,
                 .what = "HDF5 attribute is larger than the limit hdf5_attribute_bytes"});
  return bytes;
}

Attribute parse_attribute(ByteCursor cursor, const Limits &limits) {
  unsigned version = cursor.u8();
  unsigned flags = cursor.u8();
  if (version < 1 || version > 3)
    failVersion("attribute", version);
  if (version > 1 && flags != 0)
    throw Error({.what = "HDF5 attributes with shared datatypes are not supported"});
  unsigned nameBytes = cursor.u16(), typeBytes = cursor.u16(), spaceBytes = cursor.u16();
  if (version == 3)
    cursor.skip(1);
  auto part = [&](unsigned bytes) {
    std::span<const std::byte> span = cursor.take(version == 1 ? (bytes + 7) / 8 * 8 : bytes);
    return span.first(bytes);
  };
  Attribute attribute;
  std::span<const std::byte> name = part(nameBytes);
  attribute.name = untilNul({reinterpret_cast<const char *>(name.data()), name.size()});
  if (attribute.name.empty() || attribute.name.size() > limits.name_bytes)
    throw Error({.what = "name of an HDF5 attribute is empty or exceeds the limit name_bytes"});
  ByteCursor type(part(typeBytes)), space(part(spaceBytes));
  attribute.datatype = parse_datatype(type);
  attribute.dataspace = parse_dataspace(space, limits);
  attribute.value = cursor.take(attributeBytes(attribute, limits));
  return attribute;
}

void check_link_name(std::string_view name, const Limits &limits) {
  if (name.empty() || name.size() > limits.name_bytes || name == "." || name == ".." ||
      name.find('/') != name.npos || name.find('\0') != name.npos)
    throw Error({.what = "name of an HDF5 link is empty, too long or has forbidden characters"});
}

Link parse_link(ByteCursor cursor, const Limits &limits) {
  if (unsigned version = cursor.u8(); version != 1)
    failVersion("link", version);
  unsigned flags = cursor.u8();
  unsigned kind = flags & 0x8 ? cursor.u8() : 0;
  cursor.skip((flags & 0x4 ? 8 : 0) + (flags & 0x10 ? 1 : 0));
  Link link;
  link.name = cursor.text(cursor.number(size_t(1) << (flags & 3)));
  check_link_name(link.name, limits);
  if (kind != 0)
    throw Error({.where = link.name,
                 .what = kind == 1 ? "HDF5 soft links are refused"
                                   : "HDF5 external and user-defined links are refused"});
  link.address = cursor.u64();
  return link;
}

DenseStorage parse_link_info(ByteCursor cursor) {
  if (unsigned version = cursor.u8(); version != 0)
    failVersion("link info", version);
  cursor.skip(cursor.u8() & 1 ? 8 : 0);
  uint64_t heap = cursor.u64();
  return {heap, cursor.u64()};
}

DenseStorage parse_attribute_info(ByteCursor cursor) {
  if (unsigned version = cursor.u8(); version != 0)
    failVersion("attribute info", version);
  cursor.skip(cursor.u8() & 1 ? 2 : 0);
  uint64_t heap = cursor.u64();
  return {heap, cursor.u64()};
}

//===- Checksum
//---------------------------------------------------------------------------------===//

uint32_t checksum(std::span<const std::byte> bytes) {
  uint32_t a = 0xdeadbeef + static_cast<uint32_t>(bytes.size()), b = a, c = a;
  auto word = [&](size_t at) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4 && at + i < bytes.size(); ++i)
      value |= static_cast<uint32_t>(bytes[at + i]) << (8 * i);
    return value;
  };
  size_t at = 0;
  for (; bytes.size() - at > 12; at += 12) {
    a += word(at), b += word(at + 4), c += word(at + 8);
    a -= c, a ^= std::rotl(c, 4), c += b;
    b -= a, b ^= std::rotl(a, 6), a += c;
    c -= b, c ^= std::rotl(b, 8), b += a;
    a -= c, a ^= std::rotl(c, 16), c += b;
    b -= a, b ^= std::rotl(a, 19), a += c;
    c -= b, c ^= std::rotl(b, 4), b += a;
  }
  if (at == bytes.size())
    return c;
  a += word(at), b += word(at + 4), c += word(at + 8);
  c ^= b, c -= std::rotl(b, 14);
  a ^= c, a -= std::rotl(c, 11);
  b ^= a, b -= std::rotl(a, 25);
  c ^= b, c -= std::rotl(b, 16);
  a ^= c, a -= std::rotl(c, 4);
  b ^= a, b -= std::rotl(a, 14);
  c ^= b, c -= std::rotl(b, 24);
  return c;
}

} // namespace horn::saving::hdf5
