// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the numeric tests share: trained models with their data, random numbers, comparisons.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include <horn/horn.h>

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace horn::numeric {

using Arrays = std::vector<Array>;

/// A file of tests/data/trained.
std::filesystem::path trained_file(const std::string &name);

/// One comparison of manifest.json: a model file on data, and what Keras gave for it.
struct TrainedCase {
  std::string file, data;
  std::vector<std::string> input_names, output_names;
  double rtol = 0, atol = 0;
  Arrays inputs, outputs;
  std::map<std::string, double> metrics;

  Model load() const { return load_model(trained_file(file)); }
};
/// Every comparison of every file that the manifest names.
const std::vector<TrainedCase> &trained_cases();
/// The first case of a model file.
const TrainedCase &trained_case(const std::string &file);

/// An array of a data file.
Array trained_array(const std::string &data, const std::string &name);

/// Asserts |got - expected| <= atol + rtol |expected| for every element; NaN equals NaN.
testing::AssertionResult is_close(const Arrays &got, const Arrays &expected, double rtol,
                                  double atol);
/// Asserts equal shapes, types and bytes.
testing::AssertionResult same_bits(const Arrays &got, const Arrays &expected);

/// Rows `begin` to `begin + count` of each array, copied.
Arrays rows(const Arrays &arrays, int64_t begin, int64_t count);

/// Uniform numbers in [-1, 1); integers in [0, 5); booleans.
Array random_array(const Shape &shape, DType dtype, std::mt19937 &generator);
/// Inputs for a model, where unknown dimensions take `size`.
Arrays random_inputs(const Model &model, int64_t size, std::mt19937 &generator);
/// New numbers for all weights, in (-0.5, 0.5), and in (0.5, 1.5) for variances.
void randomize_weights(const Model &model, std::mt19937 &generator);

// Sums here have at most 1000 terms of size 1 or less. A sum in f32 of n such terms is off by at
// most n * 2^-24 * sum(|terms|), and by about sqrt(n) * 2^-24 * sqrt(n) = n * 6e-8 in practice:
// 1e-5 leaves room for the functions behind it, which are within a few ulp, and a wrong tail is off
// by far more.
inline constexpr double kRtol = 1e-5, kAtol = 1e-5;

/// Gives the model random weights, compiles it and compares it with the interpreter in double
/// precision at several batch sizes, one compiled program for all of them; every batch by one
/// thread and by two. For sums of at most some thousand terms of size 1 or less.
void check_model(const Model &model, std::initializer_list<int64_t> batches = {1, 0, 5, 6, 7, 13});
/// The same, and the code for narrower vectors, which this machine runs too.
void check_everywhere(const Model &model, std::initializer_list<int64_t> batches);

/// The name of a test of a trained file: "digits_cnn" of "digits_cnn.keras".
template <typename File> std::string trained_name(const testing::TestParamInfo<File> &info) {
  std::string name = info.param;
  return name.substr(0, name.find('.'));
}

/// A folder that goes away with the object.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  std::filesystem::path operator/(const std::string &name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

/// The outputs by compiling to a shared object and running that.
Arrays run_ahead_of_time(const Model &model, const Arrays &inputs,
                         std::shared_ptr<ThreadPool> pool = nullptr);

} // namespace horn::numeric
