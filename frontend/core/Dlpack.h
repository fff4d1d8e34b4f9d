// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays to and from other libraries (NumPy, PyTorch, JAX, ...) without a copy, by DLPack. The
// structures are in frontend/core/DlpackAbi.h, and in DLPack's own header.
#pragma once

#include "frontend/core/Array.h"

struct DLManagedTensor;
struct DLManagedTensorVersioned;

namespace horn {

/// What to do with elements that their owner forbids to write.
enum class ReadOnly {
  refuse, ///< throw Error
  accept  ///< take them all the same: the caller promises not to write to the array
};

/// The array as a tensor of DLPack before 1.0, which names its own deleter: whoever takes it calls
/// that once. The elements live until then, whatever becomes of the array. **Ownership** the
/// caller's. **Errors** an array that was never set.
DLManagedTensor *to_dlpack(const Array &array);
/// The same as a tensor of DLPack 1.0.
DLManagedTensorVersioned *to_dlpack_versioned(const Array &array);

/// An array over a tensor's elements. **Ownership** the tensor is the array's from then on: its
/// deleter is called, on any thread, when the last copy of the array is gone. When this throws, the
/// tensor stays the caller's. **Errors** elements that are not in the memory of the CPU, that are
/// not row-major without gaps or not aligned to their size, element types that Horn does not have
/// (complex numbers, vectors), sizes that are negative or do not fit.
Array from_dlpack(DLManagedTensor *tensor);
/// The same for DLPack 1.0. **Errors** also another major version, and elements that must not be
/// written unless they are accepted.
Array from_dlpack(DLManagedTensorVersioned *tensor, ReadOnly read_only = ReadOnly::refuse);

} // namespace horn
