// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one exception type of the frontend: a mistake of the user or of a file, never a bug of ours.
#pragma once

#include <stdexcept>
#include <string>

namespace horn {

/// What a message about a mistake says; empty parts are left out of the text.
struct ErrorParts {
  std::string where;    ///< file, layer path or argument: "m.keras: block3.conv2d_7"
  std::string what;     ///< the mistake, lower case, no full stop
  std::string expected; ///< what would have been right
  std::string found;    ///< what was there
  std::string hint;     ///< how to fix it
};

/// Thrown for mistakes. what() reads "where: what; expected ..., found ...; hint".
class Error : public std::runtime_error {
public:
  /// A message that is one part.
  explicit Error(const std::string &message);
  /// A message made of its parts.
  explicit Error(ErrorParts parts);
  ~Error() override; // out of line, so that its type information has one home

  /// The parts, for tools that show a table.
  const ErrorParts &parts() const { return parts_; }
  /// The same error with `where` put in front of the place it names: "file: layer: ...".
  Error within(const std::string &where) const;

private:
  ErrorParts parts_;
};

/// A class, operation or option that Horn knows of and does not support (yet).
/// Tools count it apart from other errors.
class UnsupportedError : public Error {
public:
  using Error::Error;
  ~UnsupportedError() override;
};

} // namespace horn
