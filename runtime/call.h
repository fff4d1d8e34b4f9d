// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks of one call: do the caller's tensors fit the program?
#ifndef HORN_RUNTIME_CALL_H
#define HORN_RUNTIME_CALL_H

#include "horn/runtime.h"

namespace horn::runtime {

/// Checks number, types and shapes of the inputs and writes the value of every symbol. Looks at no
/// data.
/// **Errors** HORN_INVALID_ARGUMENT; the message names the input, what it should be and what it is.
horn_status bindSymbols(const horn_program &program, const horn_tensor *inputs, int32_t numInputs,
                        int64_t *symbols);

/// Checks that the inputs of a call, whose shapes have been checked, have memory.
horn_status checkInputData(const horn_program &program, const horn_tensor *inputs);

/// Checks that there are as many outputs as the program has.
horn_status checkNumOutputs(const horn_program &program, const horn_tensor *outputs,
                            int32_t numOutputs);

/// Checks that each output has memory for its shape (`shapes`: HORN_MAX_RANK numbers each), and
/// that none overlaps an input or another output: compiled code writes outputs before it has read
/// all inputs.
horn_status checkOutputs(const horn_program &program, const horn_tensor *inputs,
                         const horn_tensor *outputs, const int64_t *shapes);

} // namespace horn::runtime

#endif // HORN_RUNTIME_CALL_H
