// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ZipReader.h"

#include "frontend/core/Error.h"
#include "frontend/saving/ZipDirectory.h"

#include <algorithm>
#include <unordered_map>
#include <zip.h>

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
  std::unordered_map<std::string, std::pair<size_t, zip_uint64_t>> index; // member, zip's index

  void open();
  void add(zip_uint64_t zipIndex, const Limits &limits);
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
  constexpr zip_uint64_t needed =
      ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
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
    members.push_back({member, stat.size, stat.comp_size});
  else
    index.erase(member);
}

ZipReader::ZipReader(FileBytes archive, std::string name, const Limits &limits)
    : archive_(std::make_unique<Archive>()) {
  archive_->name = std::move(name);
  archive_->bytes = std::move(archive);
  try {
    check_zip_directory(archive_->bytes.span(), limits);
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

/// Reads exactly `bytes`, then expects the end; libzip compares the CRC when it gets there. The archive's
/// pages are forgotten on the way, so that a large member is in memory once.
static bool readWhole(zip_file_t *file, const FileBytes &bytes, const FileBytes &archive) {
  constexpr size_t kChunk = 8 << 20;
  size_t done = 0;
  while (done < bytes.size()) {
    zip_int64_t got = zip_fread(file, bytes.data() + done, std::min(kChunk, bytes.size() - done));
    if (got <= 0)
      return false;
    done += static_cast<size_t>(got);
    if (bytes.size() > kChunk)
      archive.forget();
  }
  char beyond;
  return zip_fread(file, &beyond, 1) == 0;
}

FileBytes ZipReader::read(std::string_view name) const {
  std::string where = archive_->name + ": " + std::string(name);
  auto found = archive_->index.find(std::string(name));
  if (found == archive_->index.end())
    throw Error({.where = where, .what = "no such member in the archive"});
  auto [member, zipIndex] = found->second;
  std::unique_ptr<zip_file_t, FileCloser> file(
      zip_fopen_index(archive_->handle.get(), zipIndex, 0));
  if (!file)
    throw Error({.where = where,
                 .what = "member cannot be read",
                 .found = zip_strerror(archive_->handle.get())});
  FileBytes bytes = allocate_bytes(archive_->members[member].bytes);
  if (!readWhole(file.get(), bytes, archive_->bytes))
    throw Error(
        {.where = where, .what = "member is damaged: its bytes, size or checksum do not agree"});
  return bytes;
}

} // namespace horn::saving
