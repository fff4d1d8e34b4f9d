// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores and library calls inside kernels, to the LLVM dialect.
#include "compiler/backend/Lowering.h"

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace horn::backend {

/// An element's type in memory: a byte for a bool, integers without a sign.
static Type memoryElement(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), std::max(8u, integer.getWidth()));
  return element;
}

static Type memoryType(Type type) {
  Type element = memoryElement(getElementTypeOrSelf(type));
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(element);
  return element;
}

static unsigned elementBytes(Type type) {
  return memoryElement(getElementTypeOrSelf(type)).getIntOrFloatBitWidth() / 8;
}

static Value address(OpBuilder &b, Location loc, Value base, Value index, Type type) {
  return LLVM::GEPOp::create(b, loc, base.getType(), memoryElement(getElementTypeOrSelf(type)),
                             base, ArrayRef<LLVM::GEPArg>(index));
}

static Value zero(OpBuilder &b, Location loc, Type type) {
  return LLVM::ZeroOp::create(b, loc, type);
}

static void lower(kernel::ElementOp op) {
  OpBuilder b(op);
  op.replaceAllUsesWith(address(b, op.getLoc(), op.getBase(), op.getIndex(), op.getElementType()));
  op.erase();
}

static void lower(kernel::LoadOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  Type type = op.getType(), stored = memoryType(type);
  Value pointer = address(b, loc, op.getBase(), op.getIndex(), type), value;
  if (Value mask = op.getMask())
    value = LLVM::MaskedLoadOp::create(b, loc, stored, pointer, mask, zero(b, loc, stored),
                                       elementBytes(type));
  else
    value = LLVM::LoadOp::create(b, loc, stored, pointer, elementBytes(type));
  if (stored != type) // a bool: any byte but 0 is true
    value = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, value, zero(b, loc, stored));
  op.replaceAllUsesWith(value);
  op.erase();
}

static void lower(kernel::StoreOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  Value value = op.getValue();
  Type type = value.getType(), stored = memoryType(type);
  Value pointer = address(b, loc, op.getBase(), op.getIndex(), type);
  if (stored != type)
    value = LLVM::ZExtOp::create(b, loc, stored, value);
  if (Value mask = op.getMask())
    LLVM::MaskedStoreOp::create(b, loc, value, pointer, mask, elementBytes(type));
  else
    LLVM::StoreOp::create(b, loc, value, pointer, elementBytes(type));
  op.erase();
}

static LLVM::LLVMFuncOp declare(ModuleOp module, StringRef name, LLVM::LLVMFunctionType type) {
  if (auto found = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return found;
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  return LLVM::LLVMFuncOp::create(b, module.getLoc(), name, type);
}

/// Calls the function for scalars.
static Value callScalar(OpBuilder &b, Location loc, LLVM::LLVMFuncOp function,
                        ValueRange operands) {
  auto call = LLVM::CallOp::create(b, loc, function, operands);
  call.setNoUnwind(true);
  call.setWillReturn(true);
  return call.getResult();
}

static void lower(kernel::CallOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  Type type = op.getType(), element = getElementTypeOrSelf(type);
  SmallVector<Type> parameters(op->getNumOperands(), element);
  auto function = declare(op->getParentOfType<ModuleOp>(), op.getFunction(),
                          LLVM::LLVMFunctionType::get(element, parameters));
  Value result;
  if (auto vector = dyn_cast<VectorType>(type)) {
    result = LLVM::PoisonOp::create(b, loc, vector);
    for (int64_t i = 0; i < vector.getNumElements(); ++i) {
      Value lane = LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(i));
      auto scalars = llvm::map_to_vector(op->getOperands(), [&](Value operand) -> Value {
        return LLVM::ExtractElementOp::create(b, loc, operand, lane);
      });
      Value value = callScalar(b, loc, function, scalars);
      result = LLVM::InsertElementOp::create(b, loc, result, value, lane);
    }
  } else {
    result = callScalar(b, loc, function, op->getOperands());
  }
  op.replaceAllUsesWith(result);
  op.erase();
}

static LogicalResult checkMemoryType(Operation *op, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (!element.isIntOrFloat() || element.isUnsignedInteger() || element.isSignedInteger())
    return op->emitOpError("is of ") << type
                                     << ", which is no type of registers: integers have no "
                                        "sign there";
  return success();
}

LogicalResult lowerMemory(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    LogicalResult status = success();
    if (auto load = dyn_cast<kernel::LoadOp>(op)) {
      if (succeeded(status = checkMemoryType(op, load.getType())))
        lower(load);
    } else if (auto store = dyn_cast<kernel::StoreOp>(op)) {
      if (succeeded(status = checkMemoryType(op, store.getValue().getType())))
        lower(store);
    } else if (auto element = dyn_cast<kernel::ElementOp>(op)) {
      lower(element);
    } else if (auto call = dyn_cast<kernel::CallOp>(op)) {
      lower(call);
    }
    return WalkResult(status);
  });
  return failure(result.wasInterrupted());
}

