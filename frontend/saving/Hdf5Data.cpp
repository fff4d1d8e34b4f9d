// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Data.h"

#include <algorithm>
#include <cstring>

namespace horn::saving::hdf5 {

static uint64_t checkedProduct(uint64_t a, uint64_t b) {
  uint64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    throw Error({.what = "size of an HDF5 dataset is too large"});
  return product;
}

//===- Declared against stored
//------------------------------------------------------------------===//

static uint64_t chunkBytes(const DatasetInfo &dataset) {
  uint64_t bytes = dataset.datatype.bytes;
  for (uint64_t dim : dataset.layout.chunk)
    bytes = checkedProduct(bytes, dim);
  return bytes;
}

/// Number of chunks along each axis.
static std::vector<uint64_t> chunkGrid(const DatasetInfo &dataset) {
  std::vector<uint64_t> grid;
  for (size_t axis = 0; axis < dataset.layout.chunk.size(); ++axis) {
    uint64_t dim = static_cast<uint64_t>(dataset.dataspace.shape[axis]);
    uint64_t chunk = dataset.layout.chunk[axis];
    grid.push_back(dim / chunk + (dim % chunk != 0));
  }
  return grid;
}

static uint64_t numChunks(const DatasetInfo &dataset) {
  uint64_t count = 1;
  for (uint64_t dim : chunkGrid(dataset))
    count = checkedProduct(count, dim);
  return count;
}

/// Chunks are checked by number and size here; each one's address when it is read.
static void checkChunks(const Image &image, const DatasetInfo &dataset, Budget &budget) {
  const Layout &layout = dataset.layout;
  if (layout.chunk.size() != dataset.dataspace.shape.rank())
    throw Error({.what = "rank of an HDF5 dataset's chunks differs from its own"});
  uint64_t bytes = chunkBytes(dataset), count = numChunks(dataset);
  constexpr uint64_t minTreeEntry = 32;
  if (layout.kind == Layout::Kind::chunk_tree && count > image.size() / minTreeEntry)
    throw Error({.what = "HDF5 dataset claims more chunks than the file can hold"});
  if (layout.kind == Layout::Kind::single_chunk && count != 1)
    throw Error({.what = "HDF5 dataset in one chunk is larger than the chunk"});
  if (layout.kind == Layout::Kind::implicit_chunks && !dataset.filters.empty())
    throw Error({.what = "HDF5 dataset with implicit chunks has filters"});
  // Border chunks are stored whole, so a chunk may be larger than the dataset. Two more chunks
  // are alive while one is undone.
  Budget(image.size(), image.limits()).memory(bytes);
  budget.step(checkedProduct(count, 1 + bytes / 64));
}

void check_storage(const Image &image, const DatasetInfo &dataset, Budget &budget) {
  const Layout &layout = dataset.layout;
  if (dataset.dataspace.null || dataset.dataspace.elements == 0)
    return;
  uint64_t bytes = checkedProduct(dataset.dataspace.elements, dataset.datatype.bytes);
  switch (layout.kind) {
  case Layout::Kind::compact:
    if (layout.compact.size() != bytes)
      throw Error({.what = "HDF5 dataset's size differs from its stored bytes"});
    break;
  case Layout::Kind::contiguous:
    if (layout.address == undefined || layout.bytes < bytes)
      throw Error({.what = "HDF5 dataset claims more bytes than are stored for it",
                   .expected = std::to_string(bytes),
                   .found = layout.address == undefined ? "none" : std::to_string(layout.bytes)});
    image.at(layout.address, layout.bytes);
    break;
  default:
    if (layout.address == undefined)
      throw Error({.what = "HDF5 dataset was never written"});
    checkChunks(image, dataset, budget);
  }
  budget.memory(bytes);
}

//===- Chunks
//-----------------------------------------------------------------------------------===//

/// The chunks of any layout as one list.
static std::vector<Chunk> listChunks(const Image &image, const DatasetInfo &dataset,
                                     Budget &budget) {
  const Layout &layout = dataset.layout;
  size_t rank = layout.chunk.size();
  if (layout.kind == Layout::Kind::chunk_tree)
    return read_chunk_tree(image, layout.address, rank, budget);
  uint64_t bytes = chunkBytes(dataset);
  if (layout.kind == Layout::Kind::single_chunk)
    return {{std::vector<uint64_t>(rank, 0), layout.address, layout.filtered ? layout.bytes : bytes,
             layout.filter_mask}};
  std::vector<uint64_t> grid = chunkGrid(dataset);
  uint64_t count = numChunks(dataset);
  image.at(layout.address, checkedProduct(count, bytes));
  std::vector<Chunk> chunks(count);
  for (uint64_t i = 0; i < count; ++i) {
    chunks[i] = {std::vector<uint64_t>(rank), layout.address + i * bytes, bytes, 0};
    uint64_t rest = i;
    for (size_t axis = rank; axis-- > 0; rest /= grid[axis])
      chunks[i].offset[axis] = rest % grid[axis] * layout.chunk[axis];
  }
  return chunks;
}

/// Row-major number of a chunk in the grid. Throws Error when its offset is not in the grid.
static uint64_t chunkNumber(const DatasetInfo &dataset, const Chunk &chunk,
                            const std::vector<uint64_t> &grid) {
  uint64_t number = 0;
  for (size_t axis = 0; axis < grid.size(); ++axis) {
    uint64_t step = dataset.layout.chunk[axis];
    if (chunk.offset[axis] % step != 0 || chunk.offset[axis] / step >= grid[axis])
      throw Error({.what = "HDF5 chunk is not in its dataset's grid"});
    number = number * grid[axis] + chunk.offset[axis] / step;
  }
  return number;
}

/// Copies the part of a chunk that is inside the dataset, row by row.
static void placeChunk(const DatasetInfo &dataset, const Chunk &chunk, const std::byte *from,
                       std::byte *to) {
  const std::vector<int64_t> &shape = dataset.dataspace.shape.dims();
  const std::vector<uint64_t> &whole = dataset.layout.chunk;
  size_t rank = whole.size(), element = dataset.datatype.bytes;
  std::vector<uint64_t> inside(rank), index(rank, 0);
  for (size_t axis = 0; axis < rank; ++axis)
    inside[axis] = std::min(whole[axis], static_cast<uint64_t>(shape[axis]) - chunk.offset[axis]);
  for (bool more = true; more;) {
    uint64_t source = 0, target = 0;
    for (size_t axis = 0; axis < rank; ++axis) {
      source = source * whole[axis] + index[axis];
      target = target * static_cast<uint64_t>(shape[axis]) + chunk.offset[axis] + index[axis];
    }
    std::memcpy(to + target * element, from + source * element, inside[rank - 1] * element);
    more = false;
    for (size_t axis = rank - 1; axis-- > 0 && !more;)
      if (more = ++index[axis] < inside[axis]; !more)
        index[axis] = 0;
  }
}

static void readChunks(const Image &image, const DatasetInfo &dataset, std::byte *to) {
  Budget budget(image.size(), image.limits());
  std::vector<uint64_t> grid = chunkGrid(dataset);
  std::vector<bool> seen(numChunks(dataset));
  uint64_t bytes = chunkBytes(dataset);
  std::vector<Chunk> chunks = listChunks(image, dataset, budget);
  if (chunks.size() != seen.size())
    throw Error({.what = "HDF5 dataset was not written completely",
                 .expected = std::to_string(seen.size()) + " chunks",
                 .found = std::to_string(chunks.size())});
  for (const Chunk &chunk : chunks) {
    uint64_t number = chunkNumber(dataset, chunk, grid);
    if (seen[number])
      throw Error({.what = "HDF5 dataset has two chunks at one place"});
    seen[number] = true;
    FileBytes stored = image.fetch(chunk.address, chunk.bytes);
    FileBytes raw = unfilter(stored.span(), dataset.filters, chunk.filter_mask, bytes);
    placeChunk(dataset, chunk, raw.data(), to);
  }
}

//===- Elements
//---------------------------------------------------------------------------------===//

/// Makes the elements what an Array wants: this machine's byte order, bools of 0 and 1.
static void normalise(const DatasetInfo &dataset, Array &array) {
  size_t element = dataset.datatype.bytes;
  if (dataset.datatype.big_endian && element > 1)
    for (size_t i = 0; i < array.size(); ++i)
      std::reverse(array.bytes() + i * element, array.bytes() + (i + 1) * element);
  if (array.dtype() == DType::boolean)
    for (size_t i = 0; i < array.size(); ++i)
      array.bytes()[i] = std::byte{array.bytes()[i] != std::byte{0}};
}

static bool isAligned(const FileBytes &bytes, uint64_t alignment) {
  return reinterpret_cast<uintptr_t>(bytes.data()) % alignment == 0;
}

Array read_elements(const Image &image, const DatasetInfo &dataset) {
  const Layout &layout = dataset.layout;
  if (dataset.dataspace.null)
    throw Error({.what = "HDF5 dataset holds nothing"});
  if (dataset.dataspace.elements == 0)
    return Array(dataset.dataspace.shape, dataset.datatype.dtype);
  auto arrayOf = [&](const FileBytes &bytes) {
    return Array(dataset.dataspace.shape, dataset.datatype.dtype, bytes.data(), bytes.owner());
  };
  FileBytes stored;
  if (layout.kind == Layout::Kind::contiguous) {
    stored = image.fetch(layout.address, dataset.bytes());
    bool isNormal = !dataset.datatype.big_endian && dataset.datatype.dtype != DType::boolean;
    if (isNormal && isAligned(stored, dataset.datatype.bytes))
      return arrayOf(stored);
  }
  Array array = arrayOf(allocate_bytes(dataset.bytes()));
  if (layout.kind == Layout::Kind::compact)
    std::memcpy(array.bytes(), layout.compact.data(), dataset.bytes());
  else if (layout.kind == Layout::Kind::contiguous)
    std::memcpy(array.bytes(), stored.data(), dataset.bytes());
  else
    readChunks(image, dataset, array.bytes());
  normalise(dataset, array);
  return array;
}

} // namespace horn::saving::hdf5
