// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How functions of the runtime fail: they write a message for horn_last_error and return a status.
#ifndef HORN_RUNTIME_STATUS_H
#define HORN_RUNTIME_STATUS_H

#include "horn/runtime.h"

namespace horn::runtime {

/// Size of a thread's message in bytes, the final zero included; a longer one is cut.
inline constexpr int kMessageBytes = 1024;

/// Writes this thread's message, as printf, and returns `status`. The arguments must not point into
/// the message of horn_last_error().
[[gnu::format(printf, 2, 3)]] horn_status fail(horn_status status, const char *format, ...);

/// The name for messages: never null.
inline const char *nameOf(const char *name) { return name ? name : "?"; }

} // namespace horn::runtime

#endif // HORN_RUNTIME_STATUS_H
