// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ZipDirectory.h"

#include "frontend/saving/ByteCursor.h"

#include <algorithm>
#include <string>
#include <vector>

namespace horn::saving {

static constexpr uint32_t localSignature = 0x04034b50;
static constexpr uint32_t centralSignature = 0x02014b50;
static constexpr uint32_t endSignature = 0x06054b50;
static constexpr uint32_t end64Signature = 0x06064b50;
static constexpr uint32_t locatorSignature = 0x07064b50;
static constexpr size_t endBytes = 22, locatorBytes = 20, end64Bytes = 56, localBytes = 30;

namespace {
/// Where the directory is, from the end record.
struct Directory {
  uint64_t count, bytes, offset;
  uint64_t end; // where it must end: the first of the end records
};

/// One entry of the directory, as far as it is compared.
struct Entry {
  std::string_view name;
  uint16_t flags, method;
  uint64_t storedBytes, size, offset;
};
} // namespace

[[noreturn]] static void fail(const char *what) {
  throw Error({.what = std::string("zip archive ") + what});
}

void check_zip_name(std::string_view name, const Limits &limits) {
  auto refuse = [](const char *why) {
    throw Error({.what = std::string("name of a zip member is refused: it ") + why});
  };
  if (name.empty() || name.size() > limits.name_bytes)
    refuse("is empty or longer than the limit name_bytes");
  if (name.front() == '/' || (name.size() > 1 && name[1] == ':'))
    refuse("is absolute");
  if (name.find('\\') != name.npos || name.find('\0') != name.npos)
    refuse("has a backslash or NUL");
  for (size_t start = 0; start < name.size();) {
    size_t end = std::min(name.find('/', start), name.size());
    std::string_view part = name.substr(start, end - start);
    if (part.empty() || part == ".." || part == ".")
      refuse("has an empty part or a part '.' or '..'");
    start = end + 1;
  }
}

/// Position of the only end record whose comment reaches exactly to the end of the file.
static size_t findEnd(std::span<const std::byte> archive) {
  if (archive.size() < endBytes)
    fail("is too short");
  size_t last = archive.size() - endBytes, found = archive.size();
  size_t first = last > 65535 ? last - 65535 : 0;
  for (size_t at = last + 1; at-- > first;) {
    if (archive[at] != std::byte{'P'})
      continue;
    ByteCursor cursor(archive.subspan(at, endBytes));
    if (cursor.u32() != endSignature)
      continue;
    cursor.skip(16);
    if (at + endBytes + cursor.u16() != archive.size())
      continue;
    if (found != archive.size())
      fail("has two end records");
    found = at;
  }
  if (found == archive.size())
    fail("has no end record: not a whole zip archive");
  return found;
}

/// The 64-bit end record in front of the plain one.
static Directory readEnd64(std::span<const std::byte> archive, size_t end) {
  if (end < locatorBytes + end64Bytes)
    fail("lacks the 64-bit end record that it refers to");
  ByteCursor locator(archive.subspan(end - locatorBytes, locatorBytes));
  uint32_t signature = locator.u32();
  locator.skip(4);
  uint64_t at = locator.u64();
  if (signature != locatorSignature || at != end - locatorBytes - end64Bytes)
    fail("has a wrong 64-bit end record");
  ByteCursor cursor(archive.subspan(at, end64Bytes));
  if (cursor.u32() != end64Signature)
    fail("has a wrong 64-bit end record");
  cursor.skip(8 + 2 + 2 + 4 + 4); // size, versions, disks
  uint64_t here = cursor.u64();
  Directory directory{.count = cursor.u64(), .bytes = 0, .offset = 0, .end = at};
  directory.bytes = cursor.u64();
  directory.offset = cursor.u64();
  if (here != directory.count)
    fail("is split over several files");
  return directory;
}

static Directory readEnd(std::span<const std::byte> archive) {
  size_t end = findEnd(archive);
  ByteCursor cursor(archive.subspan(end, endBytes));
  cursor.skip(4);
  unsigned disk = cursor.u16(), firstDisk = cursor.u16(), here = cursor.u16();
  Directory directory{.count = cursor.u16(), .bytes = 0, .offset = 0, .end = end};
  directory.bytes = cursor.u32();
  directory.offset = cursor.u32();
  if (directory.count == 0xffff || directory.bytes == 0xffffffff || directory.offset == 0xffffffff)
    return readEnd64(archive, end);
  if (disk != 0 || firstDisk != 0 || here != directory.count)
    fail("is split over several files");
  return directory;
}

/// Replaces the values that are all ones by those of the 64-bit extra field.
static void readExtra64(Entry &entry, std::string_view extra) {
  ByteCursor fields(std::as_bytes(std::span(extra)));
  while (fields.remaining() >= 4) {
    unsigned id = fields.u16();
    ByteCursor field(fields.take(fields.u16()));
    if (id != 1)
      continue;
    for (uint64_t *value : {&entry.size, &entry.storedBytes, &entry.offset})
      if (*value == 0xffffffff)
        *value = field.u64();
  }
}

static Entry readEntry(ByteCursor &cursor) {
  if (cursor.u32() != centralSignature)
    fail("has a damaged directory");
  cursor.skip(4);
  Entry entry{};
  entry.flags = cursor.u16();
  entry.method = cursor.u16();
  cursor.skip(8); // time, date, checksum
  entry.storedBytes = cursor.u32();
  entry.size = cursor.u32();
  unsigned nameBytes = cursor.u16(), extraBytes = cursor.u16(), commentBytes = cursor.u16();
  cursor.skip(8); // disk, attributes
  entry.offset = cursor.u32();
  entry.name = cursor.text(nameBytes);
  readExtra64(entry, cursor.text(extraBytes));
  cursor.skip(commentBytes);
  return entry;
}

/// Compares the header in front of a member with the directory; returns where its bytes start.
static uint64_t checkLocal(const Entry &entry, std::span<const std::byte> members) {
  ByteCursor cursor(checked_subspan(members, entry.offset, localBytes));
  uint32_t signature = cursor.u32();
  cursor.skip(2);
  unsigned flags = cursor.u16(), method = cursor.u16();
  cursor.skip(16);
  unsigned nameBytes = cursor.u16(), extraBytes = cursor.u16();
  uint64_t start = entry.offset + localBytes;
  ByteCursor rest(checked_subspan(members, start, nameBytes + extraBytes));
  if (signature != localSignature || flags != entry.flags || method != entry.method ||
      rest.text(nameBytes) != entry.name)
    fail("has a member whose header differs from the directory");
  start += nameBytes + extraBytes;
  checked_subspan(members, start, entry.storedBytes);
  return start;
}

std::vector<uint64_t> check_zip_directory(std::span<const std::byte> archive,
                                          const Limits &limits) {
  Directory directory = readEnd(archive);
  if (directory.count > limits.zip_members)
    throw Error({.what = "zip archive has more members than the limit zip_members",
                 .expected = "at most " + std::to_string(limits.zip_members),
                 .found = std::to_string(directory.count)});
  ByteCursor cursor(checked_subspan(archive, directory.offset, directory.bytes));
  if (directory.offset + directory.bytes != directory.end)
    fail("has bytes before its start or after its directory");
  std::vector<uint64_t> starts;
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (uint64_t i = 0; i < directory.count; ++i) {
    Entry entry = readEntry(cursor);
    check_zip_name(entry.name, limits);
    starts.push_back(checkLocal(entry, archive.first(directory.offset)));
    ranges.emplace_back(entry.offset, starts.back() + entry.storedBytes);
  }
  if (cursor.remaining() != 0)
    fail("has a directory that is longer than its members");
  std::sort(ranges.begin(), ranges.end());
  for (size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].first < ranges[i - 1].second)
      fail("has members that overlap");
  return starts;
}

} // namespace horn::saving
