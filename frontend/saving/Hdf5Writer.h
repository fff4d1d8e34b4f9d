// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes .h5 and .weights.h5 files as h5py does, through libhdf5. The file is made in memory.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// A new HDF5 file. The bytes depend on the calls alone (no times are stored). Paths have no
/// leading '/' (one is ignored); the root is "". All functions throw Error.
class Hdf5Writer {
public:
  Hdf5Writer();
  Hdf5Writer(Hdf5Writer &&) noexcept;
  Hdf5Writer &operator=(Hdf5Writer &&) noexcept;
  ~Hdf5Writer();

  /// Makes a group and those above it; does nothing where they are.
  void create_group(std::string_view path);
  /// Writes an array, contiguous and without filters; groups above it are made. bool is written as
  /// h5py's enumeration, bfloat16 as Keras writes it: 2-byte opaque, attribute dtype="bfloat16".
  void write_dataset(std::string_view path, const Array &array);
  /// Adds a string to a group or dataset that exists.
  void write_attribute(std::string_view path, const std::string &name, std::string_view value);
  /// Adds a list of strings; a long one is split into `name0`, `name1`, ... as Keras does it.
  void write_attribute(std::string_view path, const std::string &name,
                       const std::vector<std::string> &values);

  /// Ends the file and returns its bytes; nothing may be added after that.
  FileBytes finish();
  /// Ends the file and writes it atomically.
  void save(const std::filesystem::path &path);

private:
  struct File;
  std::unique_ptr<File> file_;
};

} // namespace horn::saving
