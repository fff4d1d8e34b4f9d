// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays for a model's inputs, from files of any kind.
#pragma once

#include "frontend/core/Model.h"

#include <map>
#include <string>
#include <vector>

namespace horn::cli {

/// How numbers of files become numbers of inputs.
struct InputOptions {
  /// Pixels, and arrays of uint8, become `scale * value + offset`.
  double scale = 1, offset = 0;
};

/// A model's inputs and what their rows are called.
struct ModelInputs {
  std::vector<Array> arrays;          ///< in the order of the model's inputs
  std::vector<std::string> row_names; ///< file names where each file gave one row; else empty
};

/// Reads files for the inputs of a model. Each of `files` is `NAME=FILE` or, in a model of one
/// input, `FILE`; several for one input make a batch. A safetensors file may be followed by
/// `:TENSOR`; alone it may hold all inputs, named as in the model or `input:0`, `input:1`, ...
/// **Errors** Error for names that are no inputs, inputs without files, shapes that do not fit.
ModelInputs read_inputs(const Model &model, const std::vector<std::string> &files,
                        const InputOptions &options);

/// An array made to fit an input: a batch axis, a last axis of size 1 and the element type are
/// added where they are missing, and rows of a table take the shape of a sample. Throws Error.
Array fit_array(const Array &array, const Tensor &input, const std::string &where);

/// A picture as a batch of one for an input; see saving/Image.h. Throws Error.
Array read_image_input(const std::string &path, const Tensor &input, const InputOptions &options);

/// A number, or a quotient such as 1/255. Throws Error.
double parse_factor(const std::string &text, const std::string &where);

/// "(1, 8, 8, 1) float32"
std::string type_text(const Shape &shape, DType dtype);

/// Throws Error when unknown sizes that must agree (the batch) differ between inputs.
void check_batch(const Model &model, const std::vector<Array> &inputs);

} // namespace horn::cli
