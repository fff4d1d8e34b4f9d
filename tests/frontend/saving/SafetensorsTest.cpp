// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Safetensors.h"
#include "tests/frontend/saving/TestFiles.h"

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

static Safetensors readText(const std::string &text) {
  return read_safetensors(copy_bytes(text), "t.safetensors");
}

static std::string fileOf(const std::string &header, size_t dataBytes) {
  return bytes_of(uint64_t(header.size())) + header + std::string(dataBytes, '\1');
}

TEST(Safetensors, RoundTripOfAllTypes) {
  Folder folder;
  std::vector<NamedArray> arrays = {{"empty", numbers({0, 3})}, {"scalar", numbers({})}};
  for (DType dtype : {DType::boolean, DType::int8, DType::float16, DType::bfloat16, DType::float32,
                      DType::int64, DType::float64, DType::uint16})
    arrays.push_back({std::string(dtype_name(dtype)), numbers({3, 5}, dtype)});
  write_safetensors(folder / "a", arrays, {{"format", "horn"}});
  Safetensors read = read_safetensors(folder / "a");
  EXPECT_EQ(read.metadata.at("format"), "horn");
  ASSERT_EQ(read.arrays.size(), arrays.size());
  for (const NamedArray &array : arrays)
    expect_same(read.at(array.name), array.array);
  EXPECT_FALSE(read.has("other"));
  expect_refused("other", [&] { read.at("other"); });
}

TEST(Safetensors, BytesDoNotDependOnTheOrder) {
  Folder folder;
  NamedArray a{"a", numbers({3})}, b{"b", numbers({2}, DType::int8)};
  write_safetensors(folder / "1", {a, b});
  write_safetensors(folder / "2", {b, a});
  EXPECT_EQ(file_text(folder / "1"), file_text(folder / "2"));
}

TEST(Safetensors, RefusesRepeatedNames) {
  Folder folder;
  NamedArray a{"a", numbers({3})};
  EXPECT_THROW(write_safetensors(folder / "1", {a, a}), Error);
  EXPECT_EQ(folder.count(), 0u);
}

TEST(Safetensors, ReadsUnalignedArrays) {
  Safetensors read = readText(fileOf(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                     R"("a":{"dtype":"I32","shape":[1],"data_offsets":[1,5]}})",
                                     5));
  EXPECT_EQ(read.at("a").at(0), 0x01010101);
}

TEST(Safetensors, RefusesLies) {
  auto one = [](const std::string &dtype, const std::string &shape, const std::string &offsets) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
           offsets + "}}";
  };
  std::string wrap = one("F32", "[4194305,4194305,211106198978564]", "[0,16]");
  std::string two = R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                    R"("b":{"dtype":"U8","shape":[4],"data_offsets":)";
  std::vector<std::pair<std::string, std::string>> cases = {
      {"empty", ""},
      {"no header", bytes_of(uint64_t(0))},
      {"header past the end", bytes_of(uint64_t(100)) + "{}"},
      {"huge header", bytes_of(~uint64_t(0)) + "{}"},
      {"list", fileOf("[]", 0)},
      {"not JSON", fileOf("{", 0)},
      {"overlap", fileOf(two + "[2,6]}}", 6)},
      {"same bytes", fileOf(two + "[0,4]}}", 4)},
      {"gap", fileOf(two + "[6,10]}}", 10)},
      {"past the end", fileOf(one("U8", "[8]", "[0,8]"), 4)},
      {"bytes left", fileOf(one("U8", "[4]", "[0,4]"), 8)},
      {"reversed", fileOf(one("U8", "[4]", "[4,0]"), 4)},
      {"offset overflow",
       fileOf(one("U8", "[4]", "[18446744073709551612,18446744073709551615]"), 4)},
      {"shape wraps", fileOf(wrap, 16)},
      {"negative dim", fileOf(one("U8", "[-4]", "[0,4]"), 4)},
      {"fraction", fileOf(one("U8", "[4.0]", "[0,4]"), 4)},
      {"huge dim", fileOf(one("U8", "[18446744073709551615]", "[0,4]"), 4)},
      {"rank", fileOf(one("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]"), 1)},
      {"type", fileOf(one("F8_E4M3", "[4]", "[0,4]"), 4)},
      {"wrong size", fileOf(one("F32", "[4]", "[0,4]"), 4)},
      {"three offsets", fileOf(one("U8", "[4]", "[0,2,4]"), 4)},
      {"missing shape", fileOf(R"({"a":{"dtype":"U8","data_offsets":[0,4]}})", 4)},
      {"entry is a list", fileOf(R"({"a":[]})", 0)},
      {"duplicate", fileOf(R"({"a":{},"a":{}})", 0)},
      {"metadata", fileOf(R"({"__metadata__":{"a":1}})", 0)},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { readText(text); }, "t.safetensors");
}

TEST(Safetensors, HeaderLimitIsExact) {
  std::string text = fileOf("{}", 0);
  EXPECT_NO_THROW(read_safetensors(copy_bytes(text), "t", {.safetensors_header_bytes = 2}));
  EXPECT_THROW(read_safetensors(copy_bytes(text), "t", {.safetensors_header_bytes = 1}), Error);
}
