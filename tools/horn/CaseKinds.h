// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How each kind of case is run. Internal to run_case.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/saving/Safetensors.h"
#include "tools/horn/SuiteCases.h"

#include <functional>

namespace horn::cli {

/// What a case compares, and what it could not.
class CaseChecks {
public:
  CaseChecks(const SuiteCase &test, const std::vector<Engine> &engines)
      : test(test), engines(engines) {}

  /// Compares an array with what is expected.
  void compare(const std::string &tensor, const Array &got, const Array &expected,
               Tolerance tolerance);
  /// Compares with the case's own tolerance.
  void compare(const std::string &tensor, const Array &got, const Array &expected) {
    compare(tensor, got, expected, test.tolerance);
  }
  /// Remembers that something failed, is not supported, or was not checked.
  void fail(const std::string &reason) { add(failures_, reason); }
  void unsupported(const std::string &reason) { add(unsupported_, reason); }
  void note(const std::string &reason) { add(notes_, reason); }
  /// Runs `work` for each engine; its errors count for the engine.
  void for_each_engine(const std::function<void(Engine)> &work);
  CaseResult result() const;

  const SuiteCase &test;
  std::vector<Engine> engines;

private:
  void add(std::vector<std::string> &list, const std::string &reason);

  std::string prefix_;
  std::vector<std::string> failures_, unsupported_, notes_;
  Deviation worst_;
};

/// The kinds. Each throws Error for what keeps the whole case from being run.
void run_inference(CaseChecks &checks);
void run_application(CaseChecks &checks);
void run_activation(CaseChecks &checks);
void run_regularizer(CaseChecks &checks);
void run_constraint(CaseChecks &checks);
void run_initializer(CaseChecks &checks);
void run_initializer_statistics(CaseChecks &checks);

/// Runs a model by each engine and compares `value` of a function of one tensor `input`.
void run_function(CaseChecks &checks, const std::string &input,
                  const std::function<Tensor(const Tensor &)> &function);
/// The tensors and the configuration of a case. Throw Error.
saving::Safetensors tensors_of(const SuiteCase &test);
ConfigValue config_of(const SuiteCase &test);

} // namespace horn::cli
