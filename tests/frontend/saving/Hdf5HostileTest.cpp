// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// HDF5 files that lie: each must give horn::Error, quickly and without much memory.
#include "frontend/saving/Hdf5Reader.h"
#include "frontend/saving/Hdf5Writer.h"
#include "tests/frontend/saving/TestFiles.h"

#include <functional>
#include <hdf5.h>
#include <random>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

/// Opens a file and reads all of it.
static void readAll(FileBytes bytes, const Limits &limits = default_limits) {
  Hdf5Reader reader(std::move(bytes), "test.h5", limits);
  for (const Hdf5Dataset &dataset : reader.datasets())
    reader.read(dataset.path);
  for (const char *group : {"", "g"})
    if (reader.has_group(group))
      for (const std::string &name : reader.attribute_names(group))
        reader.strings_attribute(group, name);
}
static void readAll(const std::string &text) { readAll(copy_bytes(text)); }

/// A file that libhdf5 writes with `fill`. (H5Fget_file_image leaves a wrong checksum in the
/// superblock of new files, so it goes over the disk.)
static FileBytes made(const std::function<void(hid_t file)> &fill, bool latest = false) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Folder folder;
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (latest)
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  hid_t file = H5Fcreate((folder / "x").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  fill(file);
  H5Fclose(file);
  H5Pclose(access);
  return copy_bytes(file_text(folder / "x"));
}

