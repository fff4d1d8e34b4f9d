// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What layers with a vocabulary take from a file beside their configuration.
#pragma once

#include <string>
#include <vector>

namespace horn::layers {

/// A layer that looks tokens up. Files hold its vocabulary as an asset, vocabulary.txt, unless it
/// stands in the configuration, and its weights as vars/idf_weights.
class VocabularyUser {
public:
  virtual ~VocabularyUser() = default;
  /// One token a line, special tokens first. Throws Error.
  virtual void set_vocabulary_lines(const std::vector<std::string> &lines) = 0;
  /// One weight for each place.
  virtual void set_idf_weights(std::vector<double> weights) = 0;
  /// Whether the configuration holds the vocabulary, so that assets are not looked at.
  virtual bool has_own_vocabulary() const = 0;
  /// Whether it cannot work without weights from a file.
  virtual bool needs_idf_weights() const = 0;
};

} // namespace horn::layers
