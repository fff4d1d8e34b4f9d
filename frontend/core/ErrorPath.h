// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Adding to an error where it happened, keeping its class.
#pragma once

#include "frontend/core/Error.h"

namespace horn {

/// Throws `error` again with `where` put in front of the place it names.
[[noreturn]] inline void rethrow_within(const Error &error, const std::string &where) {
  ErrorParts parts = error.within(where).parts();
  if (dynamic_cast<const UnsupportedError *>(&error))
    throw UnsupportedError(std::move(parts));
  throw Error(std::move(parts));
}

} // namespace horn
