// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/emit/RemarkScope.h"

#include "compiler/support/Remarks.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"

#include <algorithm>

using namespace mlir;

namespace horn::emit {

static std::mutex &lock() {
  static std::mutex mutex;
  return mutex;
}

static std::vector<std::vector<Remark> *> &sinks() {
  static std::vector<std::vector<Remark> *> all;
  return all;
}

RemarkScope::RemarkScope(std::vector<Remark> &remarks) : remarks_(remarks) {
  std::lock_guard guard(lock());
  sinks().push_back(&remarks_);
}

RemarkScope::~RemarkScope() {
  std::lock_guard guard(lock());
  sinks().erase(std::find(sinks().begin(), sinks().end(), &remarks_));
}

/// What the compiler wrote, without the form that MLIR gives it.
static std::string text_of(const remark::detail::Remark &remark) {
  std::string text;
  for (const auto &argument : remark.getArgs())
    text += argument.val;
  return text;
}

namespace {
class Collector : public remark::detail::MLIRRemarkStreamerBase {
public:
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    horn::Remark entry{.applied = remark.getRemarkType() == llvm::remarks::Type::Passed,
                       .pass = remark.getRemarkName().str(),
                       .layer = layerPath(remark.getLocation()).str(),
                       .text = text_of(remark)};
    std::lock_guard guard(lock());
    for (std::vector<horn::Remark> *sink : sinks())
      sink->push_back(entry);
  }
};
} // namespace

void enable_remarks(MLIRContext &context) {
  remark::RemarkCategories categories;
  categories.all = categories.passed = categories.missed = "horn";
  (void)remark::enableOptimizationRemarks(context, std::make_unique<Collector>(),
                                          std::make_unique<remark::RemarkEmittingPolicyAll>(),
                                          categories);
}

} // namespace horn::emit
