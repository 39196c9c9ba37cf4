#include "smtpath/report/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "report/oddity_words.h"
#include "report/rewriting_words.h"
#include "smtpath/path/oddity.h"
#include "smtpath/path/rewriting.h"

namespace smtpath::report {

namespace {

using path::FlowTrace;
using path::Rewriting;
using Flows = std::vector<const FlowTrace*>;

bool is_at_the_same_place(const Rewriting& a, const Rewriting& b) {
  return a.first == b.first && a.last_before == b.last_before && a.last == b.last &&
         a.is_contradicted == b.is_contradicted;
}

/// What begins and ends at the same hops is one remark.
void add_remarks(std::vector<Rewriting> rewritings, const std::string& probes, std::vector<Remark>& remarks) {
  while (!rewritings.empty()) {
    const Rewriting first = rewritings.front();
    const auto rest = std::stable_partition(rewritings.begin(), rewritings.end(),
                                            [&](const Rewriting& other) { return is_at_the_same_place(first, other); });
    const std::vector<Rewriting> part(rewritings.begin(), rest);
    remarks.push_back({.kind = "rewritten", .ttl = first.first.ttl, .text = words_on(part, probes)});
    rewritings.erase(rewritings.begin(), rest);
  }
}

std::vector<Rewriting> take_contradicted(std::vector<Rewriting>& rewritings) {
  const auto contradicted = std::stable_partition(rewritings.begin(), rewritings.end(),
                                                  [](const Rewriting& each) { return !each.is_contradicted; });
  std::vector<Rewriting> taken(contradicted, rewritings.end());
  rewritings.erase(contradicted, rewritings.end());
  return taken;
}

Flows flows_to(const path::PathTrace& trace, Port port) {
  Flows flows;
  for (const FlowTrace& flow : trace.flows) {
    if (flow.destination_port == port) flows.push_back(&flow);
  }
  return flows;
}

/// What not all probes tell alike is looked at port by port.
void add_apart(const path::PathTrace& trace, const std::vector<Rewriting>& contradicted, std::vector<Remark>& remarks) {
  const auto add = [&](const Flows& flows, const std::string& probes) {
    std::vector<Rewriting> rewritings = path::rewritings_in(flows);
    const auto is_told = [&](const Rewriting& one) {
      return std::none_of(contradicted.begin(), contradicted.end(),
                          [&](const Rewriting& other) { return other.change.field == one.change.field; });
    };
    rewritings.erase(std::remove_if(rewritings.begin(), rewritings.end(), is_told), rewritings.end());
    add_remarks(std::move(rewritings), probes, remarks);
  };
  std::set<Port> ports;
  for (const FlowTrace& flow : trace.flows) {
    if (!ports.insert(flow.destination_port).second) continue;
    add(flows_to(trace, flow.destination_port), fmt::format("probes to port {}", flow.destination_port.number));
  }
  add({&trace.echo}, "echo requests");
}

}  // namespace

std::vector<Remark> remarks_on(const path::PathTrace& trace) {
  Flows all;
  for (const FlowTrace& flow : trace.flows) all.push_back(&flow);
  all.push_back(&trace.echo);

  std::vector<Remark> remarks;
  std::vector<Rewriting> rewritings = path::rewritings_in(all);
  const std::vector<Rewriting> contradicted = take_contradicted(rewritings);
  add_remarks(std::move(rewritings), "probes", remarks);
  if (!contradicted.empty()) add_apart(trace, contradicted, remarks);
  std::stable_sort(remarks.begin(), remarks.end(), [](const Remark& a, const Remark& b) { return a.ttl < b.ttl; });

  for (Remark& remark : remarks_on(path::oddities_in(trace))) remarks.push_back(std::move(remark));
  return remarks;
}

}  // namespace smtpath::report
