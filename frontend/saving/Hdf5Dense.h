// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Links and attributes in "dense" storage: fractal heap and version 2 B-tree. Written by
// libver='latest' and track_order=True for objects with more than 8 of them. Internal to the
// reader.
#pragma once

#include "frontend/saving/Hdf5Structure.h"

#include <functional>

namespace horn::saving::hdf5 {

/// What a dense storage holds.
enum class DenseKind { links, attributes };

/// Calls `add` with each message of the storage; does nothing when there is none.
void walk_dense(const Image &image, const DenseStorage &storage, DenseKind kind, Budget &budget,
                const std::function<void(std::span<const std::byte>)> &add);

} // namespace horn::saving::hdf5
