#include "smtpath/report/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
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

/// Probes that are looked at together, and what they are called.
struct Group {
  Flows flows;
  std::string name;
};

using Fields = std::set<path::QuotedField>;

/// Tells what the probes of the group agree on, of these fields or, where they are none, of all; leaves out and returns
/// those that they do not agree on.
Fields add_agreed(const Group& group, const std::optional<Fields>& fields, std::vector<Remark>& remarks) {
  std::vector<Rewriting> agreed;
  Fields contradicted;
  for (Rewriting& rewriting : path::rewritings_in(group.flows)) {
    const path::QuotedField field = rewriting.change.field;
    if (fields && fields->count(field) == 0) continue;
    if (rewriting.is_contradicted) contradicted.insert(field);
    agreed.push_back(std::move(rewriting));
  }
  agreed.erase(std::remove_if(agreed.begin(), agreed.end(),
                              [&](const Rewriting& each) { return contradicted.contains(each.change.field); }),
               agreed.end());
  add_remarks(std::move(agreed), group.name, remarks);
  return contradicted;
}

/// What they do not agree on is told as well.
void add_all(const Group& group, const Fields& fields, std::vector<Remark>& remarks) {
  std::vector<Rewriting> rewritings = path::rewritings_in(group.flows);
  rewritings.erase(std::remove_if(rewritings.begin(), rewritings.end(),
                                  [&](const Rewriting& each) { return !fields.contains(each.change.field); }),
                   rewritings.end());
  add_remarks(std::move(rewritings), group.name, remarks);
}

std::vector<Group> by_port(const path::PathTrace& trace) {
  std::vector<Group> groups;
  std::map<Port, std::size_t> places;
  for (const FlowTrace& flow : trace.flows) {
    const auto [place, is_new] = places.try_emplace(flow.destination_port, groups.size());
    if (is_new) groups.push_back({.flows = {}, .name = fmt::format("probes to port {}", flow.destination_port.number)});
    groups[place->second].flows.push_back(&flow);
  }
  return groups;
}

}  // namespace

/// All probes together, then SYNs apart from echo requests, then port by port: as far as they agree.
std::vector<Remark> remarks_on(const path::PathTrace& trace) {
  Group all{.flows = {}, .name = "probes"};
  for (const FlowTrace& flow : trace.flows) all.flows.push_back(&flow);
  const Group syns{.flows = all.flows, .name = "SYNs"};
  all.flows.push_back(&trace.echo);

  std::vector<Remark> remarks;
  const Fields differ = add_agreed(all, std::nullopt, remarks);
  if (!differ.empty()) {
    add_all({.flows = {&trace.echo}, .name = "echo requests"}, differ, remarks);
    const Fields of_ports = add_agreed(syns, differ, remarks);
    if (!of_ports.empty()) {
      for (const Group& group : by_port(trace)) add_all(group, of_ports, remarks);
    }
  }
  std::stable_sort(remarks.begin(), remarks.end(), [](const Remark& a, const Remark& b) { return a.ttl < b.ttl; });

  for (Remark& remark : remarks_on(path::oddities_in(trace))) remarks.push_back(std::move(remark));
  return remarks;
}

}  // namespace smtpath::report
