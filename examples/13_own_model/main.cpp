// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model whose call is C++, with layers as members, and own kinds of all small parts: activation,
// initializer, regularizer. It is saved and loaded like any other.
#include <horn/horn.h>

#include <cmath>
#include <filesystem>
#include <iostream>

using namespace horn;

/// Arguments in a struct: they are read from and written to files by their names.
struct GateConfig {
  int64_t units = 0;
  Activation activation = "examples>bump";
  HORN_FIELDS(units, activation)
};

/// activation(x @ kernel): a layer made like Keras's own, Handle<Gate>({.units = 3}).
struct Gate : Configured<GateConfig> {
  using Configured::Configured;
  void build(const Shape &input) override {
    kernel = add_weight("kernel", {input.back(), config.units},
                        {.initializer = "examples>thirds", .regularizer = "examples>mean"});
  }
  Tensor call(const Tensor &x) override { return config.activation(ops::matmul(x, kernel)); }
  Weight kernel;
};
HORN_REGISTER_LAYER("examples>Gate", Gate);

struct Classifier : Model::Base {
  Handle<Gate> gate{{.units = 3}};
  layers::Dense head{{.units = 2, .use_bias = false, .kernel_initializer = "ones"}};
  HORN_TRACK(gate, head) // the names of their weights in files, as attributes in Python
  Tensor call(const Tensor &x) override { return head(gate(x)); }
};
HORN_REGISTER_LAYER("examples>Classifier", Classifier);

int main() {
  register_activation("examples>bump", [](const Tensor &x) { return ops::exp(-ops::square(x)); });
  register_initializer("examples>thirds",
                       [](const Shape &shape, DType dtype, uint64_t, const ConfigValue &) {
                         Array values(shape, dtype);
                         for (size_t i = 0; i < values.size(); ++i)
                           values.set(i, static_cast<double>(i % 3));
                         return values;
                       });
  register_regularizer("examples>mean",
                       [](const Tensor &weight, const ConfigValue &) { return ops::mean(weight); });

  auto model = make_model<Classifier>();
  Array row({1, 2}, DType::float32);
  row.set(0, 0.5);
  row.set(1, 0.25);
  Array y = model.predict(row); // the first numbers tell it its shapes
  // The kernel's columns are 0, 1 and 2.
  double expected = 1 + std::exp(-0.75 * 0.75) + std::exp(-1.5 * 1.5);
  Tensor x = Input({2});
  model(x);
  double penalty = Model(x, model.losses()).predict(row).at(0);
  std::cout << y.at(0) << ", expected " << expected << "; penalty " << penalty << "\n";

  auto path = std::filesystem::temp_directory_path() / "horn_example_13.keras";
  model.save(path);
  Model again = load_model(path);
  std::filesystem::remove(path);
  again.summary(std::cout);
  double loaded = again.predict(row).at(1);
  return std::abs(y.at(0) - expected) < 1e-5 && std::abs(loaded - expected) < 1e-5 &&
                 penalty == 1 && model->gate->count_params() == 6
             ? 0
             : 1;
}
