// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Architectures of keras.applications, whose weights and input come from a formula.
#include "frontend/core/Variable.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"
#include "frontend/saving/FileBytes.h"
#include "tools/horn/CaseKinds.h"
#include "tools/horn/Inputs.h"

#include <cmath>
#include <zlib.h>

namespace horn::cli {

static std::string inflated(const std::filesystem::path &path) {
  constexpr size_t most_bytes = 256 * saving::MiB;
  saving::FileBytes bytes = saving::map_file(path);
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef *>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  if (inflateInit2(&stream, 15 + 16) != Z_OK) // 16: gzip's header
    throw Error({.where = path.string(), .what = "zlib does not start"});
  std::string text;
  int status = Z_OK;
  while (status == Z_OK && text.size() < most_bytes) {
    char chunk[1 << 16];
    stream.next_out = reinterpret_cast<Bytef *>(chunk);
    stream.avail_out = sizeof chunk;
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(chunk, sizeof chunk - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END)
    throw Error({.where = path.string(), .what = "damaged gzip file"});
  return text;
}

static uint64_t splitmix64(uint64_t state) {
  state += 0x9E3779B97F4A7C15;
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
  return state ^ (state >> 31);
}

namespace {
/// Element j of a tensor is a + b * u, or a + b * |u|, with u in [-1, 1) from the number of the
/// tensor and j.
struct Formula {
  uint64_t tensor = 0;
  double a = 0, b = 0;
  bool absolute = false;

  Array values(const Shape &shape) const {
    Array array(shape, DType::float32);
    uint64_t state = tensor << 32;
    for (float &value : array.values<float>()) {
      double u = static_cast<double>(splitmix64(state++) >> 40) * 0x1p-23 - 1;
      value = static_cast<float>(a + b * (absolute ? std::abs(u) : u));
    }
    return array;
  }
};
} // namespace

/// Fills the weights, which the case lists in the order of Keras's model.weights.
static void fill_weights(const Network &network, const ConfigValue::List &list) {
  std::vector<Weight> weights = network.weights();
  if (weights.size() != list.size())
    throw Error({.what = "the model has another number of weights than the case",
                 .expected = std::to_string(list.size()),
                 .found = std::to_string(weights.size())});
  for (size_t i = 0; i < list.size(); ++i) {
    const ConfigValue::List &entry = list[i].as_list();
    std::string path = entry.at(0).as_string();
    Shape shape(entry.at(1).as_ints());
    std::string name = path.substr(path.rfind('/') + 1);
    if (weights[i]->shape() != shape || !weights[i]->name().starts_with(name.substr(0, 4)))
      throw Error({.what = "weight number " + std::to_string(i) + " is another one",
                   .expected = path + " " + shape.str(),
                   .found = weights[i]->path() + " " + weights[i]->shape().str()});
    Formula formula{i, entry.at(2).as_number(), entry.at(3).as_number(), entry.at(4).as_bool()};
    if (is_floating(weights[i]->dtype()))
      weights[i]->assign(formula.values(shape).cast(weights[i]->dtype()));
  }
}

void run_application(CaseChecks &checks) {
  std::string where = checks.test.config.string();
  ConfigValue config = saving::parse_config(inflated(checks.test.config), where);
  saving::Safetensors tensors = tensors_of(checks.test);
  Model model(saving::ModelReader().read_model(config.at("model")));
  fill_weights(*model.network(), config.at("weights").as_list());
  const ConfigValue &input = config.at("input");
  Formula formula{static_cast<uint64_t>(input.at("tensor").as_int()), input.at("a").as_number(),
                  input.at("b").as_number(), false};
  Array values = formula.values(Shape(input.at("shape").as_ints()));
  values = fit_array(values, model.inputs().at(0), "input");
  // Plain loops take minutes for these.
  if (std::find(checks.engines.begin(), checks.engines.end(), Engine::jit) != checks.engines.end())
    checks.engines = {Engine::jit};
  checks.for_each_engine([&](Engine engine) {
    checks.compare("output:0", run_engine(engine, model, {values}).at(0), tensors.at("output:0"));
  });
}

} // namespace horn::cli
