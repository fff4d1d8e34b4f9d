// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/backend/SampleModule.h"

#include "compiler/backend/Passes.h"
#include "compiler/memory/Passes.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>
#include <numeric>

namespace horn::backend {

const char *const kSampleText = R"mlir(
module @sum attributes {
  horn.num_symbols = 1 : i64,
  horn.derived = [{kind = "max", a = affine_map<(s) -> (s)>, b = affine_map<(s) -> (3)>}],
  horn.inputs = [{name = "x", type = f32, shape = array<i64: -1, 20>, symbols = array<i64: 0, -1>}],
  horn.outputs = [
    {name = "y", type = f32, shape = array<i64: -1, 20>, dims = affine_map<(s, m) -> (s, 20)>},
    {name = "wide", type = i64, shape = array<i64: -1, 2>, dims = affine_map<(s, m) -> (m, 2)>}]
} {
  horn.variable @bias : tensor<20xf32> {kind = "weight"}
  horn.variable @bias2 : tensor<20xf32> {kind = "prepared"}
  func.func private @twice(%y: !llvm.ptr, %x: !llvm.ptr, %n: i64, %begin: i64, %end: i64)
      attributes {kernel.kernel} {
    %one = arith.constant 1 : i64
    scf.for %i = %begin to %end step %one : i64 {
      %a = kernel.load %x[%i] : f32 from !llvm.ptr
      %b = arith.addf %a, %a : f32
      kernel.store %b, %y[%i] : f32 to !llvm.ptr
    }
    return
  }
  func.func private @add_rows(%y: !llvm.ptr, %x: !llvm.ptr, %b: !llvm.ptr, %n: i64, %begin: i64,
                              %end: i64) attributes {kernel.kernel} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %lanes = arith.constant 8 : i64
    scf.for %r = %begin to %end step %one : i64 {
      %start = arith.muli %r, %n : i64
      scf.for %i = %zero to %n step %lanes : i64 {
        %left = arith.subi %n, %i : i64
        %left_index = arith.index_cast %left : i64 to index
        %mask = vector.create_mask %left_index : vector<8xi1>
        %p = arith.addi %start, %i : i64
        %v = kernel.load %x[%p] mask %mask : vector<8xi1> : vector<8xf32> from !llvm.ptr
        %w = kernel.load %b[%i] mask %mask : vector<8xi1> : vector<8xf32> from !llvm.ptr
        %s = arith.addf %v, %w : vector<8xf32>
        kernel.store %s, %y[%p] mask %mask : vector<8xi1> : vector<8xf32> to !llvm.ptr
      }
    }
    return
  }
  func.func private @fill(%y: !llvm.ptr, %value: i64, %begin: i64, %end: i64)
      attributes {kernel.kernel} {
    %one = arith.constant 1 : i64
    scf.for %i = %begin to %end step %one : i64 {
      kernel.store %value, %y[%i] : i64 to !llvm.ptr
    }
    return
  }
  func.func @forward() {
    %batch = kernel.symbol 0
    %rows = kernel.symbol 1
    %columns = arith.constant 20 : i64
    %two = arith.constant 2 : i64
    %four = arith.constant 4 : i64
    %n = arith.muli %batch, %columns : i64
    %bytes = arith.muli %n, %four : i64
    %x = kernel.input 0 : !llvm.ptr
    %y = kernel.output 0 : !llvm.ptr
    %t = kernel.buffer %bytes : !llvm.ptr
    %bias = kernel.weight @bias2 : !llvm.ptr
    kernel.launch @twice(%t, %x, %n) tasks(%n) grain(%columns)
      : (!llvm.ptr, !llvm.ptr, i64) -> ()
    kernel.launch @add_rows(%y, %t, %bias, %columns) tasks(%batch) grain(%four)
      : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64) -> ()
    %wide = kernel.output 1 : !llvm.ptr
    %count = arith.muli %rows, %two : i64
    kernel.launch @fill(%wide, %batch) tasks(%count) grain(%count)
      : (!llvm.ptr, i64) -> ()
    return
  }
  func.func @prepare() {
    %n = arith.constant 20 : i64
    %bytes = arith.constant 80 : i64
    %from = kernel.weight @bias : !llvm.ptr
    %to = kernel.weight @bias2 : !llvm.ptr
    kernel.launch @twice(%to, %from, %n) tasks(%n) grain(%n)
      : (!llvm.ptr, !llvm.ptr, i64) -> ()
    return
  }
}
)mlir";

std::unique_ptr<mlir::MLIRContext> makeContext() {
  mlir::DialectRegistry registry;
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect,
                  mlir::math::MathDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect,
                  ir::HornDialect, kernel::KernelDialect>();
  return std::make_unique<mlir::MLIRContext>(registry);
}

mlir::OwningOpRef<mlir::ModuleOp> lowerText(mlir::MLIRContext &context, llvm::StringRef text) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  mlir::PassManager passes(&context);
  passes.addPass(memory::createKernelPlanArena());
  passes.addPass(createKernelToLLVM());
  if (!module || failed(passes.run(*module)))
    return {};
  return module;
}

static const void *findBias(void *, const horn_weight_info *variable) {
  static std::vector<float> bias;
  if (std::string_view(variable->tensor.name) != "bias")
    return nullptr;
  bias.resize(kColumns);
  std::iota(bias.begin(), bias.end(), 0.0f);
  return bias.data();
}

static horn_status runIn(const horn_program *program, horn_pool *pool, int64_t batch,
                         SampleRun &run) {
  horn_model *model = nullptr;
  horn_session *session = nullptr;
  std::vector<float> x(batch * kColumns);
  std::iota(x.begin(), x.end(), 0.0f);
  horn_tensor input = {x.data(), HORN_FLOAT32, 2, {batch, kColumns}}, outputs[2];
  horn_status status = horn_model_create(program, findBias, nullptr, pool, &model);
  if (!status)
    status = horn_session_create(model, pool, &session);
  if (!status)
    status = horn_session_output_shapes(session, &input, 1, outputs, 2);
  if (!status) {
    run.y.resize(outputs[0].shape[0] * outputs[0].shape[1]);
    run.wide.resize(outputs[1].shape[0] * outputs[1].shape[1]);
    outputs[0].data = run.y.data();
    outputs[1].data = run.wide.data();
    status = horn_session_run(session, &input, 1, outputs, 2);
  }
  horn_session_destroy(session);
  horn_model_destroy(model);
  return status;
}

SampleRun runSample(const horn_program *program, int64_t batch, int32_t threads) {
  SampleRun run;
  horn_pool *pool = nullptr;
  EXPECT_EQ(horn_pool_create(threads, &pool), HORN_OK) << horn_last_error();
  EXPECT_EQ(runIn(program, pool, batch, run), HORN_OK) << horn_last_error();
  horn_pool_destroy(pool);
  return run;
}

SampleRun expectedRun(int64_t batch) {
  SampleRun run;
  for (int64_t i = 0; i < batch * kColumns; ++i)
    run.y.push_back(2.0f * i + 2.0f * (i % kColumns));
  run.wide.assign(2 * std::max<int64_t>(batch, 3), batch);
  return run;
}

} // namespace horn::backend