static void dataset(hid_t file, std::vector<hsize_t> dims, hid_t properties = H5P_DEFAULT,
                    hid_t type = H5T_IEEE_F32LE) {
  hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
  hid_t made = H5Dcreate2(file, "x", type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  EXPECT_GE(made, 0);
  H5Dclose(made);
  H5Sclose(space);
}

static hid_t properties(const std::function<void(hid_t)> &set) {
  hid_t create = H5Pcreate(H5P_DATASET_CREATE);
  set(create);
  return create;
}

static hid_t chunks(std::vector<hsize_t> chunk) {
  return properties(
      [&](hid_t id) { H5Pset_chunk(id, static_cast<int>(chunk.size()), chunk.data()); });
}

static void group(hid_t file, const char *name) {
  H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

TEST(Hdf5Hostile, LinksAreRefused) {
  for (bool latest : {false, true}) {
    auto soft = [](hid_t f) { H5Lcreate_soft("/y", f, "x", H5P_DEFAULT, H5P_DEFAULT); };
    auto external = [](hid_t f) {
      H5Lcreate_external("/etc/passwd", "/y", f, "x", H5P_DEFAULT, H5P_DEFAULT);
    };
    auto ancestor = [](hid_t f) {
      group(f, "g");
      H5Lcreate_hard(f, "/", f, "g/up", H5P_DEFAULT, H5P_DEFAULT);
    };
    auto itself = [](hid_t f) {
      group(f, "g");
      H5Lcreate_hard(f, "g", f, "g/g", H5P_DEFAULT, H5P_DEFAULT);
    };
    auto twice = [](hid_t f) {
      dataset(f, {0});
      H5Lcreate_hard(f, "x", f, "y", H5P_DEFAULT, H5P_DEFAULT);
    };
    expect_refused("soft", [&] { readAll(made(soft, latest)); }, "soft links are refused");
    expect_refused("external", [&] { readAll(made(external, latest)); }, "links are refused");
    expect_refused("ancestor", [&] { readAll(made(ancestor, latest)); }, "same place");
    expect_refused("itself", [&] { readAll(made(itself, latest)); }, "same place");
    expect_refused("twice", [&] { readAll(made(twice, latest)); }, "same place");
  }
}

TEST(Hdf5Hostile, OtherStorageIsRefused) {
  auto external = [](hid_t f) {
    dataset(f, {4}, properties([](hid_t p) { H5Pset_external(p, "/etc/passwd", 0, 16); }));
  };
  auto virtualSet = [](hid_t f) {
    hsize_t dims[] = {4};
    hid_t space = H5Screate_simple(1, dims, nullptr);
    dataset(f, {4}, properties([&](hid_t p) { H5Pset_virtual(p, space, "/a.h5", "x", space); }));
    H5Sclose(space);
  };
  auto filter = [](hid_t f) {
    hid_t create = chunks({4});
    H5Pset_scaleoffset(create, H5Z_SO_INT, 2);
    dataset(f, {4}, create, H5T_STD_I32LE);
  };
  expect_refused("external", [&] { readAll(made(external)); }, "other files");
  expect_refused("virtual", [&] { readAll(made(virtualSet, true)); }, "virtual");
  expect_refused("filter", [&] { readAll(made(filter)); }, "unknown filter");
}

TEST(Hdf5Hostile, ShapeBombsAreRefused) {
  auto contiguous = [](hid_t f) { dataset(f, {1u << 30, 1u << 20}); };
  auto small = [](hid_t f) { dataset(f, {100}); };
  auto chunked = [](hid_t f) { dataset(f, {1u << 30, 1u << 20}, chunks({1024, 1024})); };
  auto bigChunk = [](hid_t f) { dataset(f, {1u << 30}, chunks({1u << 29})); };
  auto rank = [](hid_t f) { dataset(f, std::vector<hsize_t>(9, 1)); };
  expect_refused("contiguous", [&] { readAll(made(contiguous)); }, "than are stored");
  expect_refused("never written", [&] { readAll(made(small)); }, "than are stored");
  expect_refused("chunked", [&] { readAll(made(chunked)); });
  expect_refused("big chunk", [&] { readAll(made(bigChunk)); });
  expect_refused("rank", [&] { readAll(made(rank)); }, "limit rank");
}

TEST(Hdf5Hostile, CompressedBombIsRefused) {
  auto bomb = [](hid_t f) {
    hid_t create = chunks({1 << 22});
    H5Pset_deflate(create, 9);
    hsize_t dims[] = {1 << 23};
    hid_t space = H5Screate_simple(1, dims, nullptr);
    hid_t set = H5Dcreate2(f, "x", H5T_STD_I8LE, space, H5P_DEFAULT, create, H5P_DEFAULT);
    std::string zeros(1 << 23, '\0');
    H5Dwrite(set, H5T_STD_I8LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros.data());
    H5Dclose(set);
  };
  expect_refused("bomb", [&] { readAll(made(bomb)); }, "far more data");
}

TEST(Hdf5Hostile, LimitsAreExact) {
  auto deep = [](int depth) {
    return made([depth](hid_t f) {
      std::string path;
      for (int i = 0; i < depth; ++i)
        group(f, (path += "/g").c_str());
    });
  };
  EXPECT_NO_THROW(readAll(deep(64)));
  expect_refused("depth", [&] { readAll(deep(65)); }, "hdf5_group_depth");
  EXPECT_NO_THROW(readAll(deep(3), {.hdf5_objects = 4}));
  expect_refused("objects", [&] { readAll(deep(3), {.hdf5_objects = 3}); }, "hdf5_objects");
  Limits names{.name_bytes = 3};
  EXPECT_NO_THROW(readAll(made([](hid_t f) { group(f, "abc"); }), names));
  expect_refused(
      "name", [&] { readAll(made([](hid_t f) { group(f, "abcd"); }), names); }, "name_bytes");
}

/// A small file with everything Keras writes.
static std::string sample() {
  Hdf5Writer writer;
  writer.create_group("g/vars");
  writer.write_attribute("g", "name", "layer");
  writer.write_attribute("", "names", std::vector<std::string>{"one", "two"});
  writer.write_dataset("g/vars/0", numbers({3, 4}));
  writer.write_dataset("g/vars/1", numbers({4}, DType::bfloat16));
  FileBytes bytes = writer.finish();
  return std::string(bytes.text());
}

/// Position of the `number`-th `signature`.
static size_t find(const std::string &text, std::string_view signature, int number = 0) {
  size_t at = text.find(signature);
  while (number-- > 0)
    at = text.find(signature, at + 1);
  EXPECT_NE(at, text.npos);
  return at;
}

TEST(Hdf5Hostile, LyingStructuresAreRefused) {
  std::string good = sample();
  EXPECT_NO_THROW(readAll(good));
  constexpr uint64_t far = uint64_t(1) << 40, none = ~uint64_t(0);
  size_t tree = find(good, "TREE"), heap = find(good, "HEAP"), node = find(good, "SNOD");
  size_t collection = find(good, "GCOL");
  uint64_t rootHeader = 0x60;
  std::vector<std::pair<std::string, std::string>> cases = {
      {"empty", ""},
      {"signature", patched(good, 0, 'X')},
      {"superblock version 1", patched(good, 8, uint8_t(1))},
      {"superblock version 4", patched(good, 8, uint8_t(4))},
      {"superblock version 255", patched(good, 8, uint8_t(255))},
      {"offset size", patched(good, 13, uint8_t(4))},
      {"length size", patched(good, 14, uint8_t(2))},
      {"user block", patched(good, 24, uint64_t(512))},
      {"user block in front", std::string(512, '\0') + good},
      {"end of file", patched(good, 40, uint64_t(good.size() + 1))},
      {"end of file wraps", patched(good, 40, none)},
      {"end of file too early", patched(good, 40, uint64_t(200))},
      {"driver", patched(good, 48, uint64_t(96))},
      {"root past the end", patched(good, 64, far)},
      {"root nowhere", patched(good, 64, none)},
      {"root is a tree", patched(good, 64, uint64_t(tree))},
      {"header version", patched(good, rootHeader, uint8_t(7))},
      {"header size", patched(good, rootHeader + 8, uint32_t(0xfffffff0))},
      {"message size", patched(good, rootHeader + 18, uint16_t(0xffff))},
      {"no messages", patched(good, rootHeader + 8, uint32_t(0))},
      {"tree signature", patched(good, tree, 'X')},
      {"tree kind", patched(good, tree + 4, uint8_t(1))},
      {"tree level", patched(good, tree + 5, uint8_t(200))},
      {"tree of itself", patched(patched(good, tree + 5, uint8_t(1)), tree + 32, uint64_t(tree))},
      {"tree count", patched(good, tree + 6, uint16_t(0xffff))},
      {"tree child", patched(good, tree + 32, far)},
      {"tree child wraps", patched(good, tree + 32, none - 4)},
      {"heap signature", patched(good, heap, 'X')},
      {"heap version", patched(good, heap + 4, uint8_t(9))},
      {"heap size", patched(good, heap + 8, far)},
      {"heap size wraps", patched(good, heap + 8, none)},
      {"heap data", patched(good, heap + 24, far)},
      {"node signature", patched(good, node, 'X')},
      {"node count", patched(good, node + 6, uint16_t(0xffff))},
      {"node repeats", patched(good, node + 6, uint16_t(8))},
      {"link name", patched(good, node + 8, far)},
      {"link to its group", patched(good, node + 16, rootHeader)},
      {"link past the end", patched(good, node + 16, far)},
      {"soft link", patched(good, node + 24, uint32_t(2))},
      {"collection signature", patched(good, collection, 'X')},
      {"collection size", patched(good, collection + 8, far)},
      {"collection size 0", patched(good, collection + 8, uint64_t(0))},
      {"string size", patched(good, collection + 24, far)},
      {"string is missing", patched(good, collection + 16, uint16_t(77))},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { readAll(text); }, "test.h5");
}

TEST(Hdf5Hostile, LyingDatasetsAreRefused) {
  FileBytes bytes = made([](hid_t f) {
    hsize_t dims[] = {3, 5};
    hid_t space = H5Screate_simple(2, dims, nullptr);
    hid_t set = H5Dcreate2(f, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_IEEE_F32LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers({3, 5}).bytes());
    H5Dclose(set);
  });
  std::string good(bytes.text());
  EXPECT_NO_THROW(readAll(good));
  size_t dims = find(good, bytes_of(uint64_t(3)) + bytes_of(uint64_t(5)));
  size_t type = find(good, std::string("\x11\x20\x1f\x00\x04", 5));
  size_t size = find(good, bytes_of(uint64_t(60))); // follows the address
  constexpr uint64_t none = ~uint64_t(0);
  std::vector<std::pair<std::string, std::string>> cases = {
      {"dim", patched(good, dims, uint64_t(4))},
      {"huge dim", patched(good, dims, uint64_t(1) << 61)},
      {"dim of 64 bits", patched(good, dims, none)},
      {"product wraps",
       patched(patched(good, dims, uint64_t(1) << 32), dims + 8, uint64_t(1) << 32)},
      {"bytes wrap", patched(patched(good, dims, uint64_t(1) << 31), dims + 8, uint64_t(1) << 31)},
      {"rank", patched(good, dims - 7, uint8_t(255))},
      {"element size", patched(good, type + 4, uint32_t(0))},
      {"type version", patched(good, type, uint8_t(0xf1))},
      {"address", patched(good, size - 8, uint64_t(good.size() - 59))},
      {"address wraps", patched(good, size - 8, none - 8)},
      {"no address", patched(good, size - 8, none)},
      {"stored size", patched(good, size, uint64_t(59))},
      {"stored size wraps", patched(good, size, none)},
      {"layout version", patched(good, size - 10, uint8_t(9))},
      {"layout kind", patched(good, size - 9, uint8_t(9))},
      {"layout chunked", patched(good, size - 9, uint8_t(2))},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { readAll(text); }, "test.h5");
}

TEST(Hdf5Hostile, LyingChunksAreRefused) {
  FileBytes bytes = made([](hid_t f) {
    hsize_t dims[] = {6, 10};
    hid_t space = H5Screate_simple(2, dims, nullptr);
    hid_t create = chunks({3, 5});
    H5Pset_deflate(create, 6);
    hid_t set = H5Dcreate2(f, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, create, H5P_DEFAULT);
    H5Dwrite(set, H5T_IEEE_F32LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers({6, 10}).bytes());
    H5Dclose(set);
  });
  std::string good(bytes.text());
  EXPECT_NO_THROW(readAll(good));
  size_t tree = find(good, std::string("TREE\1", 5));
  size_t key = tree + 24, child = key + 32, second = key + 40;
  size_t chunk = find(good, bytes_of(3u) + bytes_of(5u) + bytes_of(4u)); // chunk's shape
  std::vector<std::pair<std::string, std::string>> cases = {
      {"chunk dim 0", patched(good, chunk, uint32_t(0))},
      {"chunk dim huge", patched(good, chunk, uint32_t(0xffffffff))},
      {"chunk rank", patched(good, chunk - 9, uint8_t(2))},
      {"chunk rank 255", patched(good, chunk - 9, uint8_t(255))},
      {"fewer chunks", patched(good, tree + 6, uint16_t(3))},
      {"more chunks", patched(good, tree + 6, uint16_t(5))},
      {"stored size", patched(good, key, uint32_t(3))},
      {"stored size huge", patched(good, key, uint32_t(0xffffffff))},
      {"mask", patched(good, key + 4, uint32_t(1))},
      {"off the grid", patched(good, key + 8, uint64_t(1))},
      {"outside", patched(good, key + 8, uint64_t(3000))},
      {"twice", patched(good, second + 16, uint64_t(0))},
      {"within an element", patched(good, key + 24, uint64_t(2))},
      {"address", patched(good, child, uint64_t(1) << 40)},
      {"damaged",
       patched(good,
               static_cast<size_t>(*reinterpret_cast<const uint64_t *>(good.data() + child)) + 4,
               uint32_t(0x12345678))},
      {"level", patched(good, tree + 5, uint8_t(3))},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { readAll(text); }, "test.h5");
}

TEST(Hdf5Hostile, Version2ChecksumsAreCompared) {
  std::string good(made([](hid_t f) { group(f, "g"); }, /*latest=*/true).text());
  EXPECT_NO_THROW(readAll(good));
  size_t header = find(good, "OHDR");
  for (size_t at : {size_t(20), size_t(36), size_t(44), header + 4, header + 8, header + 30}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    expect_refused(std::to_string(at), [&] { readAll(damaged); });
  }
}

TEST(Hdf5Hostile, EveryTruncationIsRefused) {
  std::string good = sample();
  for (size_t size = 0; size < good.size(); size += 1 + size / 64)
    expect_refused(std::to_string(size), [&] { readAll(good.substr(0, size)); });
}

TEST(Hdf5Hostile, EveryChangedByteIsSurvived) {
  std::string good = sample();
  for (size_t at = 0; at < good.size(); ++at)
    for (int change : {0x01, 0x80, 0xff}) {
      std::string damaged = good;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      try {
        readAll(damaged);
      } catch (const Error &) {
      }
    }
}

TEST(Hdf5Hostile, RandomDamageIsSurvived) {
  std::string good = file_text(data("trained/digits_cnn.h5"));
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string damaged = good;
    for (int i = 0; i < 8; ++i)
      damaged[random() % (i % 2 ? 65536 : damaged.size())] = static_cast<char>(random());
    try {
      readAll(damaged);
    } catch (const Error &) {
    }
  }
}
