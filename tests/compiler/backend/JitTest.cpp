// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/backend/SampleModule.h"

#include <cmath>
#include <gtest/gtest.h>

namespace horn::backend {

static std::unique_ptr<JitProgram> compile(llvm::StringRef text,
                                           const CompileOptions &options = {}) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  mlir::OwningOpRef<mlir::ModuleOp> module = lowerText(*context, text);
  if (!module)
    return nullptr;
  llvm::Expected<std::unique_ptr<JitProgram>> jit = JitProgram::create(*module, options);
  EXPECT_TRUE(static_cast<bool>(jit)) << llvm::toString(jit.takeError());
  return jit ? std::move(*jit) : nullptr;
}

TEST(JitTest, runsAtAnyBatchSize) {
  std::unique_ptr<JitProgram> jit = compile(kSampleText);
  ASSERT_TRUE(jit);
  for (int64_t batch : {0, 1, 7, 100}) {
    SampleRun run = runSample(jit->program(), batch), expected = expectedRun(batch);
    EXPECT_EQ(run.y, expected.y) << "batch " << batch;
    EXPECT_EQ(run.wide, expected.wide) << "batch " << batch;
  }
  EXPECT_EQ(runSample(jit->program(), 100, /*threads=*/4).y, expectedRun(100).y);
}

TEST(JitTest, describesTheProgram) {
  std::unique_ptr<JitProgram> jit = compile(kSampleText);
  ASSERT_TRUE(jit);
  const horn_program &program = *jit->program();
  EXPECT_STREQ(program.name, "sum");
  EXPECT_EQ(program.num_kernels, 3);
  EXPECT_EQ(program.num_buffers, 1);
  EXPECT_EQ(program.num_prepare_buffers, 0);
  EXPECT_STREQ(program.inputs[0].name, "x");
  EXPECT_EQ(program.inputs[0].shape[0], HORN_UNKNOWN_DIM);
  EXPECT_EQ(program.outputs[1].dtype, HORN_INT64);
  EXPECT_EQ(program.weights[0].in_forward, 0);
  EXPECT_EQ(program.weights[1].in_forward, 1);
  EXPECT_EQ(program.weights[1].kind, HORN_WEIGHT_PREPARED);
  EXPECT_EQ(program.symbols[0].axis, 0);
}

TEST(JitTest, compilesForOlderCpus) {
  for (const char *cpu : {"x86-64", "x86-64-v3"}) {
    CompileOptions options{.target = llvm::cantFail(codegen::Target::named(cpu))};
    std::unique_ptr<JitProgram> jit = compile(kSampleText, options);
    ASSERT_TRUE(jit);
    EXPECT_STREQ(jit->program()->cpu, cpu);
    EXPECT_EQ(runSample(jit->program(), 7).y, expectedRun(7).y);
  }
}

/// A program with one kernel of one task, which gets the memory of x and y; both have 16 bytes.
static std::string programOf(llvm::StringRef body) {
  return (R"mlir(
module attributes {
  horn.num_symbols = 0 : i64,
  horn.inputs = [{name = "x", type = i8, shape = array<i64: 64>, symbols = array<i64: -1>}],
  horn.outputs = [{name = "y", type = i8, shape = array<i64: 64>, dims = affine_map<() -> (64)>}]
} {
  func.func private @kernel(%y: !llvm.ptr, %x: !llvm.ptr, %begin: i64, %end: i64)
      attributes {kernel.kernel} {
    %zero = arith.constant 0 : i64
)mlir" + body +
          R"mlir(
    return
  }
  func.func @forward() {
    %x = kernel.input 0 : !llvm.ptr
    %y = kernel.output 0 : !llvm.ptr
    %one = arith.constant 1 : i64
    kernel.launch @kernel(%y, %x) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
    return
  }
}
)mlir")
      .str();
}

/// Runs such a program with x as given.
template <typename Y, typename X>
static std::vector<Y> runBody(llvm::StringRef body, std::vector<X> x) {
  std::unique_ptr<JitProgram> jit = compile(programOf(body));
  if (!jit)
    return {};
  x.resize(64 / sizeof(X));
  std::vector<Y> y(64 / sizeof(Y));
  horn_model *model = nullptr;
  horn_session *session = nullptr;
  horn_tensor input = {x.data(), HORN_INT8, 1, {64}}, output = {y.data(), HORN_INT8, 1, {64}};
  EXPECT_EQ(horn_model_create(jit->program(), nullptr, nullptr, nullptr, &model), HORN_OK)
      << horn_last_error();
  EXPECT_EQ(horn_session_create(model, nullptr, &session), HORN_OK);
  EXPECT_EQ(horn_session_run(session, &input, 1, &output, 1), HORN_OK) << horn_last_error();
  horn_session_destroy(session);
  horn_model_destroy(model);
  return y;
}

