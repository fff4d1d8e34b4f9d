// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/FileBytes.h"

#include "frontend/core/Error.h"
#include "frontend/saving/Parts.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace horn::saving {

namespace {
/// Closes a file descriptor at the end of a scope.
struct Descriptor {
  int number = -1;
  explicit Descriptor(int number) : number(number) {}
  Descriptor(Descriptor &&other) noexcept : number(std::exchange(other.number, -1)) {}
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

/// The file beside the final one; it is removed unless `keep` was called.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::filesystem::path &path);
  TemporaryFile(const TemporaryFile &) = delete;
  ~TemporaryFile();
  void write(std::span<const std::byte> bytes);
  void move_to(const std::filesystem::path &path);

private:
  [[noreturn]] void fail(const char *what) const;

  std::string name_;
  int file_ = -1;
};
} // namespace

[[noreturn]] static void failWithErrno(const std::filesystem::path &path, const std::string &what) {
  throw Error({.where = path.string(), .what = what + ": " + std::strerror(errno)});
}

/// A file that is open and mapped, private to the process.
class FileBytes::MappedFile {
public:
  /// Throws Error; `status` is that of the file.
  MappedFile(Descriptor file, const struct stat &status, std::filesystem::path path);
  MappedFile(const MappedFile &) = delete;
  ~MappedFile() { ::munmap(memory_, size_); }

  std::byte *memory() const { return memory_; }
  /// Reads the bytes of the file that are mapped at `from`.
  void read(const std::byte *from, std::span<std::byte> to) const;

private:
  void read_part(off_t offset, std::span<std::byte> to) const;
  void check_unchanged() const;

  Descriptor file_;
  std::filesystem::path path_;
  std::byte *memory_;
  size_t size_;
  struct timespec modified_;
};

FileBytes::MappedFile::MappedFile(Descriptor file, const struct stat &status,
                                  std::filesystem::path path)
    : file_(std::move(file)), path_(std::move(path)), size_(static_cast<size_t>(status.st_size)),
      modified_(status.st_mtim) {
  void *memory =
      ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file_.number, 0);
  if (memory == MAP_FAILED)
    failWithErrno(path_, "cannot map the file");
  memory_ = static_cast<std::byte *>(memory);
}

void FileBytes::MappedFile::check_unchanged() const {
  struct stat status;
  if (::fstat(file_.number, &status) != 0)
    failWithErrno(path_, "cannot ask for the file's size");
  if (static_cast<size_t>(status.st_size) != size_ || status.st_mtim.tv_sec != modified_.tv_sec ||
      status.st_mtim.tv_nsec != modified_.tv_nsec)
    throw Error({.where = path_.string(),
                 .what = "the file was changed after it was opened",
                 .hint = "open it again; write new files aside and rename them"});
}

void FileBytes::MappedFile::read_part(off_t offset, std::span<std::byte> to) const {
  for (size_t done = 0; done < to.size();) {
    ssize_t got = ::pread(file_.number, to.data() + done, to.size() - done,
                          offset + static_cast<off_t>(done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      check_unchanged();
      failWithErrno(path_, "cannot read the file");
    }
    done += static_cast<size_t>(got);
  }
}

void FileBytes::MappedFile::read(const std::byte *from, std::span<std::byte> to) const {
  for_each_part(to.size(), [&](const Part &part) {
    read_part(from - memory_ + static_cast<off_t>(part.begin),
              to.subspan(part.begin, part.end - part.begin));
  });
  check_unchanged();
}

FileBytes map_file(const std::filesystem::path &path, const Limits &limits) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number < 0)
    failWithErrno(path, "cannot open the file");
  struct stat status;
  if (::fstat(file.number, &status) != 0)
    failWithErrno(path, "cannot ask for the file's size");
  if (!S_ISREG(status.st_mode))
    throw Error({.where = path.string(), .what = "not a regular file"});
  size_t size = static_cast<size_t>(status.st_size);
  if (size > limits.file_bytes)
    throw Error({.where = path.string(),
                 .what = "file is larger than the limit file_bytes",
                 .expected = "at most " + std::to_string(limits.file_bytes) + " bytes",
                 .found = std::to_string(size)});
  if (size == 0)
    return {};
  auto mapped = std::make_shared<FileBytes::MappedFile>(std::move(file), status, path);
  FileBytes bytes(mapped->memory(), size, mapped);
  bytes.file_ = mapped.get();
  return bytes;
}

