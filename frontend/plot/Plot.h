// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model's graph as a picture.
#pragma once

#include "frontend/core/Model.h"

namespace horn {

/// What a picture of a model shows. Source: keras.utils.plot_model, whose names these are; unlike
/// there shapes and the insides of nested models are shown unless they are switched off.
struct PlotOptions {
  bool show_shapes = true;             ///< of outputs: (None, 28, 28, 1)
  bool show_dtype = false;             ///< element types of outputs
  bool show_layer_names = true;        ///< else class names alone
  bool show_layer_activations = false; ///< "relu", where a layer has one
  bool show_trainable = false;         ///< which layers with weights are frozen
  bool expand_nested = true;           ///< draw what nested models consist of, in boxes
  std::string rankdir = "TB";          ///< "TB" from top to bottom, "LR" from left to right
};

/// The graph as the text of an SVG picture: one box a call of a layer, so that a shared layer has
/// several and lines always lead on; nested models are boxes around theirs, drawn at their first
/// call. The same model gives the same text. **Errors** Error for another rankdir, or a graph that
/// is too large.
std::string plot_svg(const Model &model, const PlotOptions &options = {});

/// Writes the picture to a file, whose name ends in .svg. The file is replaced in one step.
/// **Errors** Error as plot_svg, for other names, and when the file cannot be written.
void plot_model(const Model &model, const std::filesystem::path &path,
                const PlotOptions &options = {});

} // namespace horn
