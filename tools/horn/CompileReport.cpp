// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/CompileReport.h"

#include "tools/horn/Table.h"
#include "tools/horn/Text.h"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <regex>

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

namespace {
/// A layer whose kernel took others in: those folded into its weights, and those fused to its end.
struct FusedKernel {
  std::string layer, folded, fused;
};
} // namespace

void print_fusion(std::ostream &out, const std::vector<Remark> &remarks) {
  // "stem_relu (relu) fused into stem_conv", "stem_bn folded into stem_conv: its scale ..."
  static const std::regex pattern("(.*) (fused|folded) into ([^:]*)(:.*)?");
  std::vector<FusedKernel> kernels;
  auto note = [&](const Remark &remark, std::string_view verb, std::string FusedKernel::*list) {
    std::smatch match;
    if (!remark.applied || !std::regex_match(remark.text, match, pattern) || match[2].str() != verb)
      return;
    auto kernel = std::find_if(kernels.begin(), kernels.end(),
                               [&](const FusedKernel &k) { return k.layer == match[3].str(); });
    if (kernel == kernels.end())
      kernel = kernels.insert(kernel, {match[3].str(), "", ""});
    std::string &text = (*kernel).*list;
    text += (text.empty() ? "" : ", ") + match[1].str();
  };
  for (const Remark &remark : remarks) // these come in the order of the graph
    note(remark, "fused", &FusedKernel::fused);
  for (const Remark &remark : remarks)
    note(remark, "folded", &FusedKernel::folded);
  Table table({{"kernel"}, {"folded into its weights"}, {"fused into it"}});
  for (const FusedKernel &kernel : kernels)
    table.add({kernel.layer, kernel.folded, kernel.fused});
  if (table.empty())
    out << "  nothing\n";
  else
    table.print(out, std::max<size_t>(terminal_width(), 100));
}

} // namespace horn::cli
