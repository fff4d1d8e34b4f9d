// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ZipReader.h"

#include "frontend/saving/ByteCursor.h"
#include "frontend/saving/Crc32.h"
#include "frontend/saving/Parts.h"
#include "frontend/saving/ZipDirectory.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <zip.h>
#include <zlib.h>

namespace horn::saving {

namespace {
struct ArchiveCloser {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct FileCloser {
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};
} // namespace

struct ZipReader::Archive {
  std::string name;
  FileBytes bytes;
  std::unique_ptr<zip_t, ArchiveCloser> handle;
  std::vector<ZipMember> members;
  std::vector<uint64_t> starts; ///< of the members' bytes, by zip's index
  std::unordered_map<std::string, std::pair<size_t, zip_uint64_t>> index; // member, zip's index

  void open();
  void add(zip_uint64_t zipIndex, const Limits &limits);
  std::optional<FileBytes> readStored(zip_uint64_t zipIndex) const;
  std::optional<FileBytes> readDeflated(zip_uint64_t zipIndex, size_t size) const;
};

/// Why a member's declared sizes are refused, or nothing.
static std::string sizeFault(const zip_stat_t &stat, uint64_t archiveBytes, const Limits &limits) {
  if (stat.comp_size > archiveBytes)
    return "claims more bytes than the archive has";
  if (stat.comp_method == ZIP_CM_STORE && stat.size != stat.comp_size)
    return "is stored, yet its two sizes differ";
  if (stat.size > limits.zip_member_bytes)
    return "is larger than the limit zip_member_bytes";
  if (stat.size / limits.zip_ratio > stat.comp_size)
    return "claims more bytes than its deflated ones can give";
  return {};
}

static std::string memberFault(const zip_stat_t &stat, uint64_t archiveBytes,
                               const Limits &limits) {
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
                                  ZIP_STAT_ENCRYPTION_METHOD | ZIP_STAT_CRC;
  if ((stat.valid & needed) != needed)
    return "has no sizes";
  if (stat.encryption_method != ZIP_EM_NONE)
    return "is encrypted";
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
    return "uses compression method " + std::to_string(stat.comp_method) +
           "; stored and deflate are known";
  return sizeFault(stat, archiveBytes, limits);
}

void ZipReader::Archive::open() {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), /*freep=*/0, &error);
  zip_t *opened =
      source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr;
  if (!opened && source)
    zip_source_free(source);
  std::string reason = opened ? "" : zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!opened)
    throw Error({.what = "not a whole zip archive", .found = reason});
  handle.reset(opened);
}

void ZipReader::Archive::add(zip_uint64_t zipIndex, const Limits &limits) {
  zip_stat_t stat;
  if (zip_stat_index(handle.get(), zipIndex, ZIP_FL_ENC_RAW, &stat) != 0 ||
      !(stat.valid & ZIP_STAT_NAME))
    throw Error({.what = "member " + std::to_string(zipIndex) + " cannot be read"});
  std::string member = stat.name;
  check_zip_name(member, limits);
  if (std::string fault = memberFault(stat, bytes.size(), limits); !fault.empty())
    throw Error({.where = member, .what = "member " + fault});
  if (!index.emplace(member, std::pair(members.size(), zipIndex)).second)
    throw Error({.where = member, .what = "member occurs twice"});
  if (member.back() != '/')
    members.push_back({member, stat.size, stat.comp_size, stat.comp_method == ZIP_CM_STORE});
  else
    index.erase(member);
}

ZipReader::ZipReader(FileBytes archive, std::string name, const Limits &limits)
    : archive_(std::make_unique<Archive>()) {
  archive_->name = std::move(name);
  archive_->bytes = std::move(archive);
  try {
    archive_->starts = check_zip_directory(archive_->bytes.span(), limits);
    archive_->open();
    zip_int64_t count = zip_get_num_entries(archive_->handle.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i)
      archive_->add(static_cast<zip_uint64_t>(i), limits);
  } catch (const Error &error) {
    throw error.within(archive_->name);
  }
}

ZipReader::ZipReader(const std::filesystem::path &path, const Limits &limits)
    : ZipReader(map_file(path, limits), path.string(), limits) {}

ZipReader::ZipReader(ZipReader &&) noexcept = default;
ZipReader &ZipReader::operator=(ZipReader &&) noexcept = default;
ZipReader::~ZipReader() = default;

const std::vector<ZipMember> &ZipReader::members() const { return archive_->members; }

bool ZipReader::has(std::string_view name) const {
  return archive_->index.count(std::string(name)) != 0;
}

/// So much of a large member is in memory twice, or at all if it is only looked at.
static constexpr size_t kChunk = 8 * MiB;

/// The CRC of bytes, which are forgotten on the way.
static uint32_t checksum(const FileBytes &bytes) {
  std::vector<uint32_t> sums(num_parts(bytes.size()));
  std::vector<size_t> sizes(sums.size());
  for_each_part(bytes.size(), [&](const Part &part) {
    uint32_t crc = 0;
    for (size_t done = part.begin; done < part.end; done += kChunk) {
      FileBytes chunk = bytes.part(done, std::min(kChunk, part.end - done));
      crc = crc32_of(chunk.span(), crc);
      if (chunk.size() == kChunk)
        chunk.forget();
    }
    sums[part.number] = crc;
    sizes[part.number] = part.end - part.begin;
  });
  uLong crc = 0;
  for (size_t i = 0; i < sums.size(); ++i)
    crc = crc32_combine(crc, sums[i], static_cast<z_off_t>(sizes[i]));
  return static_cast<uint32_t>(crc);
}

/// A view of a stored member, or nothing when the CRC is not that of its bytes.
std::optional<FileBytes> ZipReader::Archive::readStored(zip_uint64_t zipIndex) const {
  zip_stat_t stat;
  zip_stat_index(handle.get(), zipIndex, 0, &stat);
  checked_subspan(bytes.span(), starts.at(zipIndex), stat.size);
  FileBytes member = bytes.part(starts.at(zipIndex), stat.size);
  return checksum(member) == stat.crc ? std::optional(member) : std::nullopt;
}

/// Reads exactly `size` bytes, then expects the end; libzip compares the CRC when it gets there.
std::optional<FileBytes> ZipReader::Archive::readDeflated(zip_uint64_t zipIndex,
                                                          size_t size) const {
  std::unique_ptr<zip_file_t, FileCloser> file(zip_fopen_index(handle.get(), zipIndex, 0));
  if (!file)
    return std::nullopt;
  FileBytes member = allocate_bytes(size);
  for (size_t done = 0; done < size;) {
    zip_int64_t got = zip_fread(file.get(), member.data() + done, std::min(kChunk, size - done));
    if (got <= 0)
      return std::nullopt;
    done += static_cast<size_t>(got);
    if (size > kChunk)
      bytes.forget();
  }
  char beyond;
  return zip_fread(file.get(), &beyond, 1) == 0 ? std::optional(member) : std::nullopt;
}

FileBytes ZipReader::read(std::string_view name) const {
  std::string where = archive_->name + ": " + std::string(name);
  auto found = archive_->index.find(std::string(name));
  if (found == archive_->index.end())
    throw Error({.where = where, .what = "no such member in the archive"});
  auto [number, zipIndex] = found->second;
  const ZipMember &member = archive_->members[number];
  std::optional<FileBytes> bytes = member.stored ? archive_->readStored(zipIndex)
                                                 : archive_->readDeflated(zipIndex, member.bytes);
  if (!bytes)
    throw Error(
        {.where = where, .what = "member is damaged: its bytes, size or checksum do not agree"});
  return *bytes;
}

} // namespace horn::saving
