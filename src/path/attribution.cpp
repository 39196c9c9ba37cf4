#include "path/attribution.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace smtpath::path {

namespace {

/// Of each kind, so that none crowds out another.
constexpr std::ptrdiff_t kMaxReplies = 8;

bool says_the_same(const Reply& a, const Reply& b) {
  if (a.kind != b.kind || a.from != b.from || a.ttl != b.ttl) return false;
  return !a.icmp || !b.icmp || (a.icmp->type == b.icmp->type && a.icmp->code == b.icmp->code);
}

bool adds_something(const std::vector<Reply>& known, const Reply& reply) {
  const auto of_kind =
      std::count_if(known.begin(), known.end(), [&](const Reply& other) { return other.kind == reply.kind; });
  if (of_kind >= kMaxReplies) return false;
  return std::none_of(known.begin(), known.end(), [&](const Reply& other) { return says_the_same(other, reply); });
}

}  // namespace

FlowTrace* find_flow(PathTrace& trace, const PlannedFlow& flow) {
  if (flow.is_to_nowhere && !trace.nowhere) return nullptr;
  std::vector<FlowTrace>& flows = flow.is_to_nowhere ? trace.nowhere->flows : trace.flows;
  const auto found = std::find_if(flows.begin(), flows.end(), [&](const FlowTrace& known) {
    return known.slot == flow.slot && known.destination_port == flow.destination_port;
  });
  return found == flows.end() ? nullptr : &*found;
}

Probe* find_probe(FlowTrace& flow, std::uint16_t number) {
  const auto found =
      std::find_if(flow.probes.begin(), flow.probes.end(), [&](const Probe& probe) { return probe.number == number; });
  return found == flow.probes.end() ? nullptr : &*found;
}

Probe* only_candidate(FlowTrace& flow) {
  if (flow.probes.empty()) return nullptr;
  const bool are_all_known = flow.probes.back().number == flow.probes.size();
  return are_all_known ? only_candidate(flow, [](const Probe&) { return true; }) : nullptr;
}

Probe* only_candidate(FlowTrace& flow, const std::function<bool(const Probe&)>& may_be) {
  Probe* last = nullptr;
  for (Probe& probe : flow.probes) {
    if (!may_be(probe)) continue;
    if (last != nullptr && last->ttl != probe.ttl) return nullptr;
    last = &probe;
  }
  return last;
}

bool keep(Reply reply, Probe* probe, FlowTrace& flow) {
  auto& replies = probe == nullptr ? flow.unattributed : probe->replies;
  if (!adds_something(replies, reply)) {
    if (probe == nullptr) ++flow.unattributed_repeats;
    return false;
  }
  replies.push_back(std::move(reply));
  return true;
}

}  // namespace smtpath::path
