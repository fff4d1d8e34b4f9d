// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Affine expressions of the symbols as i64 arithmetic.
#include "compiler/backend/Lowering.h"

#include <horn/runtime.h>

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AffineExprVisitor.h"
#include "mlir/IR/AffineMap.h"

using namespace mlir;

namespace horn::backend {

namespace {
using SymbolFn = llvm::function_ref<Value(int64_t)>;

/// A map's dims and symbols both stand for the module's symbols.
class Expander : public AffineExprVisitor<Expander, Value> {
public:
  Expander(OpBuilder &builder, Location location, SymbolFn symbol)
      : b(builder), loc(location), symbol(symbol) {}

  Value visitAddExpr(AffineBinaryOpExpr expr) { return binary<arith::AddIOp>(expr); }
  Value visitMulExpr(AffineBinaryOpExpr expr) { return binary<arith::MulIOp>(expr); }
  Value visitFloorDivExpr(AffineBinaryOpExpr expr) { return binary<arith::FloorDivSIOp>(expr); }
  Value visitCeilDivExpr(AffineBinaryOpExpr expr) { return binary<arith::CeilDivSIOp>(expr); }
  /// x mod y = x - floor(x / y) * y
  Value visitModExpr(AffineBinaryOpExpr expr) {
    Value x = visit(expr.getLHS()), y = visit(expr.getRHS());
    Value quotient = arith::FloorDivSIOp::create(b, loc, x, y);
    return arith::SubIOp::create(b, loc, x, arith::MulIOp::create(b, loc, quotient, y));
  }
  Value visitConstantExpr(AffineConstantExpr expr) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(expr.getValue()));
  }
  Value visitDimExpr(AffineDimExpr expr) { return symbol(expr.getPosition()); }
  Value visitSymbolExpr(AffineSymbolExpr expr) { return symbol(expr.getPosition()); }

private:
  template <typename Op> Value binary(AffineBinaryOpExpr expr) {
    Value left = visit(expr.getLHS());
    return b.createOrFold<Op>(loc, left, visit(expr.getRHS()));
  }

  OpBuilder &b;
  Location loc;
  SymbolFn symbol;
};
} // namespace

static int64_t numSymbols(ModuleOp module) {
  auto attr = module->getAttrOfType<IntegerAttr>("horn.num_symbols");
  return attr ? attr.getInt() : 0;
}

Value buildSymbol(OpBuilder &builder, Location location, ModuleOp module, int64_t index,
                  SymbolFn given) {
  int64_t derivedIndex = index - numSymbols(module);
  auto derived = module->getAttrOfType<ArrayAttr>("horn.derived");
  if (derivedIndex < 0 || !derived || derivedIndex >= static_cast<int64_t>(derived.size()))
    return given(index);
  auto entry = cast<DictionaryAttr>(derived[derivedIndex]);
  auto operand = [&](StringRef name) {
    AffineMap map = entry.getAs<AffineMapAttr>(name).getValue();
    auto symbol = [&](int64_t i) { return buildSymbol(builder, location, module, i, given); };
    return Expander(builder, location, symbol).visit(map.getResult(0));
  };
  Value a = operand("a"), b = operand("b");
  if (entry.getAs<StringAttr>("kind").getValue() == "max")
    return arith::MaxSIOp::create(builder, location, a, b);
  return arith::MinSIOp::create(builder, location, a, b);
}

namespace {
/// Writes expressions as C does; what is below + is in parentheses.
class Printer : public AffineExprVisitor<Printer, std::string> {
public:
  Printer(ModuleOp module, ArrayRef<std::string> names) : module(module), names(names) {}

  std::string visitAddExpr(AffineBinaryOpExpr expr) {
    auto constant = dyn_cast<AffineConstantExpr>(expr.getRHS());
    if (constant && constant.getValue() < 0)
      return visit(expr.getLHS()) + " - " + std::to_string(-constant.getValue());
    return visit(expr.getLHS()) + " + " + visit(expr.getRHS());
  }
  std::string visitMulExpr(AffineBinaryOpExpr expr) { return binary(expr, " * "); }
  std::string visitFloorDivExpr(AffineBinaryOpExpr expr) { return binary(expr, " / "); }
  std::string visitModExpr(AffineBinaryOpExpr expr) { return binary(expr, " % "); }
  std::string visitCeilDivExpr(AffineBinaryOpExpr expr) {
    return "ceil(" + binary(expr, " / ") + ")";
  }
  std::string visitConstantExpr(AffineConstantExpr expr) { return std::to_string(expr.getValue()); }
  std::string visitDimExpr(AffineDimExpr expr) { return symbol(expr.getPosition()); }
  std::string visitSymbolExpr(AffineSymbolExpr expr) { return symbol(expr.getPosition()); }

private:
  std::string symbol(size_t index) {
    if (index < names.size())
      return names[index];
    auto derived = module->getAttrOfType<ArrayAttr>("horn.derived");
    auto entry = cast<DictionaryAttr>(derived[index - names.size()]);
    auto operand = [&](StringRef name) {
      return visit(entry.getAs<AffineMapAttr>(name).getValue().getResult(0));
    };
    return entry.getAs<StringAttr>("kind").getValue().str() + "(" + operand("a") + ", " +
           operand("b") + ")";
  }
  std::string factor(AffineExpr expr) {
    std::string text = visit(expr);
    auto kind = expr.getKind();
    bool isLeaf = kind == AffineExprKind::Constant || kind == AffineExprKind::DimId ||
                  kind == AffineExprKind::SymbolId || kind == AffineExprKind::CeilDiv;
    return isLeaf ? text : "(" + text + ")";
  }
  std::string binary(AffineBinaryOpExpr expr, const char *name) {
    return factor(expr.getLHS()) + name + factor(expr.getRHS());
  }

  ModuleOp module;
  ArrayRef<std::string> names;
};
} // namespace

std::string symbolText(AffineExpr expr, ModuleOp module, ArrayRef<std::string> names) {
  return Printer(module, names).visit(expr);
}

static void storeShapes(OpBuilder &builder, Location loc, ArrayAttr outputs, Value shapes) {
  auto constant = [&](int64_t value) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
  };
  auto symbol = [&](int64_t i) -> Value {
    return kernel::SymbolOp::create(builder, loc, builder.getI64Type(), i);
  };
  for (auto [output, attr] : llvm::enumerate(outputs)) {
    AffineMap dims = cast<DictionaryAttr>(attr).getAs<AffineMapAttr>("dims").getValue();
    for (auto [axis, expr] : llvm::enumerate(dims.getResults()))
      kernel::StoreOp::create(builder, loc, Expander(builder, loc, symbol).visit(expr), shapes,
                              constant(output * HORN_MAX_RANK + axis), Value());
  }
}

void addOutputShapes(ModuleOp module) {
  auto outputs = module->getAttrOfType<ArrayAttr>("horn.outputs");
  if (!outputs)
    return;
  Location loc = module.getLoc();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto function = func::FuncOp::create(builder, loc, "output_shapes",
                                       builder.getFunctionType({pointer, pointer}, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  storeShapes(builder, loc, outputs, body->getArgument(1));
  func::ReturnOp::create(builder, loc);
}

} // namespace horn::backend