TEST(JitTest, roundsToBFloat16) {
  std::vector<uint32_t> x = {0x3f808000, 0x3f818000, 0x3f808001, 0x7f800001,
                             0xffc12345, 0x7f7fffff, 0x80000000, 0x00000001};
  std::vector<uint16_t> y = runBody<uint16_t>(R"(
    %v = kernel.load %x[%zero] : vector<8xf32> from !llvm.ptr
    %h = arith.truncf %v : vector<8xf32> to vector<8xbf16>
    kernel.store %h, %y[%zero] : vector<8xbf16> to !llvm.ptr)",
                                              x);
  y.resize(8);
  EXPECT_EQ(y, (std::vector<uint16_t>{0x3f80, 0x3f82, 0x3f81, 0x7fc0, 0xffc1, 0x7f80, 0x8000, 0}));
}

TEST(JitTest, extendsHalfPrecision) {
  std::vector<float> y = runBody<float>(R"(
    %v = kernel.load %x[%zero] : vector<2xbf16> from !llvm.ptr
    %two = arith.constant 2 : i64
    %h = kernel.load %x[%two] : f16 from !llvm.ptr
    %f = arith.extf %v : vector<2xbf16> to vector<2xf32>
    %g = arith.extf %h : f16 to f32
    kernel.store %f, %y[%zero] : vector<2xf32> to !llvm.ptr
    kernel.store %g, %y[%two] : f32 to !llvm.ptr)",
                                        std::vector<uint16_t>{0x3fc0, 0xff80, 0x3e00});
  EXPECT_EQ(y[0], 1.5f);
  EXPECT_EQ(y[1], -INFINITY);
  EXPECT_EQ(y[2], 1.5f);
}

TEST(JitTest, boolsAreBytes) {
  std::vector<uint8_t> y = runBody<uint8_t>(R"(
    %v = kernel.load %x[%zero] : vector<4xi1> from !llvm.ptr
    %true = arith.constant dense<true> : vector<4xi1>
    %n = arith.xori %v, %true : vector<4xi1>
    kernel.store %n, %y[%zero] mask %v : vector<4xi1> : vector<4xi1> to !llvm.ptr
    %four = arith.constant 4 : i64
    %s = kernel.load %x[%four] : i1 from !llvm.ptr
    kernel.store %s, %y[%four] : i1 to !llvm.ptr
    %p = kernel.element %y[%four] : i1 -> !llvm.ptr from !llvm.ptr
    %five = arith.constant 5 : i64
    kernel.store %n, %p[%five] : vector<4xi1> to !llvm.ptr)",
                                            std::vector<uint8_t>{0, 1, 255, 0, 7});
  EXPECT_EQ(std::vector<uint8_t>(y.begin(), y.begin() + 13),
            (std::vector<uint8_t>{0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1}));
}

TEST(JitTest, callsTheLibraryForEachLane) {
  std::vector<float> x = {0.5f, 1.0f, -2.0f, 3.0f}, y = runBody<float>(R"(
    %v = kernel.load %x[%zero] : vector<4xf32> from !llvm.ptr
    %two = arith.constant dense<2.5> : vector<4xf32>
    %a = math.absf %v : vector<4xf32>
    %s = kernel.call "powf"(%a, %two) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
    kernel.store %s, %y[%zero] : vector<4xf32> to !llvm.ptr)",
                                                                       x);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(y[i], std::pow(std::fabs(x[i]), 2.5f));
}

TEST(JitTest, roundsDivisions) {
  std::vector<int64_t> y = runBody<int64_t>(R"(
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %a = kernel.load %x[%zero] : i64 from !llvm.ptr
    %b = kernel.load %x[%one] : i64 from !llvm.ptr
    %f = arith.floordivsi %a, %b : i64
    %c = arith.ceildivsi %a, %b : i64
    kernel.store %f, %y[%zero] : i64 to !llvm.ptr
    kernel.store %c, %y[%one] : i64 to !llvm.ptr)",
                                            std::vector<int64_t>{-7, 2});
  EXPECT_EQ(y[0], -4);
  EXPECT_EQ(y[1], -3);
}

TEST(JitTest, refusesMathWithoutInstructions) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  EXPECT_FALSE(lowerText(*context, programOf(R"(
    %v = kernel.load %x[%zero] : f32 from !llvm.ptr
    %e = math.exp %v : f32
    kernel.store %e, %y[%zero] : f32 to !llvm.ptr)")));
}

} // namespace horn::backend
