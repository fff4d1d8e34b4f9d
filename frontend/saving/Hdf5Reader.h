// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads .h5 and .weights.h5 files: groups, datasets and string attributes. This is our own reader
// of the subset that Keras and h5py write; libhdf5 never sees a stranger's file. Refused are soft
// and external links, data in other files, virtual datasets, two names for one object, loops,
// unknown filters and datasets larger than what is stored for them.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace horn::saving {

/// One array of an HDF5 file.
struct Hdf5Dataset {
  std::string path; ///< without a leading '/': "layers/dense/vars/0"
  Shape shape;
  DType dtype = DType::float32;
  bool contiguous = false; ///< in one piece as it is, so that reading it finds no damage
};

/// An HDF5 file. The whole tree is checked when it is opened; elements are read on demand. Paths
/// have no leading '/' (one is ignored); the root is "". Const functions may be called from
/// several threads.
class Hdf5Reader {
public:
  /// Opens a file. Throws Error.
  explicit Hdf5Reader(const std::filesystem::path &path, const Limits &limits = default_limits);
  /// Opens a file in memory, as a member of a .keras archive; `name` stands in messages.
  Hdf5Reader(FileBytes image, std::string name, const Limits &limits = default_limits);
  Hdf5Reader(Hdf5Reader &&) noexcept;
  Hdf5Reader &operator=(Hdf5Reader &&) noexcept;
  ~Hdf5Reader();

  /// All datasets of numbers, groups in the file's order of links (libhdf5 writes them sorted by
  /// name: "10" stands before "2").
  const std::vector<Hdf5Dataset> &datasets() const;
  bool has_group(std::string_view path) const;
  bool has_dataset(std::string_view path) const;
  /// Names of what a group holds, in the file's order. Throws Error when there is no such group.
  const std::vector<std::string> &children(std::string_view group) const;
  /// Shape and type of a dataset. Throws Error when it is missing or not of numbers.
  const Hdf5Dataset &dataset(std::string_view path) const;
  /// The elements of a dataset. Of a mapped file they are read now, so it must not have changed. Of
  /// a file in memory they are a view if they are contiguous, little-endian and aligned. Throws
  /// Error.
  Array read(std::string_view path) const;

  /// Names of the attributes of a group or dataset, in the file's order.
  std::vector<std::string> attribute_names(std::string_view path) const;
  bool has_attribute(std::string_view path, std::string_view name) const;
  /// The value of an attribute that is one string. Throws Error when it is missing or not that.
  std::string string_attribute(std::string_view path, std::string_view name) const;
  /// The value of an attribute that is a list of strings. Keras splits long lists into `name0`,
  /// `name1`, ...; they are put together here. Throws Error when it is missing or not that.
  std::vector<std::string> strings_attribute(std::string_view path, std::string_view name) const;
  /// The value of an attribute of numbers. Throws Error when it is missing or not that.
  Array number_attribute(std::string_view path, std::string_view name) const;

private:
  struct File;
  std::unique_ptr<File> file_;
};

} // namespace horn::saving
