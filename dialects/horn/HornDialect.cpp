// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/HornActivationOps.h"
#include "dialects/horn/HornCompositeOps.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "dialects/horn/HornDialect.cpp.inc"
#include "dialects/horn/HornInterfaces.cpp.inc"

using namespace horn::ir;

void HornDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornActivationOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornCompositeOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornContractionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornElementwiseOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornModuleOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornReduceOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/horn/HornShapeOps.cpp.inc"
      >();
}

mlir::Operation *HornDialect::materializeConstant(mlir::OpBuilder &builder, mlir::Attribute value,
                                                  mlir::Type type, mlir::Location location) {
  if (auto elements = llvm::dyn_cast<mlir::ElementsAttr>(value);
      elements && elements.getType() == type)
    return ConstantOp::create(builder, location, elements);
  return nullptr;
}
