// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What Horn's files say about the Keras whose form they have.
#pragma once

namespace horn::saving {

inline constexpr char keras_version[] = "3.15.1";
inline constexpr char keras_backend[] = "jax";

} // namespace horn::saving
