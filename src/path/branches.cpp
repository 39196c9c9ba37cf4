#include "smtpath/path/branches.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace smtpath::path {

namespace {

/// What is known of a hop while the flows are read one after another. Most hops have one router: only where there are
/// more, they are listed.
struct HopSoFar {
  IpAddress first;
  std::vector<IpAddress> others;
  int flows = 0;
  bool is_by_packet = false;
  /// Read last, and the first router that it met here.
  const FlowTrace* flow = nullptr;
  IpAddress first_of_flow;
};

void note(HopSoFar& hop, const FlowTrace& flow, const IpAddress& router) {
  if (hop.flow == nullptr) hop.first = router;
  if (hop.flow != &flow) {
    hop.flow = &flow;
    hop.first_of_flow = router;
    ++hop.flows;
  }
  hop.is_by_packet |= router != hop.first_of_flow;
  const bool is_new =
      router != hop.first && std::find(hop.others.begin(), hop.others.end(), router) == hop.others.end();
  if (is_new) hop.others.push_back(router);
}

/// The hop of TTL n stands at n.
void take_in(std::vector<HopSoFar>& hops, const FlowTrace& flow, const IpAddress& target) {
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      if (reply.kind != ReplyKind::TimeExceeded || reply.from == target) continue;
      if (hops.size() <= probe.ttl.hops) hops.resize(std::size_t{probe.ttl.hops} + 1);
      note(hops[probe.ttl.hops], flow, reply.from);
    }
  }
}

}  // namespace

std::vector<SplitHop> split_hops(const PathTrace& trace) {
  constexpr std::size_t kUsualHops = 40;
  std::vector<HopSoFar> hops;
  hops.reserve(kUsualHops);
  for (const FlowTrace& flow : trace.flows) take_in(hops, flow, trace.target);
  take_in(hops, trace.echo, trace.target);
  std::vector<SplitHop> split;
  for (std::size_t ttl = 0; ttl < hops.size(); ++ttl) {
    HopSoFar& hop = hops[ttl];
    if (hop.others.empty()) continue;
    hop.others.insert(hop.others.begin(), hop.first);
    split.push_back({.ttl = Ttl{static_cast<std::uint8_t>(ttl)},
                     .routers = std::move(hop.others),
                     .flows = hop.flows,
                     .is_by_packet = hop.is_by_packet});
  }
  return split;
}

std::optional<IpAddress> router_met(const FlowTrace& flow, Ttl ttl, const IpAddress& target) {
  for (const Probe& probe : flow.probes) {
    if (probe.ttl != ttl) continue;
    for (const Reply& reply : probe.replies) {
      if (reply.kind == ReplyKind::TimeExceeded && reply.from != target) return reply.from;
    }
  }
  return std::nullopt;
}

int flows_to_rule_out_more(int routers) {
  // One more router than seen, all equally likely: missed by n flows with a probability of at most
  // (k + 1) * (k / (k + 1))^n.
  constexpr double kMayBeMissed = 0.05;
  const double more = routers + 1;
  return static_cast<int>(std::ceil(std::log(kMayBeMissed / more) / std::log(routers / more)));
}

}  // namespace smtpath::path
