// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Dense.h"

namespace horn::saving::hdf5 {

void walk_dense(const Image &image, const DenseStorage &storage, DenseKind kind, Budget &budget,
                const std::function<void(std::span<const std::byte>)> &add) {
  if (storage.heap == undefined && storage.names == undefined)
    return;
  throw Error({.what = "dense HDF5 groups are not supported"});
}

} // namespace horn::saving::hdf5
