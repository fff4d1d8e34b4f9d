// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All horn ops, by family.
include "HornElementwiseOps.td"
include "HornActivationOps.td"
include "HornShapeOps.td"
include "HornReduceOps.td"
include "HornContractionOps.td"
include "HornCompositeOps.td"
include "HornModuleOps.td"
