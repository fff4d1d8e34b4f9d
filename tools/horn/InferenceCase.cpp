// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models with inputs and the outputs and masks that Keras computed for them.
#include "frontend/core/Node.h"
#include "tools/horn/CaseKinds.h"
#include "tools/horn/Inputs.h"

#include <cmath>

namespace horn::cli {

namespace {
/// Gives the mask of its input as a tensor, so that it can be an output of a model.
struct MaskOf : Layer {
  std::string class_name() const override { return "MaskOf"; }
  Tensor call(const Tensor &x) override { return x.mask(); }
};

/// A model whose outputs are followed by the masks of those that have one.
struct MaskedModel {
  Model model;
  std::vector<size_t> masked; ///< outputs with a mask, in the order of the masks
};
} // namespace

static MaskedModel with_masks(const Model &model) {
  MaskedModel result{model, {}};
  std::vector<Tensor> outputs = model.outputs();
  for (size_t i = 0; i < model.outputs().size(); ++i)
    if (model.outputs()[i].mask().defined()) {
      outputs.push_back(make_layer<MaskOf>()(model.outputs()[i]));
      result.masked.push_back(i);
    }
  if (!result.masked.empty())
    result.model = Model(TensorStructure(model.inputs()), TensorStructure(outputs), {model.name()});
  return result;
}

static std::string numbered(const char *prefix, size_t number) {
  return prefix + std::to_string(number);
}

/// The expected tensors, whichever way the case names them.
static std::vector<Array> find_tensors(const saving::Safetensors &tensors,
                                       const std::vector<std::string> &names, const char *prefix,
                                       const std::vector<std::string> &model_names) {
  std::vector<Array> arrays;
  for (size_t i = 0; i < model_names.size(); ++i) {
    std::string name = i < names.size() ? names[i] : numbered(prefix, i);
    if (names.empty() && !tensors.has(name) && tensors.has(model_names[i]))
      name = model_names[i];
    arrays.push_back(tensors.at(name));
  }
  return arrays;
}

/// Labels of the first output: an array of as many rows with class numbers, or zeros and ones.
static const Array *find_labels(const saving::Safetensors &tensors, const SuiteCase &test,
                                const Array &output) {
  int64_t columns = output.shape().rank() == 2 ? output.shape()[1] : 1;
  for (const saving::NamedArray &entry : tensors.arrays) {
    const Array &array = entry.array;
    auto listed = [&](const std::vector<std::string> &names) {
      return std::find(names.begin(), names.end(), entry.name) != names.end();
    };
    if (listed(test.inputs) || listed(test.outputs) || array.shape().empty() ||
        array.size() != static_cast<size_t>(output.shape()[0]))
      continue;
    bool fits = true;
    for (size_t i = 0; i < array.size() && fits; ++i) {
      double label = array.at(i), count = static_cast<double>(std::max<int64_t>(columns, 2));
      fits = label >= 0 && label < count && label == std::trunc(label);
    }
    if (fits)
      return &array;
  }
  return nullptr;
}

static double accuracy(const Array &output, const Array &labels) {
  size_t columns = output.shape().rank() == 2 ? static_cast<size_t>(output.shape()[1]) : 1;
  size_t correct = 0;
  for (size_t row = 0; row < labels.size(); ++row) {
    size_t best = 0;
    for (size_t i = 1; i < columns; ++i)
      if (output.at(row * columns + i) > output.at(row * columns + best))
        best = i;
    if (columns == 1)
      best = output.at(row) > 0.5;
    correct += static_cast<double>(best) == labels.at(row);
  }
  return static_cast<double>(correct) / static_cast<double>(std::max<size_t>(labels.size(), 1));
}

static void check_accuracy(CaseChecks &checks, const saving::Safetensors &tensors,
                           const Array &output) {
  if (!checks.test.accuracy)
    return;
  const Array *labels = find_labels(tensors, checks.test, output);
  if (!labels)
    return checks.note("accuracy not checked: the data has no labels");
  double found = std::round(accuracy(output, *labels) * 1e4) / 1e4;
  if (std::abs(found - *checks.test.accuracy) > 1e-9)
    checks.fail("accuracy is " + std::to_string(found) + ", expected " +
                std::to_string(*checks.test.accuracy));
}

/// Whether an output's mask is one of the model's inputs, handed through: cases list only masks
/// that a model makes.
static bool is_given(const Model &model, size_t output) {
  Tensor mask = model.outputs()[output].mask();
  return std::any_of(model.inputs().begin(), model.inputs().end(),
                     [&](const Tensor &input) { return input.same_as(mask); });
}

/// Whether the model's masks are where the case says; a case without any may leave them out.
static void check_presence_of_masks(CaseChecks &checks, const saving::Safetensors &tensors,
                                    const Model &model, const MaskedModel &masked) {
  for (size_t i = 0; i < model.outputs().size(); ++i) {
    bool has = std::find(masked.masked.begin(), masked.masked.end(), i) != masked.masked.end();
    bool expected = tensors.has(numbered("output_mask:", i));
    if (expected && !has)
      checks.fail("output:" + std::to_string(i) + " has no mask, expected one");
    if (has && !expected && checks.test.masks_are_listed && !is_given(model, i))
      checks.fail("output:" + std::to_string(i) + " has a mask, expected none");
    else if (has && !expected)
      checks.note("output:" + std::to_string(i) + " has a mask that the case does not list");
  }
}

void run_inference(CaseChecks &checks) {
  saving::Safetensors tensors = tensors_of(checks.test);
  Model model = load_model(checks.test.model);
  size_t num_outputs = model.outputs().size();
  std::vector<Array> inputs =
      find_tensors(tensors, checks.test.inputs, "input:", model.input_names());
  std::vector<Array> expected =
      find_tensors(tensors, checks.test.outputs, "output:", model.output_names());
  for (size_t i = 0; i < inputs.size(); ++i)
    inputs[i] = fit_array(inputs[i], model.inputs()[i], numbered("input:", i));
  MaskedModel masked = with_masks(model);
  check_presence_of_masks(checks, tensors, model, masked);
  checks.for_each_engine([&](Engine engine) {
    std::vector<Array> outputs = run_engine(engine, masked.model, inputs);
    for (size_t i = 0; i < num_outputs; ++i) {
      std::string name =
          i < checks.test.outputs.size() ? checks.test.outputs[i] : numbered("output:", i);
      checks.compare(name, outputs.at(i), expected[i]);
    }
    for (size_t i = 0; i < masked.masked.size(); ++i) {
      std::string name = numbered("output_mask:", masked.masked[i]);
      if (tensors.has(name))
        checks.compare(name, outputs.at(num_outputs + i), tensors.at(name));
    }
    check_accuracy(checks, tensors, outputs.at(0));
  });
}

} // namespace horn::cli
