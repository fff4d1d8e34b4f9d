// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

#include "dialects/horn/Horn.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <cmath>

using namespace mlir;

namespace horn::reference {

Tensor tensorOf(ElementType element, Shape shape, std::initializer_list<double> values) {
  Tensor tensor(element, shape);
  EXPECT_EQ(tensor.count(), static_cast<int64_t>(values.size()));
  for (auto [i, value] : llvm::enumerate(values)) {
    if (isFloat(element))
      tensor.reals[i] = value;
    else
      tensor.integers[i] = static_cast<int64_t>(value);
  }
  roundToElement(tensor);
  return tensor;
}

std::string typeText(const Tensor &tensor) {
  static const char *names[] = {"f32", "f64", "f16", "bf16", "i1",   "i8",  "i16",
                                "i32", "i64", "ui8", "ui16", "ui32", "ui64"};
  std::string text = "tensor<";
  for (int64_t size : tensor.shape)
    text += std::to_string(size) + "x";
  return text + names[static_cast<int>(tensor.element)] + ">";
}

/// A context that knows the horn dialect; made once, as making it takes milliseconds.
static MLIRContext &testContext() {
  static MLIRContext context = [] {
    DialectRegistry registry;
    registry.insert<ir::HornDialect, func::FuncDialect>();
    return MLIRContext(registry, MLIRContext::Threading::DISABLED);
  }();
  return context;
}

Outcome runModule(const std::string &text, std::vector<Tensor> inputs, const Variables &variables,
                  Precision precision) {
  Outcome outcome;
  ScopedDiagnosticHandler errors(&testContext(), [&](Diagnostic &diagnostic) {
    if (outcome.error.empty())
      outcome.error = diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &testContext());
  if (!module)
    return outcome;
  Variables stored;
  auto source = [&](StringRef symbol) -> FailureOr<Tensor> {
    auto found = variables.find(symbol);
    return found == variables.end() ? FailureOr<Tensor>(failure())
                                    : FailureOr<Tensor>(found->second);
  };
  auto functions = llvm::to_vector(module->getOps<func::FuncOp>());
  for (func::FuncOp function : functions) {
    ArrayRef<Tensor> arguments =
        function == functions.back() ? ArrayRef(inputs) : ArrayRef<Tensor>();
    FailureOr<std::vector<Tensor>> outputs =
        interpret(function, arguments, source, {precision, &stored});
    if (failed(outputs))
      return outcome;
    outcome.outputs = std::move(*outputs);
  }
  return outcome;
}

void check(const OpCase &test) {
  std::string arguments, result = typeText(test.expected);
  for (auto [i, input] : llvm::enumerate(test.inputs))
    arguments += (i ? ", %" : "%") + std::to_string(i) + ": " + typeText(input);
  Outcome outcome = runModule("func.func @forward(" + arguments + ") -> " + result +
                                  " {\n %r = " + test.op + "\n return %r : " + result + "\n}",
                              test.inputs);
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs.front(), test.expected, test.tolerance);
}

void expectTensor(const Tensor &found, const Tensor &expected, double tolerance) {
  ASSERT_EQ(typeText(found), typeText(expected));
  EXPECT_EQ(found.integers, expected.integers);
  for (size_t i = 0; i < found.reals.size(); ++i) {
    double a = found.reals[i], b = expected.reals[i];
    bool isSame = a == b || (std::isnan(a) && std::isnan(b));
    EXPECT_TRUE(isSame || std::fabs(a - b) <= tolerance * std::fabs(b))
        << "element " << i << ": " << a << ", not " << b;
  }
}

} // namespace horn::reference
