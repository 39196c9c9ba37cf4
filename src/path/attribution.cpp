#include "path/attribution.h"

#include <algorithm>
#include <cstddef>

namespace smtpath::path {

namespace {

constexpr std::size_t kMaxReplies = 16;

bool says_the_same(const Reply& a, const Reply& b) {
  if (a.kind != b.kind || a.from != b.from || a.ttl != b.ttl) return false;
  return !a.icmp || !b.icmp || (a.icmp->type == b.icmp->type && a.icmp->code == b.icmp->code);
}

}  // namespace

Probe* find_probe(FlowTrace& flow, std::uint16_t number) {
  const auto found =
      std::find_if(flow.probes.begin(), flow.probes.end(), [&](const Probe& probe) { return probe.number == number; });
  return found == flow.probes.end() ? nullptr : &*found;
}

Probe* only_candidate(FlowTrace& flow) {
  if (flow.probes.empty()) return nullptr;
  Probe& last = flow.probes.back();
  const bool are_all_known = last.number == flow.probes.size();
  if (!are_all_known) return nullptr;
  const bool one_ttl =
      std::all_of(flow.probes.begin(), flow.probes.end(), [&](const Probe& probe) { return probe.ttl == last.ttl; });
  return one_ttl ? &last : nullptr;
}

bool adds_something(const std::vector<Reply>& known, const Reply& reply) {
  if (known.size() >= kMaxReplies) return false;
  return std::none_of(known.begin(), known.end(), [&](const Reply& other) { return says_the_same(other, reply); });
}

}  // namespace smtpath::path
