// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/Driver.h"

#include "compiler/codegen/Lanes.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace horn::lowering {

std::string KernelLibrary::get(StringRef kind, StringRef signature,
                               llvm::function_ref<void(StringRef)> emit) {
  std::string &name = names_[(kind + ":" + signature).str()];
  if (name.empty()) {
    unsigned number = counts_[kind]++;
    name = "horn_" + kind.str() + "_" + std::to_string(number);
    emit(name);
  }
  return name;
}

Driver::Driver(func::FuncOp function, KernelLibrary &kernels, ir::ShapeScope &scope,
               const codegen::Target &target)
    : b(function.getContext()), loc(function.getLoc()), function(function), kernels(kernels),
      scope(scope), target(target), prologue_(function.getContext()) {
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  auto end = func::ReturnOp::create(b, loc);
  // The prologue ends at a marker that stays where it is while launches are added before the
  // return.
  b.setInsertionPoint(end);
  Operation *marker = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(0));
  prologue_.setInsertionPoint(marker);
}

Value Driver::size(AffineExpr expr) {
  if (Value known = sizes_.lookup(expr))
    return known;
  Value value = expand(expr);
  sizes_[expr] = value;
  return value;
}

Value Driver::expand(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return codegen::indexConstant(prologue_, loc, constant.getValue());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    const ir::DerivedSymbol *derived = scope.derived(symbol.getPosition());
    if (!derived)
      return kernel::SymbolOp::create(prologue_, loc, prologue_.getI64Type(),
                                      prologue_.getI64IntegerAttr(symbol.getPosition()));
    Value a = size(derived->a), c = size(derived->b);
    return derived->kind == ir::DerivedSymbol::Kind::Max
               ? Value(arith::MaxSIOp::create(prologue_, loc, a, c))
               : Value(arith::MinSIOp::create(prologue_, loc, a, c));
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value a = size(binary.getLHS()), c = size(binary.getRHS());
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return arith::AddIOp::create(prologue_, loc, a, c);
  case AffineExprKind::Mul:
    return arith::MulIOp::create(prologue_, loc, a, c);
  case AffineExprKind::FloorDiv:
    return arith::FloorDivSIOp::create(prologue_, loc, a, c);
  case AffineExprKind::CeilDiv:
    return arith::CeilDivSIOp::create(prologue_, loc, a, c);
  default:
    break;
  }
  // a mod c, with the sign of c as affine expressions have it: a - floor(a / c) * c.
  Value quotient = arith::FloorDivSIOp::create(prologue_, loc, a, c);
  return arith::SubIOp::create(prologue_, loc, a,
                               arith::MulIOp::create(prologue_, loc, quotient, c));
}

Value Driver::prologuePointer(FlatSymbolRefAttr variable) {
  return kernel::WeightOp::create(prologue_, loc, LLVM::LLVMPointerType::get(b.getContext()),
                                  variable);
}

View Driver::allocate(ArrayRef<AffineExpr> shape, Type element) {
  AffineExpr bytes = scope.product(shape) * codegen::elementBytes(element);
  auto type = LLVM::LLVMPointerType::get(b.getContext());
  OpBuilder::InsertionGuard guard(b);
  if (teams)
    b.setInsertionPoint(teams);
  Value buffer = kernel::BufferOp::create(b, loc, type, size(bytes), IntegerAttr());
  return {buffer, scope.constant(0), ir::Dims(shape), rowMajorStrides(scope, shape), element};
}

Value Driver::pointer(const View &view) {
  if (ir::constantValue(view.offset) == 0)
    return view.base;
  return kernel::ElementOp::create(b, loc, view.base.getType(), view.base, size(view.offset),
                                   TypeAttr::get(view.element));
}

View Driver::moved(const View &view, Value offset) {
  View result = view;
  result.base = kernel::ElementOp::create(b, loc, view.base.getType(), pointer(view), offset,
                                          TypeAttr::get(view.element));
  result.offset = scope.constant(0);
  return result;
}

void Driver::launch(StringRef name, const LaunchArguments &arguments, AffineExpr tasks,
                    AffineExpr workPerTask, int64_t apart) {
  SmallVector<Value> values(arguments.pointers);
  for (AffineExpr expr : arguments.sizes)
    values.push_back(size(expr));
  AffineExpr grain = scope.constant(isInTeam ? kMinimumTeamWork : kMinimumWork)
                         .ceilDiv(scope.max(workPerTask, scope.constant(1)));
  kernel::LaunchOp::create(b, loc, FlatSymbolRefAttr::get(b.getContext(), name), values,
                           size(tasks), size(grain),
                           apart ? b.getI64IntegerAttr(apart) : IntegerAttr());
  if (isInTeam)
    teamWork = teamWork + tasks * workPerTask;
}

} // namespace horn::lowering
