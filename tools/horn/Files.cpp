// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Files.h"

#include "frontend/core/Error.h"
#include "frontend/saving/FileBytes.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace horn::cli {

void write_text(const std::filesystem::path &path, std::string_view text) {
  saving::write_file_atomically(path, [&](const saving::ByteSink &sink) {
    sink({reinterpret_cast<const std::byte *>(text.data()), text.size()});
  });
}

std::string read_text(const std::filesystem::path &path) {
  return std::string(saving::map_file(path).text());
}

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string name = ((error ? "/tmp" : parent) / "horn.XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw Error({.where = name,
                 .what = std::string("cannot make a temporary folder: ") + std::strerror(errno)});
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace horn::cli
