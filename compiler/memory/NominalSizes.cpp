// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sizes at usual values of the unknown dimensions.
#include "compiler/memory/Lifetimes.h"

#include "mlir/IR/AffineMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace horn::memory {

/// A batch, and a time, height or width.
static constexpr int64_t kNominalBatch = 16, kNominalLength = 64;

/// The usual value of each symbol of the inputs. Axis 0 is the batch.
static SmallVector<int64_t> nominalSymbols(ModuleOp module) {
  auto count = module->getAttrOfType<IntegerAttr>("horn.num_symbols");
  SmallVector<int64_t> values(count ? count.getInt() : 0, kNominalLength);
  auto inputs = module->getAttrOfType<ArrayAttr>("horn.inputs");
  for (Attribute input : inputs ? inputs.getValue() : ArrayRef<Attribute>()) {
    auto symbols = cast<DictionaryAttr>(input).getAs<DenseI64ArrayAttr>("symbols");
    if (symbols && !symbols.empty() && symbols[0] >= 0)
      values[symbols[0]] = kNominalBatch;
  }
  return values;
}

/// The value of a map of symbols; 1 where it is not defined.
static int64_t evaluate(AffineMap map, ArrayRef<int64_t> symbols, OpBuilder &builder) {
  SmallVector<Attribute> operands, results;
  for (unsigned i = 0; i < map.getNumInputs(); ++i)
    operands.push_back(builder.getIndexAttr(i < symbols.size() ? symbols[i] : 1));
  if (failed(map.constantFold(operands, results)))
    return 1;
  return cast<IntegerAttr>(results.front()).getInt();
}

/// Appends the symbols that are the greater or smaller of two expressions.
static void addDerived(SmallVector<int64_t> &values, ModuleOp module) {
  OpBuilder builder(module.getContext());
  auto derived = module->getAttrOfType<ArrayAttr>("horn.derived");
  for (Attribute attr : derived ? derived.getValue() : ArrayRef<Attribute>()) {
    auto entry = cast<DictionaryAttr>(attr);
    int64_t a = evaluate(entry.getAs<AffineMapAttr>("a").getValue(), values, builder);
    int64_t b = evaluate(entry.getAs<AffineMapAttr>("b").getValue(), values, builder);
    bool isMax = entry.getAs<StringAttr>("kind").getValue() == "max";
    values.push_back(isMax ? std::max(a, b) : std::min(a, b));
  }
}

namespace {
/// Values of i64 arithmetic, found by folding with the symbols as constants.
class Evaluator {
public:
  explicit Evaluator(ArrayRef<int64_t> symbols) : symbols(symbols) {}
  /// Null if the value depends on something else.
  Attribute get(Value value);

private:
  Attribute compute(Value value);

  ArrayRef<int64_t> symbols;
  DenseMap<Value, Attribute> known;
};
} // namespace

Attribute Evaluator::get(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Attribute result = compute(value);
  return known[value] = result;
}

Attribute Evaluator::compute(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumResults() != 1 || op->getNumRegions() != 0)
    return nullptr;
  if (auto symbol = dyn_cast<kernel::SymbolOp>(op)) {
    uint64_t index = symbol.getIndex();
    return OpBuilder(op).getI64IntegerAttr(index < symbols.size() ? symbols[index] : 1);
  }
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(get(operand));
    if (!operands.back())
      return nullptr;
  }
  SmallVector<OpFoldResult> folded;
  if (failed(op->fold(operands, folded)) || folded.size() != 1)
    return nullptr;
  if (auto result = dyn_cast<Attribute>(folded.front()))
    return result;
  auto other = cast<Value>(folded.front());
  return other == value ? Attribute() : get(other);
}

int64_t bytesPerRow(ArrayRef<Lifetime> lifetimes) {
  int64_t bytes = 0;
  for (const Lifetime &lifetime : lifetimes)
    bytes += lifetime.nominalBytes;
  return bytes / kNominalBatch;
}

LogicalResult setNominalBytes(MutableArrayRef<Lifetime> lifetimes, ModuleOp module) {
  SmallVector<int64_t> symbols = nominalSymbols(module);
  addDerived(symbols, module);
  Evaluator evaluator(symbols);
  for (Lifetime &lifetime : lifetimes) {
    auto bytes = dyn_cast_or_null<IntegerAttr>(evaluator.get(lifetime.buffer.getBytes()));
    if (!bytes)
      return lifetime.buffer.emitOpError(
          "has a size that is not computed from the symbols by arithmetic alone");
    lifetime.nominalBytes = llvm::alignTo(std::max<int64_t>(bytes.getInt(), 1), kAlignment);
  }
  return success();
}

} // namespace horn::memory
