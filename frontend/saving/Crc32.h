// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The checksum of zip archives. Internal to the readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace horn::saving {

/// The CRC-32 of zlib of `bytes` that follow others whose CRC is `crc`; of none it is 0. As fast as
/// memory on x86 CPUs that multiply polynomials; zlib's own function takes several times as long.
uint32_t crc32_of(std::span<const std::byte> bytes, uint32_t crc = 0);

} // namespace horn::saving
