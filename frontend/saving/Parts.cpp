// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Parts.h"

#include "frontend/saving/Limits.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace horn::saving {

/// More threads do not read faster: memory is what they wait for.
static constexpr size_t kMostParts = 8;

size_t num_parts(size_t size) {
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
  return std::clamp<size_t>(size / MiB, 1, std::min(threads, kMostParts));
}

void for_each_part(size_t size, const std::function<void(const Part &)> &work) {
  size_t count = num_parts(size);
  std::vector<std::exception_ptr> errors(count);
  auto run = [&](size_t number) {
    try {
      work({number, size / count * number,
            number + 1 == count ? size : size / count * (number + 1)});
    } catch (...) {
      errors[number] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(count);
  size_t started = 1;
  try {
    for (; started < count; ++started)
      threads.emplace_back(run, started);
  } catch (const std::system_error &) {
  }
  run(0);
  for (; started < count; ++started)
    run(started);
  for (std::thread &thread : threads)
    thread.join();
  for (const std::exception_ptr &error : errors)
    if (error)
      std::rethrow_exception(error);
}

} // namespace horn::saving
