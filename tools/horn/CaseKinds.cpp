// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cases by kind: one table.
#include "tools/horn/CaseKinds.h"

#include "frontend/saving/ConfigJson.h"
#include "tools/horn/Files.h"

#include <algorithm>
#include <chrono>

namespace horn::cli {

namespace {
struct Kind {
  std::string_view name;
  void (*run)(CaseChecks &); ///< null: not built yet
};
} // namespace

static constexpr Kind kinds[] = {
    {"inference", run_inference},
    {"activation", run_activation},
    {"regularizer", run_regularizer},
    {"constraint", run_constraint},
    {"initializer", run_initializer},
    {"initializer_statistics", run_initializer_statistics},
    {"application", run_application},
    {"train", nullptr},
    {"loss", nullptr},
    {"metric", nullptr},
    {"schedule", nullptr},
};

void CaseChecks::add(std::vector<std::string> &list, const std::string &reason) {
  std::string text = prefix_ + reason;
  if (std::find(list.begin(), list.end(), text) == list.end())
    list.push_back(std::move(text));
}

static std::string scientific(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

void CaseChecks::compare(const std::string &tensor, const Array &got, const Array &expected,
                         Tolerance tolerance) {
  Deviation found = cli::compare(tensor, got, expected, tolerance);
  if (!found.agrees())
    fail(tensor + " is off by " + scientific(found.deviation) + ", limit " +
         scientific(found.limit));
  if (found.worse_than(worst_))
    worst_ = found;
}

void CaseChecks::for_each_engine(const std::function<void(Engine)> &work) {
  for (Engine engine : engines) {
    prefix_ = std::string(engine_name(engine)) + ": ";
    try {
      work(engine);
    } catch (const UnsupportedError &error) {
      unsupported(error.what());
    } catch (const std::bad_alloc &) {
      fail("not enough memory");
    } catch (const std::exception &error) {
      fail(error.what());
    }
    prefix_.clear();
  }
}

static std::string joined(const std::vector<std::string> &list) {
  std::string text;
  for (const std::string &item : list)
    (text += text.empty() ? "" : "; ") += item;
  return text;
}

CaseResult CaseChecks::result() const {
  CaseResult result{.worst = worst_};
  if (!failures_.empty())
    result = {Status::failed, joined(failures_), worst_};
  else if (!unsupported_.empty())
    result = {Status::unsupported, joined(unsupported_), worst_};
  else
    result.reason = joined(notes_);
  return result;
}

saving::Safetensors tensors_of(const SuiteCase &test) {
  return saving::read_safetensors(test.tensors);
}

ConfigValue config_of(const SuiteCase &test) {
  return saving::parse_config(read_text(test.config), test.config.string());
}

static void run_kind(CaseChecks &checks) {
  for (const Kind &kind : kinds) {
    if (kind.name != checks.test.kind)
      continue;
    if (!kind.run)
      throw UnsupportedError({.what = "training is not built yet"});
    return kind.run(checks);
  }
  throw UnsupportedError({.what = "unknown kind of case " + checks.test.kind});
}

CaseResult run_case(const SuiteCase &test, const std::vector<Engine> &engines) {
  auto begin = std::chrono::steady_clock::now();
  clear_session();
  CaseChecks checks(test, engines);
  try {
    run_kind(checks);
  } catch (const UnsupportedError &error) {
    checks.unsupported(error.what());
  } catch (const std::bad_alloc &) {
    checks.fail("not enough memory");
  } catch (const std::exception &error) {
    checks.fail(error.what());
  }
  CaseResult result = checks.result();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

} // namespace horn::cli
