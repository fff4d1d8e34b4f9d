// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialects/horn/Horn.h"
#include "mlir/IR/SymbolTable.h"
#define GET_OP_CLASSES
#include "dialects/horn/HornModuleOps.h.inc"
