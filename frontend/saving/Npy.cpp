// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Npy.h"

#include "frontend/saving/ByteCursor.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace horn::saving {

static constexpr std::string_view magic("\x93NUMPY", 6);

namespace {
struct TypeCode {
  const char *code; // after the byte order
  DType dtype;
};

/// What the header of a file says.
struct Header {
  DType dtype = DType::float32;
  bool bigEndian = false, fortranOrder = false;
  Shape shape;
};

/// Reads the header's Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }
class HeaderParser {
public:
  HeaderParser(std::string_view text, const Limits &limits) : text_(text), limits_(limits) {}
  Header parse();

private:
  [[noreturn]] void fail() const { throw Error({.what = ".npy header is malformed"}); }
  void skipSpaces();
  bool accept(std::string_view token);
  void expect(std::string_view token);
  std::string_view quoted();
  void parseType(Header &header);
  void parseShape(Header &header);

  std::string_view text_;
  const Limits &limits_;
};
} // namespace

static constexpr TypeCode typeCodes[] = {
    {"f4", DType::float32}, {"f8", DType::float64}, {"f2", DType::float16}, {"i1", DType::int8},
    {"i2", DType::int16},   {"i4", DType::int32},   {"i8", DType::int64},   {"u1", DType::uint8},
    {"u2", DType::uint16},  {"u4", DType::uint32},  {"u8", DType::uint64},  {"b1", DType::boolean}};

//===- Reading
//----------------------------------------------------------------------------------===//

void HeaderParser::skipSpaces() {
  text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
}

bool HeaderParser::accept(std::string_view token) {
  skipSpaces();
  if (!text_.starts_with(token))
    return false;
  text_.remove_prefix(token.size());
  return true;
}

void HeaderParser::expect(std::string_view token) {
  if (!accept(token))
    fail();
}

std::string_view HeaderParser::quoted() {
  bool isDouble = accept("\"");
  if (!isDouble)
    expect("'");
  size_t end = text_.find(isDouble ? '"' : '\'');
  if (end == text_.npos)
    fail();
  std::string_view inside = text_.substr(0, end);
  text_.remove_prefix(end + 1);
  return inside;
}

void HeaderParser::parseType(Header &header) {
  skipSpaces();
  std::string_view name = text_.starts_with('[') ? "a structure" : quoted();
  for (const TypeCode &code : typeCodes)
    if (name.size() == 3 && name.substr(1) == code.code &&
        std::string_view("<>|=").find(name[0]) != std::string_view::npos) {
      header.dtype = code.dtype;
      header.bigEndian = name[0] == '>';
      return;
    }
  throw Error({.what = "element type of a .npy file is not supported",
               .found = std::string(name.substr(0, 100))});
}

void HeaderParser::parseShape(Header &header) {
  expect("(");
  while (!accept(")")) {
    skipSpaces();
    int64_t dim = 0;
    auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), dim);
    if (error != std::errc() || dim < 0)
      fail();
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    if (header.shape.rank() == limits_.rank)
      throw Error({.what = "rank of a .npy array exceeds the limit rank"});
    header.shape.push_back(dim);
    if (!accept(",")) {
      expect(")");
      break;
    }
  }
}

Header HeaderParser::parse() {
  Header header;
  unsigned found = 0;
  expect("{");
  while (!accept("}")) {
    std::string_view key = quoted();
    expect(":");
    unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
    if (bit == 0 || found & bit)
      fail();
    found |= bit;
    if (bit == 1)
      parseType(header);
    else if (bit == 4)
      parseShape(header);
    else if (!(header.fortranOrder = accept("True")))
      expect("False");
    if (!accept(",")) {
      expect("}");
      break;
    }
  }
  skipSpaces();
  if (found != 7 || !text_.empty())
    fail();
  return header;
}

