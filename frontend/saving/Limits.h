// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much a file may ask for. A file that asks for more is refused with a horn::Error that names
// the limit, before memory is taken. Every reader takes a `const Limits &`; the defaults serve
// models from strangers, and a caller who trusts a file may raise single fields.
#pragma once

#include <cstddef>
#include <cstdint>

namespace horn::saving {

inline constexpr uint64_t KiB = 1024;
inline constexpr uint64_t MiB = 1024 * KiB;
inline constexpr uint64_t GiB = 1024 * MiB;

/// The limits of all file formats; sizes are in bytes.
struct Limits {
  // Any file.
  uint64_t file_bytes = 8 * GiB; ///< whole file
  uint64_t name_bytes = 1024;    ///< name of a member, link, attribute or tensor
  uint64_t rank = 8;             ///< dimensions of an array
  /// Sum of the sizes of all arrays of a file, as a multiple of the file's size (HDF5).
  uint64_t expansion = 4;
  /// Added to `expansion` times the size, for small files.
  uint64_t expansion_floor = 1 * MiB;

  // Zip.
  uint64_t zip_members = 4096;         ///< members of an archive
  uint64_t zip_member_bytes = 8 * GiB; ///< one member, inflated
  uint64_t zip_ratio = 1032;           ///< inflated per deflated byte; deflate can do no better

  // JSON.
  uint64_t json_bytes = 64 * MiB;   ///< text, unpacked
  uint64_t json_depth = 128;        ///< values inside each other
  uint64_t json_tokens = 4'000'000; ///< values and names

  // HDF5.
  uint64_t hdf5_objects = 1'000'000;        ///< groups and datasets
  uint64_t hdf5_group_depth = 64;           ///< groups inside each other
  uint64_t hdf5_attributes = 65'536;        ///< of one object
  uint64_t hdf5_attribute_bytes = 64 * MiB; ///< one attribute's value
  uint64_t hdf5_header_messages = 65'536;   ///< of one object
  uint64_t hdf5_tree_depth = 32;            ///< levels of a B-tree
  uint64_t hdf5_filters = 4;                ///< of one dataset
  uint64_t hdf5_chunks = 16'000'000;        ///< of one dataset

  // Safetensors, .npy, CSV and images.
  uint64_t safetensors_header_bytes = 100'000'000; ///< names and places of tensors
  uint64_t npy_header_bytes = 1 * MiB;             ///< element type and shape
  uint64_t csv_columns = 65'536;                   ///< of one row
  uint64_t image_side = 65'535;                    ///< width or height in pixels
  uint64_t image_pixels = 134'217'728;             ///< width times height
  uint64_t image_ratio = 2048;                     ///< bytes of samples per byte of a JPEG file
  uint64_t image_scans = 500;                      ///< passes of a progressive JPEG
};

/// What readers use unless told otherwise.
inline constexpr Limits default_limits{};

} // namespace horn::saving
