// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the inner loops of products and attention look like in assembly: as many multiply-adds as
// the tile has accumulators, few loads, and no accumulator on the stack.
#include "frontend/ops/Attention.h"
#include "tests/numeric/Support.h"

#include <regex>
#include <sstream>

namespace horn::numeric {

namespace {
/// A loop without loops inside, as counts of its instructions.
struct InnerLoop {
  int multiply_adds = 0;
  int vector_loads = 0; ///< of vectors and of broadcast elements, in operands of others too
  int spills = 0;       ///< vector instructions that touch the stack
};

struct Machine {
  const char *cpu;
  std::vector<int64_t> columns; ///< of outputs, one model each
  std::vector<int> tiles;       ///< multiply-adds of the full tile for these columns
  int gates3, gates4;           ///< and of those for three and four gates
  const char *name() const { return cpu; }
};
class Assembly : public testing::TestWithParam<Machine> {};
} // namespace

static bool is_vector(const std::string &line) {
  return line.find("%zmm") != std::string::npos || line.find("%ymm") != std::string::npos;
}

/// The innermost loops of the function with this label.
static std::vector<InnerLoop> inner_loops(const std::string &assembly,
                                          const std::string &function) {
  static const std::regex label("^(\\.LBB[0-9_]+):"), jump("^\\tj[a-z]+\\t(\\.LBB[0-9_]+)");
  std::vector<InnerLoop> loops;
  std::vector<std::string> body; // since the last label
  std::string current;
  bool inside = false;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with(function + ":"))
      inside = true;
    else if (inside && line.starts_with("\t.size"))
      break;
    if (!inside)
      continue;
    if (std::regex_search(line, match, label)) {
      current = match[1];
      body.clear();
    } else if (std::regex_search(line, match, jump) && match[1] == current) {
      // A block that jumps to its own start.
      InnerLoop loop;
      for (const std::string &inner : body) {
        if (!is_vector(inner))
          continue;
        loop.multiply_adds += inner.find("vfmadd") != std::string::npos;
        loop.vector_loads += inner.find('(') != std::string::npos;
        loop.spills += inner.find("(%rsp)") != std::string::npos;
      }
      loops.push_back(loop);
    } else {
      body.push_back(line);
    }
  }
  return loops;
}

/// Expects inner loops with `tile` multiply-adds that load little, and none of these that touches
/// the stack.
static void expect_tile(const Model &model, const char *cpu, int tile,
                        const char *function = "horn_contract_0", int loops = 1) {
  std::string assembly = phase_text(model, "s", {.cpu = cpu});
  int found = 0;
  for (const InnerLoop &loop : inner_loops(assembly, function)) {
    // Polynomials may keep coefficients there.
    EXPECT_TRUE(loop.multiply_adds != tile || loop.spills == 0) << loop.spills << " spills";
    found += loop.multiply_adds == tile && loop.vector_loads <= tile * 0.7;
  }
  EXPECT_GE(found, loops) << "loops of " << tile << " multiply-adds in\n" << assembly;
}

/// The same for the kernel of a step. (The loop of the cell's own functions may touch the stack.)
static void expect_cell(const Model &model, const char *cpu, int tile) {
  std::string assembly = phase_text(model, "s", {.cpu = cpu});
  bool found = false;
  for (const InnerLoop &loop : inner_loops(assembly, "horn_contract_1"))
    found |= loop.multiply_adds == tile && loop.spills == 0;
  EXPECT_TRUE(found) << "no loop of " << tile << " multiply-adds and no spills in\n" << assembly;
}

TEST_P(Assembly, innerLoopsOfProducts) {
  const Machine &machine = GetParam();
  for (size_t i = 0; i < machine.columns.size(); ++i)
    for (const char *activation : {"linear", "relu", "gelu"}) {
      SCOPED_TRACE(std::to_string(machine.columns[i]) + " columns, " + activation);
      Tensor x = Input({12, 256});
      Tensor y = layers::Dense({.units = machine.columns[i], .activation = activation})(x);
      expect_tile(Model(x, y), machine.cpu, machine.tiles[i]);
    }
}

TEST_P(Assembly, innerLoopsOfConvolutions) {
  const Machine &machine = GetParam();
  for (int64_t dilation : {1, 2}) {
    SCOPED_TRACE("dilation " + std::to_string(dilation));
    Tensor x = Input({14, 14, 64});
    Tensor y = layers::Conv2D({.filters = machine.columns[0],
                               .kernel_size = 3,
                               .padding = "same",
                               .dilation_rate = dilation,
                               .activation = "relu"})(x);
    expect_tile(Model(x, y), machine.cpu, machine.tiles[0]);
  }
}

TEST_P(Assembly, innerLoopsOfAttention) {
  // The products with keys and with values.
  const Machine &machine = GetParam();
  int64_t depth = machine.columns[0];
  Tensor q = Input({240, 2, depth}), k = Input({240, 2, depth});
  expect_tile(Model({q, k}, {ops::dot_product_attention(q, k, k, {})}), machine.cpu,
              machine.tiles[0], "horn_attention_0", 2);
}

/// The products of cells, behind that of the inputs; these loops are the ones that need room for
/// the constants of the cell's functions least.
TEST_P(Assembly, innerLoopsOfCells) {
  const Machine &machine = GetParam();
  Tensor x = Input({12, 40});
  expect_cell(Model(x, layers::LSTM({.units = 64})(x)), machine.cpu, machine.gates4);
  expect_cell(Model(x, layers::GRU({.units = 64})(x)), machine.cpu, machine.gates3);
}

// 6 x 4 and 12 x 2 vectors of 16 lanes; 4 x 3, 5 x 2 and 2 x 4 of 8 (codegen/TileSizes.h).
INSTANTIATE_TEST_SUITE_P(Machines, Assembly,
                         testing::Values(Machine{"x86-64-v4", {128, 96, 32}, {24, 24, 24}, 24, 24},
                                         Machine{"znver4", {128, 96, 32}, {24, 24, 24}, 24, 24},
                                         Machine{
                                             "cascadelake", {128, 96, 32}, {24, 24, 24}, 24, 24},
                                         Machine{"x86-64-v3", {48, 16}, {12, 10}, 12, 8}),
                         [](const auto &test) {
                           std::string name = test.param.cpu;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace horn::numeric
