// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions, variables, loops and errors.
#include "tests/compiler/reference/Run.h"

#include <algorithm>

namespace horn::reference {
namespace {

TEST(Interpreter, readsPreparedVariables) {
  Outcome outcome = runModule(R"(
    horn.variable @w : tensor<2xf32>
    horn.variable @twice : tensor<2xf32> {kind = "prepared"}
    func.func @prepare() {
      %w = horn.read @w : tensor<2xf32>
      %t = horn.add %w, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      horn.keep @twice, %t : tensor<2xf32>
      return
    }
    func.func @forward(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
      %t = horn.read @twice : tensor<2xf32>
      %y = horn.multiply %x, %t : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
      return %y : tensor<?x2xf32>
    })",
                              {f32({2, 2}, {1, 1, 2, 2})}, {{"w", f32({2}, {3, 4})}});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({2, 2}, {6, 8, 12, 16}));
}

TEST(Interpreter, readsWhatWasAssigned) {
  Outcome outcome = runModule(R"(
    horn.variable @h : tensor<f32> {kind = "state"}
    func.func @forward(%x: tensor<f32>) -> tensor<f32> {
      horn.assign @h, %x : tensor<f32>
      %h = horn.read @h : tensor<f32>
      return %h : tensor<f32>
    })",
                              {f32({}, {3})}, {{"h", f32({}, {0})}});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({}, {3}));
}

/// A scan that adds each step to a carried sum and yields the sum.
static std::string scanOfSums(const char *reverse) {
  return std::string(R"(
    func.func @forward(%h: tensor<?xf32>, %x: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>) {
      %last, %all = horn.scan carried(%h : tensor<?xf32>) sequences(%x : tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>) {
      ^bb0(%sum: tensor<?xf32>, %step: tensor<?xf32>):
        %next = horn.add %sum, %step : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
        horn.yield %next, %next : tensor<?xf32>, tensor<?xf32>
      } {reverse = )") +
         reverse + R"(}
      return %last, %all : tensor<?xf32>, tensor<?x?xf32>
    })";
}

TEST(Interpreter, scansForward) {
  Outcome outcome =
      runModule(scanOfSums("false"), {f32({2}, {0, 100}), f32({2, 3}, {1, 2, 3, 4, 5, 6})});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({2}, {6, 115}));
  expectTensor(outcome.outputs[1], f32({2, 3}, {1, 3, 6, 104, 109, 115}));
}

TEST(Interpreter, scansInReverseAndStacksInOrderOfProcessing) {
  Outcome outcome = runModule(scanOfSums("true"), {f32({1}, {0}), f32({1, 3}, {1, 2, 3})});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({1}, {6}));
  expectTensor(outcome.outputs[1], f32({1, 3}, {3, 5, 6}));
}

TEST(Interpreter, scansNoSteps) {
  Outcome outcome = runModule(scanOfSums("false"), {f32({2}, {7, 8}), f32({2, 0}, {})});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({2}, {7, 8}));
  expectTensor(outcome.outputs[1], f32({2, 0}, {}));
}

TEST(Interpreter, runsFusedGroups) {
  Outcome outcome = runModule(R"(
    func.func @forward(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = horn.fused(%x) : (tensor<2xf32>) -> tensor<2xf32> {
      ^bb0(%a: tensor<2xf32>):
        %b = horn.square %a : tensor<2xf32>
        horn.yield %b : tensor<2xf32>
      }
      return %y : tensor<2xf32>
    })",
                              {f32({2}, {3, 4})});
  ASSERT_EQ(outcome.error, "");
  expectTensor(outcome.outputs[0], f32({2}, {9, 16}));
}

TEST(Interpreter, roundsOnlyAsTyped) {
  const char *text = R"(
    func.func @forward(%x: tensor<f32>) -> tensor<f32> {
      %c = horn.constant dense<1.0> : tensor<f32>
      %y = horn.add %x, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
      return %y : tensor<f32>
    })";
  Tensor tiny = f32({}, {1.0 / (1 << 30)});
  expectTensor(runModule(text, {tiny}).outputs[0], f32({}, {1}));
  expectTensor(runModule(text, {tiny}, {}, Precision::F64).outputs[0],
               tensorOf(ElementType::F64, {}, {1 + 1.0 / (1 << 30)}));
}

TEST(Interpreter, reportsSizesThatDiffer) {
  Outcome outcome = runModule(R"(
    func.func @forward(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
      %c = horn.add %a, %b : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      return %c : tensor<?xf32>
    })",
                              {f32({2}, {1, 2}), f32({3}, {1, 2, 3})});
  EXPECT_NE(outcome.error.find("cannot be broadcast"), std::string::npos) << outcome.error;
}

TEST(Interpreter, reportsInputsThatDoNotFit) {
  const char *text =
      "func.func @forward(%a: tensor<?x2xf32>) -> tensor<?x2xf32> { return %a : tensor<?x2xf32> }";
  EXPECT_NE(runModule(text, {}).error.find("takes 1 inputs, not 0"), std::string::npos);
  EXPECT_NE(runModule(text, {f32({1, 3}, {1, 2, 3})}).error.find("input 0 of shape 1x3"),
            std::string::npos);
  EXPECT_NE(runModule(text, {i32({1, 2}, {1, 2})}).error.find("does not fit"), std::string::npos);
}

TEST(Interpreter, reportsMissingVariables) {
  Outcome outcome = runModule(R"(
    horn.variable @w : tensor<2xf32>
    func.func @forward() -> tensor<2xf32> {
      %w = horn.read @w : tensor<2xf32>
      return %w : tensor<2xf32>
    })",
                              {});
  EXPECT_NE(outcome.error.find("finds no value of @w"), std::string::npos) << outcome.error;
}

TEST(Tensor, keepsBytes) {
  for (int type = 0; type <= static_cast<int>(ElementType::UI64); ++type) {
    auto element = static_cast<ElementType>(type);
    Tensor tensor = tensorOf(element, {3}, {0, 1, 100});
    std::vector<char> bytes = toBytes(tensor);
    EXPECT_EQ(bytes.size(), 3 * byteSize(element));
    expectTensor(fromBytes(element, {3}, bytes.data()), tensor);
  }
}

TEST(Tensor, readsBoolsAndSmallFloats) {
  const unsigned char bytes[] = {0, 2, 1, 0};
  EXPECT_EQ(fromBytes(ElementType::I1, {4}, bytes).integers, (std::vector<int64_t>{0, 1, 1, 0}));
  const uint16_t halves[] = {0x3c00, 0xc000}, bfloats[] = {0x3f80, 0xff80};
  EXPECT_EQ(fromBytes(ElementType::F16, {2}, halves).reals, (std::vector<double>{1, -2}));
  EXPECT_EQ(fromBytes(ElementType::BF16, {2}, bfloats).reals, (std::vector<double>{1, -kInf}));
}

} // namespace
} // namespace horn::reference
