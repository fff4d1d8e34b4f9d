// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/numeric/Support.h"

#include "frontend/saving/Json.h"
#include "frontend/saving/Safetensors.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <fstream>
#include <stdlib.h>

namespace horn::numeric {

std::filesystem::path trained_file(const std::string &name) {
  return std::filesystem::path(HORN_TEST_DATA) / "trained" / name;
}

static Arrays arrays_of(const saving::Safetensors &file, const std::vector<std::string> &names) {
  Arrays arrays;
  for (const std::string &name : names)
    arrays.push_back(file.at(name));
  return arrays;
}

static std::vector<TrainedCase> read_cases() {
  std::ifstream stream(trained_file("manifest.json"));
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  auto manifest = saving::parse_json(text, "manifest.json");
  std::vector<TrainedCase> cases;
  for (const auto &model : manifest.at("models"))
    for (const auto &file : model.at("files"))
      for (const auto &entry : model.at("cases")) {
        TrainedCase made{.file = file,
                         .data = entry.at("data"),
                         .input_names = entry.at("inputs"),
                         .output_names = entry.at("outputs"),
                         .rtol = entry.at("rtol"),
                         .atol = entry.at("atol"),
                         .inputs = {},
                         .outputs = {},
                         .metrics = model.at("metrics")};
        saving::Safetensors data = saving::read_safetensors(trained_file(made.data));
        made.inputs = arrays_of(data, made.input_names);
        made.outputs = arrays_of(data, made.output_names);
        cases.push_back(std::move(made));
      }
  return cases;
}

const std::vector<TrainedCase> &trained_cases() {
  static const std::vector<TrainedCase> cases = read_cases();
  return cases;
}

const TrainedCase &trained_case(const std::string &file) {
  for (const TrainedCase &entry : trained_cases())
    if (entry.file == file)
      return entry;
  throw Error({.where = file, .what = "the manifest has no such model"});
}

Array trained_array(const std::string &data, const std::string &name) {
  return saving::read_safetensors(trained_file(data)).at(name);
}

testing::AssertionResult is_close(const Arrays &got, const Arrays &expected, double rtol,
                                  double atol) {
  if (got.size() != expected.size())
    return testing::AssertionFailure() << got.size() << " outputs, expected " << expected.size();
  for (size_t n = 0; n < got.size(); ++n) {
    if (got[n].shape() != expected[n].shape())
      return testing::AssertionFailure() << "output " << n << " has shape " << got[n].shape().str()
                                         << ", expected " << expected[n].shape().str();
    for (size_t i = 0; i < got[n].size(); ++i) {
      double a = got[n].at(i), b = expected[n].at(i);
      bool equal = a == b || (std::isnan(a) && std::isnan(b));
      if (!equal && !(std::abs(a - b) <= atol + rtol * std::abs(b)))
        return testing::AssertionFailure()
               << "output " << n << " " << got[n].shape().str() << " [" << i << "] is " << a
               << ", expected " << b << ", off by " << std::abs(a - b);
    }
  }
  return testing::AssertionSuccess();
}

testing::AssertionResult same_bits(const Arrays &got, const Arrays &expected) {
  if (got.size() != expected.size())
    return testing::AssertionFailure() << got.size() << " outputs, expected " << expected.size();
  for (size_t n = 0; n < got.size(); ++n) {
    if (got[n].shape() != expected[n].shape() || got[n].dtype() != expected[n].dtype())
      return testing::AssertionFailure() << "output " << n << " has shape " << got[n].shape().str()
                                         << ", expected " << expected[n].shape().str();
    size_t bytes = dtype_bytes(got[n].dtype());
    for (size_t i = 0; i < got[n].size(); ++i)
      if (std::memcmp(got[n].bytes() + i * bytes, expected[n].bytes() + i * bytes, bytes) != 0)
        return testing::AssertionFailure()
               << "output " << n << " " << got[n].shape().str() << " differs first at [" << i
               << "]: " << got[n].at(i) << ", expected " << expected[n].at(i);
  }
  return testing::AssertionSuccess();
}

Arrays rows(const Arrays &arrays, int64_t begin, int64_t count) {
  Arrays parts;
  for (const Array &array : arrays) {
    Shape shape = array.shape();
    shape[0] = count;
    Array part(shape, array.dtype());
    size_t row = array.num_bytes() / static_cast<size_t>(std::max<int64_t>(array.shape()[0], 1));
    std::memcpy(part.bytes(), array.bytes() + static_cast<size_t>(begin) * row, part.num_bytes());
    parts.push_back(std::move(part));
  }
  return parts;
}

Array random_array(const Shape &shape, DType dtype, std::mt19937 &generator) {
  Array array(shape, dtype);
  std::uniform_real_distribution<double> real(-1, 1);
  for (size_t i = 0; i < array.size(); ++i)
    if (is_floating(dtype))
      array.set(i, real(generator));
    else
      array.set(i, static_cast<double>(generator() % (dtype == DType::boolean ? 2 : 5)));
  return array;
}

Arrays random_inputs(const Model &model, int64_t size, std::mt19937 &generator) {
  Arrays inputs;
  for (const Tensor &input : model.inputs()) {
    Shape shape = input.shape();
    for (size_t axis = 0; axis < shape.rank(); ++axis)
      if (shape[axis] == None)
        shape[axis] = size;
    inputs.push_back(random_array(shape, input.dtype(), generator));
  }
  return inputs;
}

void randomize_weights(const Model &model, std::mt19937 &generator) {
  for (const Weight &weight : model.weights()) {
    Array value = random_array(weight->shape(), weight->dtype(), generator);
    bool is_variance = weight->name().find("variance") != std::string::npos;
    if (is_floating(weight->dtype()))
      for (size_t i = 0; i < value.size(); ++i)
        value.set(i, value.at(i) / 2 + (is_variance ? 1 : 0));
    weight->assign(value);
  }
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "horn-numeric-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw Error({.where = name, .what = "cannot make a folder"});
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Arrays run_ahead_of_time(const Model &model, const Arrays &inputs,
                         std::shared_ptr<ThreadPool> pool) {
  TemporaryFolder folder;
  compile_to_file(model, folder / "model.so");
  return run_shared_object(folder / "model.so", inputs, std::move(pool));
}

void check_model(const Model &model, std::initializer_list<int64_t> batches) {
  std::mt19937 generator(1);
  randomize_weights(model, generator);
  CompiledModel compiled(model);
  Session alone(compiled), shared(compiled, std::make_shared<ThreadPool>(2));
  for (int64_t batch : batches) {
    Arrays inputs = random_inputs(model, batch, generator);
    Arrays outputs = alone.run(inputs);
    ASSERT_TRUE(is_close(outputs, interpret(model, inputs, /*in_double=*/true), kRtol, kAtol))
        << "batch " << batch;
    ASSERT_TRUE(same_bits(shared.run(inputs), outputs)) << "batch " << batch << ", two threads";
  }
}

void check_everywhere(const Model &model, std::initializer_list<int64_t> batches) {
  check_model(model, batches);
  std::mt19937 generator(2);
  for (const char *cpu : {"x86-64-v3", "x86-64"}) {
    CompiledModel compiled(model, {.cpu = cpu});
    for (int64_t batch : batches) {
      Arrays inputs = random_inputs(model, batch, generator);
      EXPECT_TRUE(is_close(Session(compiled).run(inputs),
                           interpret(model, inputs, /*in_double=*/true), kRtol, kAtol))
          << cpu << ", batch " << batch;
    }
  }
}

} // namespace horn::numeric
