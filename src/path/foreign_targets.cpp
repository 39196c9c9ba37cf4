#include "path/foreign_targets.h"

#include <algorithm>
#include <utility>

namespace smtpath::path {

namespace {

/// Routes are taken to stay as they are for so long.
constexpr Duration kSameRoute = std::chrono::minutes(10);

/// Traces of one host to one address, each of another port.
using Group = std::vector<ForeignTrace>;

bool is_subject(Port port, const std::vector<Port>& subjects) {
  return std::find(subjects.begin(), subjects.end(), port) != subjects.end();
}

bool belongs_to(const Group& group, const ForeignTrace& trace) {
  const Asking& of_group = group.front().asking();
  const Asking& asking = trace.asking();
  if (of_group.source != asking.source || of_group.destination != asking.destination) return false;
  const auto ends_last = std::max_element(
      group.begin(), group.end(), [](const ForeignTrace& a, const ForeignTrace& b) { return a.last() < b.last(); });
  if (trace.first() - ends_last->last() > kSameRoute) return false;
  return std::none_of(group.begin(), group.end(),
                      [&](const ForeignTrace& other) { return other.asking().port == asking.port; });
}

/// A host on the way that passes the probes on under its own address shows the same trace once more.
bool is_passed_on(const ForeignTrace& trace, const std::vector<ForeignTrace>& traces) {
  const auto tokens = trace.tokens();
  return std::any_of(traces.begin(), traces.end(), [&](const ForeignTrace& other) {
    const bool is_other = other.asking().destination == trace.asking().destination &&
                          other.asking().port == trace.asking().port && other.asking().source != trace.asking().source;
    return is_other && other.first() <= trace.first() && other.highest() > trace.highest() &&
           other.tokens().front().sequence == tokens.front().sequence;
  });
}

std::vector<Group> group_up(std::vector<ForeignTrace> traces) {
  std::vector<Group> groups;
  for (ForeignTrace& trace : traces) {
    // The youngest of its kind: another of the same port has begun a new one.
    const auto group =
        std::find_if(groups.rbegin(), groups.rend(), [&](const Group& each) { return belongs_to(each, trace); });
    if (group != groups.rend()) {
      group->push_back(std::move(trace));
    } else {
      groups.push_back({std::move(trace)});
    }
  }
  return groups;
}

/// Subjects in the order of the list, controls after by number.
void order(std::vector<PortPlan>& ports, const std::vector<Port>& subjects) {
  const auto rank = [&](const PortPlan& port) {
    return std::pair(std::find(subjects.begin(), subjects.end(), port.port) - subjects.begin(), port.port);
  };
  std::sort(ports.begin(), ports.end(), [&](const PortPlan& a, const PortPlan& b) { return rank(a) < rank(b); });
}

FoundTrace found(const Group& group, const std::vector<Port>& subjects) {
  const Asking& asking = group.front().asking();
  FoundTrace result{.plan = {.address = asking.destination, .source = asking.source, .next_hop = {}, .ports = {}},
                    .trace = {.target = asking.destination, .flows = {}, .echo = {}, .next_hop = {}},
                    .first = group.front().first(),
                    .last = group.front().last()};
  for (const ForeignTrace& trace : group) {
    result.first = std::min(result.first, trace.first());
    result.last = std::max(result.last, trace.last());
    const Port port = trace.asking().port;
    if (port == Port{}) {
      result.trace.echo = trace.merged();
      continue;
    }
    result.plan.ports.push_back({.port = port, .role = is_subject(port, subjects) ? Role::Subject : Role::Control});
    for (FlowTrace& flow : trace.flows()) result.trace.flows.push_back(std::move(flow));
  }
  order(result.plan.ports, subjects);
  return result;
}

}  // namespace

std::vector<FoundTrace> put_together(std::vector<ForeignTrace> traces, const std::vector<Port>& subjects) {
  std::stable_sort(traces.begin(), traces.end(),
                   [](const ForeignTrace& a, const ForeignTrace& b) { return a.first() < b.first(); });
  std::vector<ForeignTrace> originals;
  for (const ForeignTrace& trace : traces) {
    if (!is_passed_on(trace, traces)) originals.push_back(trace);
  }
  std::vector<FoundTrace> results;
  for (const Group& group : group_up(std::move(originals))) {
    const bool is_of_interest = std::any_of(group.begin(), group.end(), [&](const ForeignTrace& trace) {
      return is_subject(trace.asking().port, subjects);
    });
    if (is_of_interest) results.push_back(found(group, subjects));
  }
  return results;
}

}  // namespace smtpath::path
