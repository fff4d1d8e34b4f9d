// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/CompileReport.h"

#include "tools/horn/Table.h"
#include "tools/horn/Text.h"

#include <algorithm>
#include <numeric>
#include <ostream>

namespace horn::cli {

void print_phases(std::ostream &out, const std::vector<PhaseTime> &phases) {
  double total = std::accumulate(phases.begin(), phases.end(), 0.0,
                                 [](double sum, const PhaseTime &p) { return sum + p.seconds; });
  Table table({{"phase"}, {"time", Align::right}, {""}});
  for (const PhaseTime &phase : phases)
    table.add({phase.name, time_text(phase.seconds), bar(phase.seconds / total, 30)});
  table.add({"all", time_text(total), ""});
  table.print(out, terminal_width());
}

void print_remarks(std::ostream &out, const std::vector<Remark> &remarks, bool refused) {
  Table table({{""}, {"layer"}, {"what"}});
  std::vector<std::pair<std::string, std::string>> told;
  for (const Remark &remark : remarks) {
    std::pair<std::string, std::string> key(remark.layer, remark.text);
    if ((!remark.applied && !refused) || std::find(told.begin(), told.end(), key) != told.end())
      continue;
    table.add({remark.applied ? "+" : "-", remark.layer, remark.text});
    told.push_back(std::move(key));
  }
  if (!table.empty())
    table.print(out, terminal_width());
}

} // namespace horn::cli
