// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a dataset's layout to its elements: contiguous bytes as they are, chunks through their
// filters. Internal to the reader.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/Hdf5Structure.h"

namespace horn::saving::hdf5 {

/// What is known of a dataset before its elements are read.
struct DatasetInfo {
  Datatype datatype;
  Dataspace dataspace;
  Layout layout;
  std::vector<Filter> filters;

  /// Size of all elements; checked not to overflow when the dataset was opened.
  uint64_t bytes() const { return dataspace.elements * datatype.bytes; }
};

/// Compares what the dataset declares with what the file can hold and pays for its elements.
void check_storage(const Image &image, const DatasetInfo &dataset, Budget &budget);

/// The elements, never in a mapped file's memory. Contiguous little-endian ones in other memory
/// that are aligned are a view of it.
Array read_elements(const Image &image, const DatasetInfo &dataset);

/// Undoes the filters of a chunk, the last one first, and returns its `bytes` bytes.
FileBytes unfilter(std::span<const std::byte> stored, const std::vector<Filter> &filters,
                   uint32_t mask, uint64_t bytes);

} // namespace horn::saving::hdf5