FileBytes FileBytes::part(size_t offset, size_t length) const {
  FileBytes bytes = *this;
  bytes.data_ = data_ + offset;
  bytes.size_ = length;
  return bytes;
}

FileBytes FileBytes::fetch(size_t offset, size_t length) const {
  if (!file_)
    return part(offset, length);
  FileBytes bytes = allocate_bytes(length);
  file_->read(data_ + offset, {bytes.data(), length});
  return bytes;
}

void FileBytes::forget() const {
  if (!file_)
    return;
  // Whole pages alone can be given back; what shares a page with others stays.
  static const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  auto start = reinterpret_cast<uintptr_t>(data_);
  uintptr_t first = (start + page - 1) / page * page, end = (start + size_) / page * page;
  if (first < end)
    ::madvise(reinterpret_cast<void *>(first), end - first, MADV_DONTNEED);
}

FileBytes allocate_bytes(size_t size) {
  // No huge pages are asked for, as the runtime does for weights that are read in every run: most
  // blocks are soon let go of, and their memory serves for the next where malloc keeps it; and
  // where a virtual machine's host has to find huge pages first, that takes longer than reading.
  constexpr size_t alignment = 64;
  size_t rounded = (size + alignment) / alignment * alignment;
  void *memory = rounded > size ? std::aligned_alloc(alignment, rounded) : nullptr;
  if (!memory)
    throw Error({.what = "not enough memory for " + std::to_string(size) + " bytes"});
  return {static_cast<std::byte *>(memory), size, std::shared_ptr<void>(memory, std::free)};
}

FileBytes copy_bytes(std::string_view text) {
  FileBytes bytes = allocate_bytes(text.size());
  if (!text.empty())
    std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

TemporaryFile::TemporaryFile(const std::filesystem::path &path) : name_(path.string()) {
  name_ += ".XXXXXX";
  file_ = ::mkostemp(name_.data(), O_CLOEXEC);
  if (file_ < 0)
    failWithErrno(path, "cannot make a file beside it");
  // mkostemp gives 0600; what a plain open would have given depends on the umask. Reading the
  // umask means setting it, which is not safe with threads, so the usual one is assumed.
  ::fchmod(file_, 0644);
}

TemporaryFile::~TemporaryFile() {
  if (file_ >= 0)
    ::close(file_);
  if (!name_.empty())
    ::unlink(name_.c_str());
}

void TemporaryFile::fail(const char *what) const { failWithErrno(name_, what); }

void TemporaryFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file_, bytes.data(), std::min(bytes.size(), size_t(1) << 30));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      fail("cannot write");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void TemporaryFile::move_to(const std::filesystem::path &path) {
  if (::fsync(file_) != 0)
    fail("cannot sync");
  int closed = ::close(file_);
  file_ = -1;
  if (closed != 0)
    fail("cannot close");
  if (::rename(name_.c_str(), path.c_str()) != 0)
    failWithErrno(path, "cannot rename the new file");
  name_.clear();
}

/// After a rename the folder's entry must reach the disk too. Some file systems refuse to sync
/// folders; the file itself is safe then all the same.
static void syncFolder(const std::filesystem::path &path) {
  std::filesystem::path folder = path.parent_path().empty() ? "." : path.parent_path();
  Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number >= 0)
    ::fsync(file.number);
}

void write_file_atomically(const std::filesystem::path &path,
                           const std::function<void(const ByteSink &)> &writer) {
  TemporaryFile file(path);
  writer([&file](std::span<const std::byte> bytes) { file.write(bytes); });
  file.move_to(path);
  syncFolder(path);
}

} // namespace horn::saving
