// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Error.h"

namespace horn {

static std::string joinParts(const ErrorParts &parts) {
  std::string text = parts.where;
  if (!parts.what.empty())
    text += (text.empty() ? "" : ": ") + parts.what;
  if (!parts.expected.empty())
    text += "; expected " + parts.expected;
  if (!parts.found.empty())
    text += (parts.expected.empty() ? "; found " : ", found ") + parts.found;
  if (!parts.hint.empty())
    text += "; " + parts.hint;
  return text;
}

Error::Error(const std::string &message) : Error(ErrorParts{.what = message}) {}

Error::Error(ErrorParts parts) : std::runtime_error(joinParts(parts)), parts_(std::move(parts)) {}

Error::~Error() = default;
UnsupportedError::~UnsupportedError() = default;

Error Error::within(const std::string &where) const {
  ErrorParts parts = parts_;
  parts.where = parts.where.empty() ? where : where + ": " + parts.where;
  return Error(std::move(parts));
}

} // namespace horn
