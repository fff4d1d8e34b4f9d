// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texts to files, and folders for a while.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace horn::cli {

/// Writes a text aside and renames it to `path`. Throws Error.
void write_text(const std::filesystem::path &path, std::string_view text);
/// The whole text of a file. Throws Error.
std::string read_text(const std::filesystem::path &path);

/// An empty folder that is removed, with what is in it, when the object goes.
class TemporaryFolder {
public:
  /// Throws Error.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  const std::filesystem::path &path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace horn::cli
