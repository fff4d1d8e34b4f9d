// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/Work.h"

#include "compiler/analysis/SymbolicShapes.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

namespace {
class FlopCounter {
public:
  FlopCounter(SymbolicShapes &shapes, ArrayRef<SmallVector<int64_t>> inputShapes);

  int64_t countBlock(Block &block);

private:
  int64_t countOp(Operation *op);
  /// The value of a dimension for these inputs.
  int64_t size(AffineExpr dim);
  int64_t elements(ArrayRef<AffineExpr> dims) {
    int64_t count = 1;
    for (AffineExpr dim : dims)
      count *= size(dim);
    return count;
  }

  SymbolicShapes &shapes;
  SmallVector<AffineExpr> symbols; ///< values by number; null where not yet known
};
} // namespace

FlopCounter::FlopCounter(SymbolicShapes &shapes, ArrayRef<SmallVector<int64_t>> inputShapes)
    : shapes(shapes), symbols(shapes.scope().numSymbols()) {
  for (auto [symbol, axis] : shapes.inputSymbols())
    symbols[symbol] = shapes.scope().constant(inputShapes[axis.input][axis.axis]);
}

int64_t FlopCounter::size(AffineExpr dim) {
  // Derived symbols come after those they are made of.
  for (unsigned number = 0; number < symbols.size(); ++number) {
    const DerivedSymbol *derived = shapes.scope().derived(number);
    if (symbols[number] || !derived || !dim.isFunctionOfSymbol(number))
      continue;
    int64_t a = size(derived->a), b = size(derived->b);
    symbols[number] = shapes.scope().constant(
        derived->kind == DerivedSymbol::Kind::Max ? std::max(a, b) : std::min(a, b));
  }
  SmallVector<AffineExpr> values(symbols);
  for (AffineExpr &value : values)
    value = value ? value : shapes.scope().constant(1);
  return constantValue(simplifyAffineExpr(dim.replaceSymbols(values), 0, 0)).value_or(1);
}

int64_t FlopCounter::countOp(Operation *op) {
  auto dims = [&](Value value) { return shapes.dims(value); };
  return TypeSwitch<Operation *, int64_t>(op)
      .Case([&](MatmulOp matmul) {
        ArrayRef<AffineExpr> a = dims(matmul.getA());
        return 2 * elements(dims(matmul.getY())) *
               size(a[a.size() - (matmul.getTransposeA() ? 2 : 1)]);
      })
      .Case([&](ConvOp conv) {
        return 2 * elements(dims(conv.getY())) * elements(dims(conv.getKernel()).drop_back());
      })
      .Case([&](DepthwiseConvOp conv) {
        return 2 * elements(dims(conv.getY())) * elements(dims(conv.getKernel()).drop_back(2));
      })
      .Case([&](ConvTransposeOp conv) {
        return 2 * elements(dims(conv.getX())) * elements(dims(conv.getKernel()).drop_back());
      })
      .Case([&](ScanOp scan) {
        int64_t steps =
            scan.getSequences().empty() ? 1 : size(dims(scan.getSequences().front())[1]);
        return steps * countBlock(scan.getBody().front());
      })
      .Default(int64_t{0});
}

int64_t FlopCounter::countBlock(Block &block) {
  int64_t count = 0;
  for (Operation &op : block)
    count += countOp(&op);
  return count;
}

FailureOr<int64_t> horn::countFlops(func::FuncOp function,
                                    ArrayRef<SmallVector<int64_t>> inputShapes) {
  FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(function);
  if (failed(shapes))
    return failure();
  return FlopCounter(*shapes, inputShapes).countBlock(function.getBody().front());
}
