// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/SuiteReport.h"

#include "tools/horn/Table.h"
#include "tools/horn/Text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

namespace horn::cli {

using Json = nlohmann::ordered_json;

static constexpr std::array statuses = {Status::passed, Status::failed, Status::unsupported};

/// JSON has no infinity: the largest number stands for it.
static double finite(double value) {
  return std::isfinite(value) ? value : std::numeric_limits<double>::max();
}

static Json result_json(const CaseResult &result) {
  return {{"status", status_name(result.status)},
          {"reason", result.reason},
          {"worst",
           {{"tensor", result.worst.tensor},
            {"deviation", finite(result.worst.deviation)},
            {"limit", finite(result.worst.limit)}}},
          {"seconds", result.seconds}};
}

static std::string text_of(const Json &json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::string result_text(const CaseResult &result) { return text_of(result_json(result), -1); }

CaseResult result_from_text(const std::string &text) {
  Json json = Json::parse(text);
  CaseResult result;
  for (Status status : statuses)
    if (json.at("status") == status_name(status))
      result.status = status;
  result.reason = json.at("reason");
  const Json &worst = json.at("worst");
  result.worst = {worst.at("tensor"), worst.at("deviation"), worst.at("limit"), true};
  result.seconds = json.at("seconds");
  return result;
}

std::string report_json(const std::vector<SuiteCase> &cases,
                        const std::vector<CaseResult> &results) {
  Json list = Json::array();
  for (size_t i = 0; i < cases.size(); ++i) {
    Json entry = {{"name", cases[i].name}, {"group", cases[i].group}, {"kind", cases[i].kind}};
    entry.update(result_json(results[i]));
    list.push_back(std::move(entry));
  }
  return text_of({{"cases", std::move(list)}}, 1) + "\n";
}

size_t count_of(const std::vector<CaseResult> &results, Status status) {
  return static_cast<size_t>(
      std::count_if(results.begin(), results.end(),
                    [&](const CaseResult &result) { return result.status == status; }));
}

static void print_reasons(std::ostream &out, const std::vector<SuiteCase> &cases,
                          const std::vector<CaseResult> &results) {
  Table table({{""}, {""}, {""}});
  for (Status status : {Status::unsupported, Status::failed})
    for (size_t i = 0; i < cases.size(); ++i)
      if (results[i].status == status)
        table.add({std::string(status_name(status)), cases[i].name, results[i].reason});
  if (table.empty())
    return;
  table.print(out, std::max<size_t>(terminal_width(/*otherwise=*/100'000), 100));
  out << "\n";
}

/// What passed cases left out, with the number of cases.
static void print_notes(std::ostream &out, const std::vector<CaseResult> &results) {
  std::map<std::string, size_t> notes;
  for (const CaseResult &result : results)
    if (result.status == Status::passed && !result.reason.empty())
      ++notes[result.reason];
  for (const auto &[note, count] : notes)
    out << "  " << count_text(count, "passed case") << ": " << inert(note) << "\n";
}

void print_report(std::ostream &out, const std::vector<SuiteCase> &cases,
                  const std::vector<CaseResult> &results) {
  print_reasons(out, cases, results);
  std::map<std::string, std::array<size_t, 3>> groups;
  std::array<size_t, 3> all{};
  for (size_t i = 0; i < cases.size(); ++i) {
    auto status = static_cast<size_t>(results[i].status);
    ++groups[cases[i].group][status];
    ++all[status];
  }
  Table table({{"group"},
               {"passed", Align::right},
               {"failed", Align::right},
               {"unsupported", Align::right}});
  auto add = [&](const std::string &name, const std::array<size_t, 3> &counts) {
    table.add(
        {name, std::to_string(counts[0]), std::to_string(counts[1]), std::to_string(counts[2])});
  };
  for (const auto &[name, counts] : groups)
    add(name, counts);
  add("all", all);
  table.print(out, terminal_width());
  print_notes(out, results);
}

} // namespace horn::cli
