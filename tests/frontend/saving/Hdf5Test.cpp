// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Reader.h"
#include "frontend/saving/Hdf5Writer.h"
#include "frontend/saving/ZipReader.h"
#include "tests/frontend/saving/TestFiles.h"

#include <hdf5.h>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

TEST(Hdf5Reader, ReadsKerasWeights) {
  ZipReader archive(data("trained/digits_cnn.keras"));
  Hdf5Reader reader(archive.read("model.weights.h5"), "model.weights.h5");
  EXPECT_EQ(reader.datasets().size(), 74u);
  EXPECT_EQ(reader.string_attribute("vars", "name"), "digits_cnn");
  EXPECT_TRUE(reader.has_group("/layers/conv2d/vars"));
  EXPECT_EQ(reader.children("layers/conv2d/vars").front(), "0");
  EXPECT_EQ(reader.dataset("layers/conv2d/vars/0").shape.rank(), 4u);
}

TEST(Hdf5Reader, ReadsALegacyModel) {
  Hdf5Reader reader(data("trained/digits_cnn.h5"));
  EXPECT_TRUE(reader.string_attribute("", "model_config").starts_with("{\"class_name\""));
  std::vector<std::string> layers = reader.strings_attribute("model_weights", "layer_names");
  EXPECT_EQ(layers.size(), 24u);
  size_t numWeights = 0;
  for (const std::string &layer : layers)
    for (const std::string &weight :
         reader.strings_attribute("model_weights/" + layer, "weight_names")) {
      EXPECT_GT(reader.read("model_weights/" + layer + "/" + weight).size(), 0u);
      ++numWeights;
    }
  EXPECT_GT(numWeights, 10u);
}

TEST(Hdf5Reader, BothFilesHoldTheSameWeights) {
  ZipReader archive(data("trained/digits_cnn.keras"));
  Hdf5Reader weights(archive.read("model.weights.h5"), "model.weights.h5");
  Hdf5Reader legacy(data("trained/digits_cnn.h5"));
  std::string first;
  for (const std::string &layer : legacy.strings_attribute("model_weights", "layer_names"))
    if (first.empty())
      for (const std::string &name :
           legacy.strings_attribute("model_weights/" + layer, "weight_names"))
        if (first.empty())
          first = "model_weights/" + layer + "/" + name;
  expect_same(weights.read("layers/conv2d/vars/0"), legacy.read(first));
}

TEST(Hdf5Reader, ContiguousArraysAreViews) {
  FileBytes bytes = copy_bytes(file_text(data("trained/digits_cnn.h5")));
  Hdf5Reader reader(bytes, "digits");
  for (const Hdf5Dataset &dataset : reader.datasets()) {
    Array array = reader.read(dataset.path);
    EXPECT_GE(array.bytes(), bytes.data());
    EXPECT_LE(array.bytes() + array.num_bytes(), bytes.data() + bytes.size());
  }
}

TEST(Hdf5Reader, ArraysOfAMappedFileAreTheirOwn) {
  Folder folder;
  std::filesystem::copy_file(data("trained/digits_cnn.h5"), folder / "a.h5");
  Hdf5Reader reader(folder / "a.h5"), same(data("trained/digits_cnn.h5"));
  std::string path = reader.datasets()[0].path;
  EXPECT_TRUE(reader.datasets()[0].contiguous);
  Array before = reader.read(path);
  before.set(0, 7);
  expect_same(reader.read(path), same.read(path));
  std::ofstream(folder / "a.h5") << "something else";
  EXPECT_EQ(before.at(0), 7);
  expect_refused("changed", [&] { reader.read(path); }, "changed after it was opened");
}

TEST(Hdf5Reader, MissingThingsAreErrors) {
  Hdf5Reader reader(data("trained/digits_cnn.h5"));
  expect_refused("path", [&] { reader.read("no/such"); }, "no such");
  expect_refused("group", [&] { reader.read("model_weights"); }, "not a dataset");
  expect_refused("attribute", [&] { reader.string_attribute("", "x"); }, "'x' is missing");
  expect_refused("children", [&] { reader.children(reader.datasets()[0].path); }, "not a group");
  EXPECT_FALSE(reader.has_attribute("no/such", "x"));
}

TEST(Hdf5Writer, RoundTripOfAllTypes) {
  Hdf5Writer writer;
  std::vector<DType> dtypes = {DType::float32, DType::float64, DType::float16, DType::bfloat16,
                               DType::int8,    DType::int16,   DType::int32,   DType::int64,
                               DType::uint8,   DType::uint16,  DType::uint32,  DType::uint64,
                               DType::boolean};
  std::vector<Shape> shapes = {{}, {5}, {2, 3, 4}, {0, 3}, {1, 2, 1, 2, 1, 2, 1, 2}};
  for (DType dtype : dtypes)
    for (size_t i = 0; i < shapes.size(); ++i)
      writer.write_dataset(std::string(dtype_name(dtype)) + "/vars/" + std::to_string(i),
                           numbers(shapes[i], dtype));
  Hdf5Reader reader(writer.finish(), "w");
  EXPECT_EQ(reader.datasets().size(), dtypes.size() * shapes.size());
  for (DType dtype : dtypes)
    for (size_t i = 0; i < shapes.size(); ++i)
      expect_same(reader.read(std::string(dtype_name(dtype)) + "/vars/" + std::to_string(i)),
                  numbers(shapes[i], dtype));
}