//===--- bf16
//----------------------------------------------------------------------------------===//

namespace {
/// Integer arithmetic on all lanes of values like `like`.
struct Bits {
  OpBuilder b;
  Location loc;
  Type like;

  explicit Bits(Operation *op, Type like) : b(op), loc(op->getLoc()), like(like) {}

  Type of(Type element) const {
    if (auto vector = dyn_cast<VectorType>(like))
      return vector.clone(element);
    return element;
  }
  Type integer(unsigned width) { return of(b.getIntegerType(width)); }
  Value constant(uint32_t value) {
    Attribute scalar = b.getI32IntegerAttr(static_cast<int32_t>(value));
    if (auto vector = dyn_cast<VectorType>(integer(32)))
      return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vector, scalar));
    return arith::ConstantOp::create(b, loc, cast<TypedAttr>(scalar));
  }
};
} // namespace

/// A bf16 is the upper half of an f32.
static void expand(arith::ExtFOp op) {
  Bits bits(op, op.getType());
  OpBuilder &b = bits.b;
  Value half = arith::BitcastOp::create(b, bits.loc, bits.integer(16), op.getIn());
  Value wide = arith::ExtUIOp::create(b, bits.loc, bits.integer(32), half);
  Value shifted = arith::ShLIOp::create(b, bits.loc, wide, bits.constant(16));
  Value value = arith::BitcastOp::create(b, bits.loc, bits.of(b.getF32Type()), shifted);
  if (value.getType() != op.getType())
    value = arith::ExtFOp::create(b, bits.loc, op.getType(), value);
  op.replaceAllUsesWith(value);
  op.erase();
}

/// Rounds to nearest even: half of the last place is added, less one bit where it is even already.
/// A NaN stays one: it is made quiet instead.
static void expand(arith::TruncFOp op) {
  Bits bits(op, op.getType());
  OpBuilder &b = bits.b;
  Location loc = bits.loc;
  Type single = bits.of(b.getF32Type());
  Value in = op.getIn();
  if (in.getType() != single)
    in = arith::TruncFOp::create(b, loc, single, in);
  Value word = arith::BitcastOp::create(b, loc, bits.integer(32), in);
  Value upper = arith::ShRUIOp::create(b, loc, word, bits.constant(16));
  Value odd = arith::AndIOp::create(b, loc, upper, bits.constant(1));
  Value bias = arith::AddIOp::create(b, loc, odd, bits.constant(0x7fff));
  Value sum = arith::AddIOp::create(b, loc, word, bias);
  Value rounded = arith::ShRUIOp::create(b, loc, sum, bits.constant(16));
  Value quiet = arith::OrIOp::create(b, loc, upper, bits.constant(0x40));
  Value isNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, in, in);
  Value chosen = arith::SelectOp::create(b, loc, isNan, quiet, rounded);
  Value half = arith::TruncIOp::create(b, loc, bits.integer(16), chosen);
  op.replaceAllUsesWith(Value(arith::BitcastOp::create(b, loc, op.getType(), half)));
  op.erase();
}

/// The bits of a constant, so that none of its type is left when the type becomes that of the bits.
static void expand(arith::ConstantOp op) {
  Bits bits(op, op.getType());
  OpBuilder &b = bits.b;
  TypedAttr words;
  if (auto scalar = dyn_cast<FloatAttr>(op.getValue()))
    words = b.getIntegerAttr(b.getI16Type(), scalar.getValue().bitcastToAPInt());
  else
    words = cast<DenseElementsAttr>(op.getValue()).bitcast(b.getI16Type());
  Value value = arith::ConstantOp::create(b, bits.loc, words);
  op.replaceAllUsesWith(Value(arith::BitcastOp::create(b, bits.loc, op.getType(), value)));
  op.erase();
}

void expandBFloat16(ModuleOp module) {
  module.walk([](Operation *op) {
    auto isBFloat16 = [](Type type) { return getElementTypeOrSelf(type).isBF16(); };
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      if (isBFloat16(constant.getType()))
        expand(constant);
    } else if (auto extension = dyn_cast<arith::ExtFOp>(op)) {
      if (isBFloat16(extension.getIn().getType()))
        expand(extension);
    } else if (auto truncation = dyn_cast<arith::TruncFOp>(op)) {
      if (isBFloat16(truncation.getType()))
        expand(truncation);
    }
  });
}

void moveBFloat16AsIntegers(LLVM::LLVMFuncOp function) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [](BFloat16Type type) -> Type { return IntegerType::get(type.getContext(), 16); });
  replacer.recursivelyReplaceElementsIn(function, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

} // namespace horn::backend
