// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Safetensors.h"

#include "frontend/saving/ByteCursor.h"
#include "frontend/saving/Json.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

namespace horn::saving {

using nlohmann::ordered_json;

namespace {
/// An entry of the header, before its bytes are looked at.
struct Entry {
  std::string name;
  DType dtype;
  Shape shape;
  uint64_t begin = 0, end = 0;
};
} // namespace

bool Safetensors::has(std::string_view name) const {
  return std::any_of(arrays.begin(), arrays.end(),
                     [&](const NamedArray &array) { return array.name == name; });
}

const Array &Safetensors::at(std::string_view name) const {
  for (const NamedArray &array : arrays)
    if (array.name == name)
      return array.array;
  throw Error({.what = "no array '" + std::string(name) + "' in the safetensors file"});
}

//===- Reading
//----------------------------------------------------------------------------------===//

static DType dtypeOf(const std::string &name) {
  static constexpr DType all[] = {
#define HORN_DTYPE(name, bytes, safetensors) DType::name,
#include "frontend/core/DTypes.def"
  };
  for (DType dtype : all)
    if (dtype_safetensors_name(dtype) == name)
      return dtype;
  throw Error({.what = "element type of a safetensors array is not supported", .found = name});
}

/// The member `key` of an entry, of the wanted kind.
static const ordered_json &member(const ordered_json &entry, const char *key,
                                  ordered_json::value_t kind) {
  auto found = entry.find(key);
  if (found == entry.end() || found->type() != kind)
    throw Error({.what = std::string("header entry has no proper '") + key + "'"});
  return *found;
}

static uint64_t unsignedOf(const ordered_json &value) {
  if (!value.is_number_unsigned())
    throw Error({.what = "header has a number that is negative or not whole"});
  return value.get<uint64_t>();
}

static Entry parseEntry(const std::string &name, const ordered_json &value, const Limits &limits) {
  if (!value.is_object() || name.size() > limits.name_bytes)
    throw Error({.what = "header entry is not an object or has a name that is too long"});
  using Kind = ordered_json::value_t;
  Entry entry{.name = name, .dtype = dtypeOf(member(value, "dtype", Kind::string))};
  const ordered_json &shape = member(value, "shape", Kind::array);
  if (shape.size() > limits.rank)
    throw Error({.what = "rank of an array exceeds the limit rank"});
  for (const ordered_json &dim : shape) {
    uint64_t size = unsignedOf(dim);
    if (size > uint64_t(1) << 62)
      throw Error({.what = "dimension of an array is too large"});
    entry.shape.push_back(static_cast<int64_t>(size));
  }
  const ordered_json &offsets = member(value, "data_offsets", Kind::array);
  if (offsets.size() != 2)
    throw Error({.what = "header entry has no proper 'data_offsets'"});
  entry.begin = unsignedOf(offsets[0]);
  entry.end = unsignedOf(offsets[1]);
  return entry;
}

/// Throws unless the entry's bytes are those of its shape and inside the file.
static void checkEntry(const Entry &entry, uint64_t dataBytes) {
  std::optional<int64_t> elements = entry.shape.num_elements();
  uint64_t bytes = 0;
  if (!elements ||
      __builtin_mul_overflow(static_cast<uint64_t>(*elements), dtype_bytes(entry.dtype), &bytes))
    throw Error({.what = "array is too large", .found = entry.shape.str()});
  if (entry.begin > entry.end || entry.end > dataBytes || entry.end - entry.begin != bytes)
    throw Error({.what = "offsets of an array do not fit its shape or the file",
                 .expected = std::to_string(bytes) + " bytes",
                 .found = std::to_string(entry.begin) + " to " + std::to_string(entry.end)});
}

static void checkCoverage(std::vector<Entry> &entries, uint64_t dataBytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  uint64_t position = 0;
  for (const Entry &entry : entries) {
    if (entry.begin != position)
      throw Error({.where = entry.name, .what = "arrays overlap or leave a gap"});
    position = entry.end;
  }
  if (position != dataBytes)
    throw Error({.what = "file is longer than its arrays",
                 .expected = std::to_string(position) + " bytes of data",
                 .found = std::to_string(dataBytes)});
}

static Array arrayOf(const Entry &entry, const FileBytes &bytes, uint64_t dataStart) {
  std::byte *start = bytes.data() + dataStart + entry.begin;
  if (entry.begin == entry.end)
    return Array(entry.shape, entry.dtype);
  if (reinterpret_cast<uintptr_t>(start) % dtype_bytes(entry.dtype) == 0 &&
      entry.dtype != DType::boolean)
    return Array(entry.shape, entry.dtype, start, bytes.owner());
  FileBytes copy = allocate_bytes(entry.end - entry.begin);
  std::memcpy(copy.data(), start, copy.size());
  if (entry.dtype == DType::boolean)
    for (size_t i = 0; i < copy.size(); ++i)
      copy.data()[i] = std::byte{copy.data()[i] != std::byte{0}};
  return Array(entry.shape, entry.dtype, copy.data(), copy.owner());
}

static void readMetadata(const ordered_json &value, Safetensors &result) {
  if (!value.is_object())
    throw Error({.what = "'__metadata__' is not an object of texts"});
  for (const auto &[key, text] : value.items()) {
    if (!text.is_string())
      throw Error({.what = "'__metadata__' is not an object of texts"});
    result.metadata[key] = text.get<std::string>();
  }
}

static Safetensors readParts(const FileBytes &bytes, const Limits &limits) {
  ByteCursor cursor(bytes.span());
  uint64_t headerBytes = cursor.u64();
  if (headerBytes > limits.safetensors_header_bytes)
    throw Error({.what = "header is larger than the limit safetensors_header_bytes"});
  Limits headerLimits = limits;
  headerLimits.json_bytes = limits.safetensors_header_bytes;
  ordered_json header = parse_json(cursor.text(headerBytes), "header", headerLimits);
  if (!header.is_object())
    throw Error({.what = "header is not a JSON object"});
  Safetensors result;
  std::vector<Entry> entries;
  uint64_t dataBytes = cursor.remaining();
  for (const auto &[name, value] : header.items()) {
    if (name == "__metadata__") {
      readMetadata(value, result);
      continue;
    }
    try {
      entries.push_back(parseEntry(name, value, limits));
      checkEntry(entries.back(), dataBytes);
    } catch (const Error &error) {
      throw error.within(name);
    }
  }
  checkCoverage(entries, dataBytes);
  for (const Entry &entry : entries)
    result.arrays.push_back({entry.name, arrayOf(entry, bytes, cursor.position())});
  return result;
}

Safetensors read_safetensors(const FileBytes &bytes, const std::string &name,
                             const Limits &limits) {
  try {
    return readParts(bytes, limits);
  } catch (const Error &error) {
    throw error.within(name);
  }
}

Safetensors read_safetensors(const std::filesystem::path &path, const Limits &limits) {
  return read_safetensors(map_file(path, limits), path.string(), limits);
}

//===- Writing
//----------------------------------------------------------------------------------===//

static std::string headerText(const std::vector<const NamedArray *> &arrays,
                              const std::map<std::string, std::string> &metadata) {
  ordered_json header = ordered_json::object();
  auto add = [&header](const std::string &key, ordered_json value) {
    auto &members = header.get_ref<ordered_json::object_t &>();
    static_cast<ordered_json::object_t::Container &>(members).emplace_back(key, std::move(value));
  };
  if (!metadata.empty())
    add("__metadata__", ordered_json(metadata));
  uint64_t offset = 0;
  for (const NamedArray *array : arrays) {
    uint64_t end = offset + array->array.num_bytes();
    add(array->name, {{"dtype", dtype_safetensors_name(array->array.dtype())},
                      {"shape", array->array.shape().dims()},
                      {"data_offsets", {offset, end}}});
    offset = end;
  }
  std::string text = json_text(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

void write_safetensors(const std::filesystem::path &path, const std::vector<NamedArray> &arrays,
                       const std::map<std::string, std::string> &metadata) {
  std::vector<const NamedArray *> sorted;
  for (const NamedArray &array : arrays)
    sorted.push_back(&array);
  std::sort(sorted.begin(), sorted.end(), [](const NamedArray *a, const NamedArray *b) {
    size_t bytesA = dtype_bytes(a->array.dtype()), bytesB = dtype_bytes(b->array.dtype());
    return bytesA != bytesB ? bytesA > bytesB : a->name < b->name;
  });
  std::map<std::string_view, int> names{{"__metadata__", 1}};
  for (const NamedArray *array : sorted)
    if (names[array->name]++)
      throw Error({.where = path.string(),
                   .what = "array name '" + array->name + "' is reserved or used twice"});
  std::string header = headerText(sorted, metadata);
  uint64_t headerBytes = header.size();
  write_file_atomically(path, [&](const ByteSink &sink) {
    sink(std::as_bytes(std::span(&headerBytes, 1)));
    sink(std::as_bytes(std::span(header)));
    for (const NamedArray *array : sorted)
      sink({array->array.bytes(), array->array.num_bytes()});
  });
}

} // namespace horn::saving