TEST(Hdf5Writer, RoundTripOfAttributes) {
  Hdf5Writer writer;
  std::vector<std::string> many;
  for (int i = 0; i < 10000; ++i)
    many.push_back("layer_" + std::to_string(i));
  writer.create_group("a/vars");
  writer.write_attribute("a/vars", "name", "modèle");
  writer.write_attribute("", "config", std::string(300000, 'x'));
  writer.write_attribute("", "layer_names", many);
  writer.write_attribute("", "none", std::vector<std::string>{});
  writer.write_attribute("", "empty", std::vector<std::string>{"", "b", ""});
  Hdf5Reader reader(writer.finish(), "w");
  EXPECT_EQ(reader.string_attribute("a/vars", "name"), "modèle");
  EXPECT_EQ(reader.string_attribute("", "config").size(), 300000u);
  EXPECT_EQ(reader.strings_attribute("", "layer_names"), many);
  EXPECT_TRUE(reader.strings_attribute("", "none").empty());
  EXPECT_EQ(reader.strings_attribute("", "empty"), (std::vector<std::string>{"", "b", ""}));
}

TEST(Hdf5Writer, SameBytesAndAtomic) {
  Folder folder;
  for (const char *name : {"one.h5", "two.h5"}) {
    Hdf5Writer writer;
    writer.create_group("g/vars");
    writer.write_attribute("g", "name", "x");
    writer.write_dataset("g/vars/0", numbers({100, 100}));
    writer.save(folder / name);
  }
  EXPECT_EQ(file_text(folder / "one.h5"), file_text(folder / "two.h5"));
  EXPECT_EQ(folder.count(), 2u);
}

TEST(Hdf5Writer, Refuses) {
  Hdf5Writer writer;
  writer.write_dataset("a", numbers({2}));
  EXPECT_THROW(writer.write_dataset("a", numbers({2})), Error);
  EXPECT_THROW(writer.create_group("a/b"), Error);
  EXPECT_THROW(writer.write_attribute("none", "x", "y"), Error);
  EXPECT_THROW(writer.write_attribute("a", "x", std::string_view("a\0b", 3)), Error);
}

/// A chunked dataset "x" made by libhdf5.
static FileBytes chunkedFile(const Array &array, std::vector<hsize_t> chunk, unsigned filters,
                             bool latest) {
  Folder folder;
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (latest)
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  hid_t file = H5Fcreate((folder / "x").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  hid_t create = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(create, static_cast<int>(chunk.size()), chunk.data());
  if (filters & 1)
    H5Pset_shuffle(create);
  if (filters & 2)
    H5Pset_deflate(create, 6);
  if (filters & 4)
    H5Pset_fletcher32(create);
  std::vector<hsize_t> dims(array.shape().begin(), array.shape().end());
  hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
  hid_t dataset = H5Dcreate2(file, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, create, H5P_DEFAULT);
  H5Dwrite(dataset, H5T_IEEE_F32LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes());
  H5Dclose(dataset);
  for (hid_t id : {space, create, file, access})
    H5Idec_ref(id);
  return copy_bytes(file_text(folder / "x"));
}

TEST(Hdf5Reader, ReadsChunksWithAllFilters) {
  Array array = numbers({13, 7, 5});
  for (std::vector<hsize_t> chunk : {std::vector<hsize_t>{4, 7, 2}, {13, 7, 5}, {1, 1, 1}})
    for (unsigned filters = 0; filters < 8; ++filters)
      expect_same(Hdf5Reader(chunkedFile(array, chunk, filters, /*latest=*/false), "x").read("x"),
                  array);
}

TEST(Hdf5Reader, ReadsVersion2FilesWithOneChunk) {
  Array array = numbers({13, 7});
  for (unsigned filters = 0; filters < 8; ++filters)
    expect_same(Hdf5Reader(chunkedFile(array, {13, 7}, filters, /*latest=*/true), "x").read("x"),
                array);
}

TEST(Hdf5Reader, ReadsDenseGroupsAndAttributes) {
  Folder folder;
  constexpr int numGroups = 700; // more than one row of blocks and one node of the name index
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  hid_t file = H5Fcreate((folder / "x").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  hid_t space = H5Screate(H5S_SCALAR);
  for (int i = 0; i < numGroups; ++i) {
    std::string name = "group_" + std::to_string(i);
    hid_t group = H5Gcreate2(file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t attribute =
        H5Acreate2(file, name.c_str(), H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, H5T_NATIVE_INT, &i);
    H5Aclose(attribute);
    H5Gclose(group);
  }
  for (hid_t id : {space, file, access})
    H5Idec_ref(id);
  Hdf5Reader reader(folder / "x");
  EXPECT_EQ(reader.children("").size(), size_t(numGroups));
  EXPECT_EQ(reader.attribute_names("").size(), size_t(numGroups));
  for (int i = 0; i < numGroups; ++i) {
    EXPECT_TRUE(reader.has_group("group_" + std::to_string(i)));
    EXPECT_EQ(reader.number_attribute("", "group_" + std::to_string(i)).at(0), i);
  }
}
