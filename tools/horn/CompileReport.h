// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the compiler did and how long it took.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include <iosfwd>
#include <vector>

namespace horn::cli {

/// A table of the phases with their times.
void print_phases(std::ostream &out, const std::vector<PhaseTime> &phases);
/// What was fused, in the words of the layers; with `refused` also what was not, and why.
void print_remarks(std::ostream &out, const std::vector<Remark> &remarks, bool refused);

/// What became part of which layer's kernel: one line a layer.
void print_fusion(std::ostream &out, const std::vector<Remark> &remarks);

} // namespace horn::cli
