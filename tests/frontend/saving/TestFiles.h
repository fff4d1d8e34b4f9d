// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Helpers of the file layer's tests.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace horn::saving::test {

inline std::filesystem::path data(const std::string &name) {
  return std::filesystem::path(HORN_TEST_DATA) / name;
}

inline std::string file_text(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder that is removed with all it holds.
class Folder {
public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "horn-saving-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string &name) const { return path_ / name; }
  size_t count() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

private:
  std::filesystem::path path_;
};

/// The little-endian bytes of a number.
template <typename T> std::string bytes_of(T value) {
  return {reinterpret_cast<const char *>(&value), sizeof value};
}

/// `text` with the bytes of `value` at `at`.
template <typename T> std::string patched(std::string text, size_t at, T value) {
  std::memcpy(text.data() + at, &value, sizeof value);
  return text;
}

inline Array numbers(Shape shape, DType dtype = DType::float32) {
  Array array(std::move(shape), dtype);
  for (size_t i = 0; i < array.size(); ++i)
    array.set(i,
              dtype == DType::boolean ? static_cast<double>(i % 2) : static_cast<double>(i % 100));
  return array;
}

inline void expect_same(const Array &a, const Array &b) {
  ASSERT_EQ(a.shape(), b.shape());
  ASSERT_EQ(a.dtype(), b.dtype());
  EXPECT_TRUE(a.num_bytes() == 0 || std::memcmp(a.bytes(), b.bytes(), a.num_bytes()) == 0);
}

/// Largest memory that the process has had, in bytes.
inline size_t peak_memory() {
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) * 1024;
}

/// Runs `use`, which must throw horn::Error with `part` in its text, and take little memory.
template <typename Function>
void expect_refused(const std::string &name, Function use, const std::string &part = "") {
  size_t before = peak_memory();
  try {
    use();
    ADD_FAILURE() << name << ": was accepted";
  } catch (const Error &error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
        << name << ": " << error.what();
  }
  EXPECT_LT(peak_memory() - before, size_t(96) << 20) << name;
}

} // namespace horn::saving::test
