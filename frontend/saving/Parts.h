// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work on long runs of bytes by several threads. Internal to the readers.
#pragma once

#include <cstddef>
#include <functional>

namespace horn::saving {

/// A part of a run of bytes.
struct Part {
  size_t number, begin, end;
};

/// How many parts `size` bytes are worked on in: one a thread of the machine, each of at least
/// 1 MiB, as starting a thread takes as long as reading a tenth of that.
size_t num_parts(size_t size);

/// Calls `work` for each of the num_parts(size) parts, from several threads at once, one of them
/// the caller's; returns when all have ended. Where the system has no more threads the caller does
/// their parts. Throws what the first part to fail has thrown.
void for_each_part(size_t size, const std::function<void(const Part &)> &work);

} // namespace horn::saving
