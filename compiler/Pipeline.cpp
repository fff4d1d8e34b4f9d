// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of contents of the compiler: one function a phase, one line a pass.
#include "compiler/Pipeline.h"

#include "compiler/backend/Passes.h"
#include "compiler/graph/Passes.h"
#include "compiler/lowering/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/support/DumpDirectory.h"
#include "dialects/horn/Horn.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include <chrono>

using namespace mlir;

namespace horn {

static void buildGraph(OpPassManager &module, const PipelineOptions &options) {
  OpPassManager &function = module.nest<func::FuncOp>();
  function.addPass(graph::createHornDecompose());
  function.addPass(createCanonicalizerPass());
  function.addPass(graph::createSinkReshapes());
  function.addPass(createCSEPass());
  function.addPass(graph::createFindRows());
  // Scales must be folded before the weights they are folded into are packed.
  function.addPass(graph::createFoldScale());
  function.addPass(graph::createHoistStrides());
  function.addPass(graph::createSplitPools());
  if (options.math == Math::Fast)
    function.addPass(graph::createWinograd());
  const codegen::Target &layout = options.layoutTarget ? *options.layoutTarget : options.target;
  int64_t lanes = layout.vectorBytes / 4, registers = layout.vectorRegisters;
  graph::FuseCellsOptions cells;
  cells.lanes = lanes;
  cells.registers = registers;
  function.addPass(graph::createFuseCells(cells));
  // The products of a layer that is used twice must be seen to have the same weights.
  function.addPass(createCSEPass());
  graph::JoinProductsOptions join;
  join.lanes = lanes;
  join.registers = registers;
  function.addPass(graph::createJoinProducts(join));
  graph::PackWeightsOptions pack;
  pack.lanes = lanes;
  pack.registers = registers;
  function.addPass(graph::createPackWeights(pack));
  if (options.math == Math::Fast) {
    graph::BlockWinogradOptions block;
    block.lanes = pack.lanes;
    block.registers = pack.registers;
    function.addPass(graph::createBlockWinograd(block));
  }
  function.addPass(graph::createExposePadding());
  function.addPass(createCSEPass());
  // From here on @forward reads what @prepare keeps.
  module.addPass(graph::createHoistPrepare());
}

static void buildGroups(OpPassManager &module, const PipelineOptions &) {
  OpPassManager &function = module.nest<func::FuncOp>();
  function.addPass(createCanonicalizerPass());
  function.addPass(createCSEPass());
  function.addPass(graph::createFuseAttention());
  function.addPass(graph::createSplitMeans());
  function.addPass(graph::createFormGroups());
  function.addPass(graph::createGatherScans());
}

static void buildKernels(OpPassManager &module, const PipelineOptions &options) {
  lowering::HornLowerToKernelsOptions lower;
  lower.cpu = options.target.cpu;
  module.addPass(lowering::createHornLowerToKernels(lower));
  module.addPass(createCSEPass());
}

static void buildMemory(OpPassManager &module, const PipelineOptions &) {
  module.addPass(memory::createKernelAcquireVariables());
  module.addPass(memory::createKernelPlanArena());
}

static void buildLlvm(OpPassManager &module, const PipelineOptions &) {
  module.addPass(backend::createKernelToLLVM());
}

static constexpr Phase kPhases[] = {
#define HORN_PHASE(name, description) Phase::name,
#include "compiler/Phases.def"
};
static constexpr StringLiteral kNames[] = {
#define HORN_PHASE(name, description) #name,
#include "compiler/Phases.def"
};
static constexpr StringLiteral kDescriptions[] = {
#define HORN_PHASE(name, description) description,
#include "compiler/Phases.def"
};

StringRef phaseName(Phase phase) { return kNames[static_cast<size_t>(phase)]; }
StringRef phaseDescription(Phase phase) { return kDescriptions[static_cast<size_t>(phase)]; }
ArrayRef<Phase> allPhases() { return kPhases; }

std::optional<Phase> phaseFromName(StringRef name) {
  for (Phase phase : kPhases)
    if (phaseName(phase) == name)
      return phase;
  return std::nullopt;
}

static void build(Phase phase, OpPassManager &module, const PipelineOptions &options) {
  switch (phase) {
  case Phase::import:
    return;
  case Phase::graph:
    return buildGraph(module, options);
  case Phase::groups:
    return buildGroups(module, options);
  case Phase::kernels:
    return buildKernels(module, options);
  case Phase::memory:
    return buildMemory(module, options);
  case Phase::llvm:
    return buildLlvm(module, options);
  }
}

#ifdef NDEBUG
static constexpr bool kVerifiesPasses = false;
#else
static constexpr bool kVerifiesPasses = true;
#endif

static LogicalResult runPhase(Phase phase, ModuleOp module, const PipelineOptions &options) {
  auto start = std::chrono::steady_clock::now();
  PassManager passes(module.getContext(), module.getOperationName());
  // The result of a phase is verified; with assertions that of each pass, which takes three times
  // as long.
  passes.enableVerifier(kVerifiesPasses);
  build(phase, passes, options);
  if (failed(passes.run(module)) || (!kVerifiesPasses && failed(verify(module))))
    return failure();
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (options.onPhase)
    options.onPhase(phase, seconds.count());
  if (!options.dumpDirectory.empty())
    return support::dumpModule(module, options.dumpDirectory, static_cast<unsigned>(phase),
                               phaseName(phase));
  return success();
}

LogicalResult runPipeline(ModuleOp module, const PipelineOptions &options) {
  for (Phase phase : kPhases) {
    // A module fresh from the frontend runs the import phase too, which only dumps it.
    bool isDone = phase < options.from || (phase == options.from && phase != Phase::import);
    if (!isDone && phase <= options.until && failed(runPhase(phase, module, options)))
      return failure();
  }
  return success();
}

} // namespace horn
