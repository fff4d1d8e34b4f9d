// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Npy.h"
#include "tests/frontend/saving/TestFiles.h"

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

static std::string fileOf(const std::string &header, const std::string &content, char version = 1) {
  std::string text = std::string("\x93NUMPY") + version + '\0';
  text += version == 1 ? bytes_of(static_cast<uint16_t>(header.size()))
                       : bytes_of(static_cast<uint32_t>(header.size()));
  return text + header + content;
}

static std::string headerOf(const std::string &type, const std::string &order,
                            const std::string &shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

static Array readText(const std::string &text) { return read_npy(copy_bytes(text), "t.npy"); }

TEST(Npy, RoundTrip) {
  Folder folder;
  for (DType dtype : {DType::float32, DType::float64, DType::float16, DType::int8, DType::int64,
                      DType::uint32, DType::boolean})
    for (const Shape &shape : {Shape{}, Shape{7}, Shape{2, 3, 4}, Shape{0, 3}}) {
      Array array = numbers(shape, dtype);
      write_npy(folder / "a.npy", array);
      expect_same(read_npy(folder / "a.npy"), array);
    }
}

TEST(Npy, ConvertsFortranOrder) {
  std::string bytes("\0\3\1\4\2\5", 6);
  Array array = readText(fileOf(headerOf("|i1", "True", "(2, 3)"), bytes));
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(array.at(i), static_cast<double>(i));
}

TEST(Npy, ConvertsBigEndian) {
  Array array = readText(fileOf(headerOf(">i4", "False", "(1,)"), std::string("\0\0\1\2", 4)));
  EXPECT_EQ(array.at(0), 258);
}

TEST(Npy, ReadsVersions2And3) {
  for (char version : {2, 3})
    EXPECT_EQ(readText(fileOf(headerOf("|u1", "False", "(2,)"), "ab", version)).at(1), 'b');
}

TEST(Npy, RefusesLies) {
  std::string good = headerOf("<f4", "False", "(2,)");
  std::vector<std::pair<std::string, std::string>> cases = {
      {"empty", ""},
      {"magic", "\x93NUMPX\1" + std::string(20, ' ')},
      {"version", fileOf(good, std::string(8, ' '), 9)},
      {"header past the end", fileOf(good, "").substr(0, 20)},
      {"header length", "\x93NUMPY\2" + std::string(1, '\0') + bytes_of(0xffffffffu)},
      {"too little data", fileOf(good, "1234567")},
      {"too much data", fileOf(good, "123456789")},
      {"object", fileOf(headerOf("|O", "False", "(2,)"), "12345678")},
      {"structure", fileOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "")},
      {"text type", fileOf(headerOf("<U1", "False", "(2,)"), "12345678")},
      {"complex", fileOf(headerOf("<c8", "False", "(1,)"), "12345678")},
      {"negative", fileOf(headerOf("<f4", "False", "(-2,)"), "")},
      {"wrap", fileOf(headerOf("<f4", "False", "(4194305, 4194305, 211106198978564)"), "1234")},
      {"large", fileOf(headerOf("<f8", "False", "(2305843009213693952,)"), "")},
      {"too large a number", fileOf(headerOf("<f8", "False", "(99999999999999999999,)"), "")},
      {"rank", fileOf(headerOf("|i1", "False", "(1,1,1,1,1,1,1,1,1)"), "1")},
      {"order", fileOf(headerOf("<f4", "Maybe", "(2,)"), "12345678")},
      {"missing key", fileOf("{'descr': '<f4', 'shape': (2,)}", "12345678")},
      {"repeated key", fileOf("{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}", "12345678")},
      {"code", fileOf("__import__('os').system('x')", "")},
      {"open quote", fileOf("{'descr", "")},
      {"text behind", fileOf(good + "x", "12345678")},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { readText(text); }, "t.npy");
}

TEST(Npy, Bfloat16HasNoName) {
  Folder folder;
  EXPECT_THROW(write_npy(folder / "a", numbers({2}, DType::bfloat16)), Error);
}