/// Elements in Fortran order to row-major ones: walks the target and steps through the source.
static Array fromFortran(const Array &source) {
  const Shape &shape = source.shape();
  size_t rank = shape.rank(), element = dtype_bytes(source.dtype());
  FileBytes memory = allocate_bytes(source.num_bytes());
  Array result(shape, source.dtype(), memory.data(), memory.owner());
  std::vector<size_t> strides(rank, 1), index(rank, 0);
  for (size_t axis = 1; axis < rank; ++axis)
    strides[axis] = strides[axis - 1] * static_cast<size_t>(shape[axis - 1]);
  size_t from = 0;
  for (size_t to = 0; to < source.size(); ++to) {
    std::memcpy(result.bytes() + to * element, source.bytes() + from * element, element);
    for (size_t axis = rank; axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < static_cast<size_t>(shape[axis]))
        break;
      from -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return result;
}

static Array arrayOf(const Header &header, const FileBytes &bytes, size_t dataStart) {
  if (header.shape.num_elements() == 0)
    return Array(header.shape, header.dtype);
  std::byte *start = bytes.data() + dataStart;
  size_t element = dtype_bytes(header.dtype), size = bytes.size() - dataStart;
  bool asIs = !header.bigEndian && header.dtype != DType::boolean &&
              reinterpret_cast<uintptr_t>(start) % element == 0;
  FileBytes memory(start, size, bytes.owner());
  if (!asIs)
    memory = copy_bytes({reinterpret_cast<const char *>(start), size});
  if (header.bigEndian && element > 1)
    for (size_t i = 0; i < size; i += element)
      std::reverse(memory.data() + i, memory.data() + i + element);
  if (header.dtype == DType::boolean)
    for (size_t i = 0; i < size; ++i)
      memory.data()[i] = std::byte{memory.data()[i] != std::byte{0}};
  Array array(header.shape, header.dtype, memory.data(), memory.owner());
  return header.fortranOrder && header.shape.rank() > 1 ? fromFortran(array) : array;
}

static Array readParts(const FileBytes &bytes, const Limits &limits) {
  ByteCursor cursor(bytes.span());
  if (bytes.size() < 10 || cursor.text(6) != magic)
    throw Error({.what = "not a .npy file"});
  unsigned major = cursor.u8();
  cursor.skip(1);
  if (major < 1 || major > 3)
    throw Error(
        {.what = "version of a .npy file is not supported", .found = std::to_string(major)});
  uint64_t headerBytes = major == 1 ? cursor.u16() : cursor.u32();
  if (headerBytes > limits.npy_header_bytes)
    throw Error({.what = ".npy header is larger than the limit npy_header_bytes"});
  Header header = HeaderParser(cursor.text(headerBytes), limits).parse();
  std::optional<int64_t> elements = header.shape.num_elements();
  uint64_t size = 0;
  if (!elements ||
      __builtin_mul_overflow(static_cast<uint64_t>(*elements), dtype_bytes(header.dtype), &size))
    throw Error({.what = ".npy array is too large", .found = header.shape.str()});
  if (size != cursor.remaining())
    throw Error({.what = ".npy file's size does not fit its shape " + header.shape.str(),
                 .expected = std::to_string(size) + " bytes of data",
                 .found = std::to_string(cursor.remaining())});
  return arrayOf(header, bytes, cursor.position());
}

Array read_npy(const FileBytes &bytes, const std::string &name, const Limits &limits) {
  try {
    return readParts(bytes, limits);
  } catch (const Error &error) {
    throw error.within(name);
  }
}

Array read_npy(const std::filesystem::path &path, const Limits &limits) {
  return read_npy(map_file(path, limits), path.string(), limits);
}

//===- Writing
//----------------------------------------------------------------------------------===//

static std::string typeCode(DType dtype) {
  for (const TypeCode &code : typeCodes)
    if (code.dtype == dtype)
      return (dtype_bytes(dtype) == 1 ? "|" : "<") + std::string(code.code);
  throw Error(
      {.what = "element type has no name in .npy files", .found = std::string(dtype_name(dtype))});
}

void write_npy(const std::filesystem::path &path, const Array &array) {
  std::string shape;
  for (int64_t dim : array.shape())
    shape += (shape.empty() ? "" : ", ") + std::to_string(dim);
  if (array.shape().rank() == 1)
    shape += ",";
  std::string header = "{'descr': '" + typeCode(array.dtype()) +
                       "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr size_t prefix = 10, alignment = 64;
  size_t total = (prefix + header.size() + 1 + alignment - 1) / alignment * alignment;
  header.resize(total - prefix - 1, ' ');
  header += '\n';
  std::string start(magic);
  start += {'\x01', '\x00', static_cast<char>(header.size() & 0xff),
            static_cast<char>(header.size() >> 8)};
  write_file_atomically(path, [&](const ByteSink &sink) {
    sink(std::as_bytes(std::span(start)));
    sink(std::as_bytes(std::span(header)));
    sink({array.bytes(), array.num_bytes()});
  });
}

} // namespace horn::saving
