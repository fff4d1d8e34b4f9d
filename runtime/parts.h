// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Going through a large batch in parts, so that what layers hand to one another stays in the
// caches.
#ifndef HORN_RUNTIME_PARTS_H
#define HORN_RUNTIME_PARTS_H

#include "horn/runtime.h"

namespace horn::runtime {

/// How many rows to run at once, at least 1 of several, where all of them would need an arena of
/// `arenaBytes`: as many as make the least bytes cross the bus, which are the weights once for each
/// part and what the last cache cannot hold of the arena. All, unless the program's rows are apart.
int64_t rowsAtOnce(const horn_program &program, int64_t rows, int64_t arenaBytes,
                   int64_t weightBytes, int64_t cacheBytes);

} // namespace horn::runtime

#endif // HORN_RUNTIME_PARTS_H
