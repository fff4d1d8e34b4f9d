// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compiling a model, and running what was compiled. No MLIR here.
#pragma once

#include "frontend/core/Model.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace horn {

/// How to compile. The defaults suit running on this machine.
struct CompileOptions {
  std::string cpu = "native";      ///< LLVM's name of the CPU, or "native"
  std::string name = {};           ///< prefix of C functions; the model's name if empty
  std::string layout_cpu = {};     ///< the CPU for whose code weights are packed, if another
  std::filesystem::path dump = {}; ///< folder for the IR after each phase; empty writes none
  /// IR of an earlier phase to go on from, as `dump` wrote it, in place of the model's own graph.
  std::filesystem::path resume_from = {};
  /// "exact", or "fast" for algorithms in float32 with errors some times as large
  /// (docs/numerics.md): Winograd's for convolutions of 3 x 3.
  std::string math = "exact";
  /// Take object code from HORN_CACHE_DIR (~/.cache/horn unless set) and keep it there.
  bool use_cache = true;
  /// Called after each phase with its name and seconds, as compilation goes on.
  std::function<void(const std::string &phase, double seconds)> on_phase = {};
};

/// Time that one step of compilation took.
struct PhaseTime {
  std::string name; ///< of the step
  double seconds;   ///< of wall clock
};

/// One decision of the compiler, in the words of the model's layers.
struct Remark {
  bool applied;      ///< or refused
  std::string pass;  ///< "horn-form-groups"
  std::string layer; ///< path of the layer
  std::string text;  ///< what was done, or why not
};

/// The threads that run models. Shared by any number of compiled models.
class ThreadPool {
public:
  /// 0 takes HORN_NUM_THREADS, else the cores this process may use. Throws Error.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  /// Number of threads, the caller's included.
  int threads() const;
  void *handle() const { return handle_; } ///< horn_pool

private:
  void *handle_;
};

/// A model compiled for this machine. Immutable but for the sessions made from it.
class CompiledModel {
public:
  /// Compiles a model with its present weights. Throws Error.
  explicit CompiledModel(const Model &model, const CompileOptions &options = {});
  ~CompiledModel();
  CompiledModel(const CompiledModel &) = delete;

  /// Time of each step of compilation.
  const std::vector<PhaseTime> &phases() const;
  /// What the compiler did and did not do.
  const std::vector<Remark> &remarks() const;
  int64_t weight_bytes() const; ///< held for running
  /// Number of kernels that were compiled.
  int num_kernels() const;
  /// The runtime's program, for use with the C ABI (`const horn_program *`).
  const void *program() const;
  const void *runtime_model() const; ///< `const horn_model *`

private:
  friend class Session;
  struct Data;
  std::shared_ptr<Data> data_;
};

/// One user of a compiled model: owns the arena and the state. One thread at a time.
class Session {
public:
  /// `pool` may be shared by sessions and must outlive them; null runs on the calling thread alone.
  explicit Session(const CompiledModel &model, std::shared_ptr<ThreadPool> pool = nullptr);
  ~Session();
  Session(const Session &) = delete;

  /// Shapes that the outputs have for inputs of these shapes. Throws Error when they do not fit.
  std::vector<Shape> output_shapes(const std::vector<Array> &inputs);
  /// Runs the model; new arrays for the outputs. Inputs must have the model's types. Throws Error.
  std::vector<Array> run(const std::vector<Array> &inputs);
  /// Runs into given arrays, which must have the right shapes: allocates nothing after the first
  /// call with these shapes.
  void run(const std::vector<Array> &inputs, std::vector<Array> &outputs);
  int64_t arena_bytes() const; ///< of the last run
  /// Fills all states with zeros.
  void reset_states();

private:
  struct Data;
  std::unique_ptr<Data> data_;
};

/// The model's outputs by the reference interpreter: plain loops, slow. With `in_double` all
/// floating types are computed in double; outputs are float64 then. Throws Error.
std::vector<Array> interpret(const Model &model, const std::vector<Array> &inputs,
                             bool in_double = false);

/// Floating-point operations of a model's products and convolutions for these inputs: two for each
/// multiply-add. What the compiler saves (or math=fast) does not change it. Throws Error.
int64_t count_flops(const Model &model, const std::vector<Array> &inputs);

/// Names and descriptions of the phases, in order.
struct PhaseInfo {
  std::string name;        ///< "groups", say
  std::string description; ///< what it did
};
std::vector<PhaseInfo> compiler_phases();
/// The IR after a phase, or "ll" (LLVM IR) or "s" (assembly), as text. Throws Error.
std::string phase_text(const Model &model, const std::string &phase,
                       const CompileOptions &options = {});

/// Compiles ahead of time; the suffix says what: .o .a .so .ll .s .mlir. With `header` a C header
/// is written there too. Files are written aside and renamed. Throws Error.
void compile_to_file(const Model &model, const std::filesystem::path &path,
                     const std::filesystem::path &header = {}, const CompileOptions &options = {});
/// A program loaded from a shared object that compile_to_file made, run as a Session runs. Throws
/// Error.
std::vector<Array> run_shared_object(const std::filesystem::path &path,
                                     const std::vector<Array> &inputs,
                                     std::shared_ptr<ThreadPool> pool = nullptr);

} // namespace horn
