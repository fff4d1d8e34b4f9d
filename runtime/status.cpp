// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/status.h"

#include <stdarg.h>
#include <stdio.h>

namespace horn::runtime {

// A plain array: it needs no constructor, so no C++ runtime library either.
static thread_local char message[kMessageBytes];

horn_status fail(horn_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  return status;
}

} // namespace horn::runtime

const char *horn_last_error(void) { return horn::runtime::message; }

const char *horn_status_name(horn_status status) {
  switch (status) {
  case HORN_OK:
    return "ok";
  case HORN_INVALID_ARGUMENT:
    return "invalid argument";
  case HORN_OUT_OF_MEMORY:
    return "out of memory";
  case HORN_INCOMPATIBLE:
    return "incompatible program";
  case HORN_INTERNAL:
    return "internal error";
  }
  return "unknown status";
}
