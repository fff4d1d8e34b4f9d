// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Plans of random drivers, run for many sizes: no two buffers that live together may overlap.
#include "tests/compiler/backend/SampleModule.h"

#include <gtest/gtest.h>
#include <random>

namespace horn::backend {

namespace {
struct Buffer {
  int shape; ///< which formula gives the size
  int64_t factor;
  int first, last; ///< launches that use it

  std::string sizeText(const std::string &name) const;
  int64_t bytes(int64_t batch, int64_t time) const {
    const int64_t bytes[] = {factor, batch * factor, batch * time * factor, time * factor + 100};
    return bytes[shape];
  }
};
} // namespace

/// The arithmetic of the size, as %<name>.
std::string Buffer::sizeText(const std::string &name) const {
  const std::string f = "%f_" + name, t = "%t_" + name, end = " : i64\n";
  const std::string results[] = {"%" + name + " = arith.addi " + f + ", %zero" + end,
                                 "%" + name + " = arith.muli %batch, " + f + end,
                                 t + " = arith.muli %batch, %time" + end + "%" + name +
                                     " = arith.muli " + t + ", " + f + end,
                                 t + " = arith.muli %time, " + f + end + "%" + name +
                                     " = arith.addi " + t + ", %hundred" + end};
  return f + " = arith.constant " + std::to_string(factor) + end + results[shape];
}

static std::vector<Buffer> randomBuffers(std::mt19937 &random, int numBuffers, int numLaunches) {
  auto below = [&](int limit) { return static_cast<int>(random() % limit); };
  std::vector<Buffer> buffers;
  for (int i = 0; i < numBuffers; ++i) {
    const int first = below(numLaunches), length = below(i % 7 ? 6 : numLaunches);
    buffers.push_back({below(4), 1 + below(500), first, std::min(first + length, numLaunches - 1)});
  }
  return buffers;
}

/// A driver whose launch number l uses the buffers that begin or end with it.
static std::string driverOf(const std::vector<Buffer> &buffers, int numLaunches) {
  std::string text = R"mlir(
module attributes {
  horn.num_symbols = 2 : i64,
  horn.inputs = [{name = "x", type = f32, shape = array<i64: -1, -1>, symbols = array<i64: 0, 1>}],
  horn.outputs = [{name = "y", type = f32, shape = array<i64: -1>, dims = affine_map<(b, t) -> (b)>}]
} {
  func.func @forward() {
    %batch = kernel.symbol 0
    %time = kernel.symbol 1
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %hundred = arith.constant 100 : i64
)mlir";
  std::string kernels;
  for (size_t i = 0; i < buffers.size(); ++i)
    text += buffers[i].sizeText("s" + std::to_string(i)) + "%b" + std::to_string(i) +
            " = kernel.buffer %s" + std::to_string(i) + " : !llvm.ptr\n";
  for (int launch = 0; launch < numLaunches; ++launch) {
    std::string arguments, parameters, types;
    for (size_t i = 0; i < buffers.size(); ++i)
      if (buffers[i].first == launch || buffers[i].last == launch) {
        arguments += (arguments.empty() ? "%b" : ", %b") + std::to_string(i);
        parameters += "%p" + std::to_string(i) + ": !llvm.ptr, ";
        types += types.empty() ? "!llvm.ptr" : ", !llvm.ptr";
      }
    const std::string name = "@k" + std::to_string(launch);
    text += "kernel.launch " + name + "(" + arguments + ") tasks(%one) grain(%one) : (" + types +
            ") -> ()\n";
    kernels += "func.func private " + name + "(" + parameters +
               "%begin: i64, %end: i64) attributes {kernel.kernel} {\nreturn\n}\n";
  }
  return text + "return\n}\n" + kernels + "}\n";
}

static void expectSound(const std::vector<Buffer> &buffers, const horn_program &program,
                        int64_t batch, int64_t time) {
  const int64_t symbols[] = {batch, time};
  std::vector<int64_t> offsets(buffers.size(), -1);
  const int64_t total = program.plan(symbols, offsets.data());
  int64_t sum = 0;
  for (size_t i = 0; i < buffers.size(); ++i) {
    const int64_t end = offsets[i] + buffers[i].bytes(batch, time);
    sum += buffers[i].bytes(batch, time) + 64;
    EXPECT_EQ(offsets[i] % 64, 0);
    EXPECT_LE(end, total);
    for (size_t j = 0; j < i; ++j) {
      const bool meet = buffers[i].first <= buffers[j].last && buffers[j].first <= buffers[i].last;
      const bool apart =
          end <= offsets[j] || offsets[j] + buffers[j].bytes(batch, time) <= offsets[i];
      EXPECT_TRUE(!meet || apart) << "buffers " << i << " and " << j << ", batch " << batch
                                  << ", time " << time;
    }
  }
  EXPECT_LE(total, sum);
}

TEST(PlanArenaTest, buffersThatLiveTogetherAreApart) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    std::mt19937 random(seed);
    const std::vector<Buffer> buffers = randomBuffers(random, 24, 12);
    std::unique_ptr<mlir::MLIRContext> context = makeContext();
    mlir::OwningOpRef<mlir::ModuleOp> module = lowerText(*context, driverOf(buffers, 12));
    ASSERT_TRUE(module);
    std::unique_ptr<JitProgram> jit = llvm::cantFail(JitProgram::create(*module, {}));
    ASSERT_EQ(jit->program()->num_buffers, 24);
    for (auto [batch, time] : {std::pair(16, 64), {1, 1}, {0, 0}, {100, 3}, {1, 1000}, {777, 0}})
      expectSound(buffers, *jit->program(), batch, time);
  }
}

} // namespace horn::backend
