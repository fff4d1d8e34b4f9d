// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ZipWriter.h"

#include "frontend/core/Error.h"
#include "frontend/saving/ZipDirectory.h"

#include <memory>
#include <zip.h>

namespace horn::saving {

namespace {
/// An archive that libzip writes to memory.
class MemoryArchive {
public:
  MemoryArchive();
  MemoryArchive(const MemoryArchive &) = delete;
  ~MemoryArchive();
  void add(const std::string &name, const FileBytes &bytes);
  void close();
  void write(const ByteSink &sink);

private:
  [[noreturn]] void fail(const char *what) const { throw Error({.what = what}); }

  zip_source_t *memory_ = nullptr;
  zip_t *archive_ = nullptr;
};
} // namespace

MemoryArchive::MemoryArchive() {
  memory_ = zip_source_buffer_create(nullptr, 0, /*freep=*/0, nullptr);
  if (!memory_)
    fail("cannot make a zip archive");
  archive_ = zip_open_from_source(memory_, ZIP_TRUNCATE, nullptr);
  if (!archive_) {
    zip_source_free(memory_);
    fail("cannot make a zip archive");
  }
  zip_source_keep(memory_); // the archive frees it once when it is closed
}

MemoryArchive::~MemoryArchive() {
  if (archive_)
    zip_discard(archive_);
  zip_source_free(memory_);
}

void MemoryArchive::add(const std::string &name, const FileBytes &bytes) {
  constexpr zip_uint16_t midnight = 0, firstOf1980 = 1 << 5 | 1;
  zip_source_t *source = zip_source_buffer(archive_, bytes.data(), bytes.size(), /*freep=*/0);
  zip_int64_t index = source ? zip_file_add(archive_, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
  if (source && index < 0)
    zip_source_free(source);
  if (index < 0 ||
      zip_set_file_compression(archive_, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive_, static_cast<zip_uint64_t>(index), midnight, firstOf1980, 0))
    throw Error({.where = name, .what = "cannot add a member to the zip archive"});
}

void MemoryArchive::close() {
  if (zip_close(archive_) != 0)
    throw Error({.what = "cannot write the zip archive", .found = zip_strerror(archive_)});
  archive_ = nullptr;
}

void MemoryArchive::write(const ByteSink &sink) {
  std::vector<std::byte> block(MiB);
  if (zip_source_open(memory_) != 0)
    fail("cannot read the new zip archive back");
  zip_int64_t got;
  while ((got = zip_source_read(memory_, block.data(), block.size())) > 0)
    sink(std::span(block).first(static_cast<size_t>(got)));
  zip_source_close(memory_);
  if (got < 0)
    fail("cannot read the new zip archive back");
}

void ZipWriter::add(const std::string &name, FileBytes bytes) {
  check_zip_name(name, default_limits);
  for (const Member &member : members_)
    if (member.name == name)
      throw Error({.where = name, .what = "member is added twice to a zip archive"});
  members_.push_back({name, std::move(bytes)});
}

void ZipWriter::save(const std::filesystem::path &path) const {
  try {
    MemoryArchive archive;
    for (const Member &member : members_)
      archive.add(member.name, member.bytes);
    archive.close();
    write_file_atomically(path, [&](const ByteSink &sink) { archive.write(sink); });
  } catch (const Error &error) {
    if (error.parts().where == path.string())
      throw;
    throw error.within(path.string());
  }
}

} // namespace horn::saving
