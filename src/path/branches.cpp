#include "smtpath/path/branches.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "smtpath/path/port_path.h"

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
using HopsSoFar = std::vector<HopSoFar>;

void note(HopsSoFar& hops, Ttl ttl, const FlowTrace& flow, const IpAddress& router) {
  constexpr std::size_t kUsualHops = 40;
  if (hops.size() <= ttl.hops) {
    hops.reserve(kUsualHops);
    hops.resize(std::size_t{ttl.hops} + 1);
  }
  note(hops[ttl.hops], flow, router);
}

/// The routers that one flow met, by TTL.
void take_in_routers(HopsSoFar& hops, const FlowTrace& flow, const IpAddress& target) {
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      if (reply.kind == ReplyKind::TimeExceeded && reply.from != target) note(hops, probe.ttl, flow, reply.from);
    }
  }
}

/// Who turned probes of this flow back, by where they died.
void take_in_rejecters(HopsSoFar& hops, const FlowTrace& flow, const IpAddress& target) {
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      const bool is_rejected = reply.kind == ReplyKind::Unreachable && reply.from != target && !reply.is_on_loopback;
      if (is_rejected) note(hops, died_at(probe, reply), flow, reply.from);
    }
  }
}

/// The hop if it has several routers; null: it has not.
const HopSoFar* split_at(const HopsSoFar& hops, std::size_t ttl) {
  return ttl < hops.size() && !hops[ttl].others.empty() ? &hops[ttl] : nullptr;
}

SplitHop as_split(const HopSoFar& hop, std::size_t ttl) {
  SplitHop split{.ttl = Ttl{static_cast<std::uint8_t>(ttl)},
                 .routers = {hop.first},
                 .flows = hop.flows,
                 .is_by_packet = hop.is_by_packet};
  split.routers.insert(split.routers.end(), hop.others.begin(), hop.others.end());
  return split;
}

}  // namespace

std::vector<SplitHop> split_hops(const PathTrace& trace) {
  HopsSoFar met;
  // A router that turns probes back may stand one hop before the TTL that shows it: it is compared with its like only.
  HopsSoFar rejecting;
  for (const FlowTrace& flow : trace.flows) {
    take_in_routers(met, flow, trace.target);
    take_in_rejecters(rejecting, flow, trace.target);
  }
  take_in_routers(met, trace.echo, trace.target);
  std::vector<SplitHop> split;
  for (std::size_t ttl = 0; ttl < std::max(met.size(), rejecting.size()); ++ttl) {
    const HopSoFar* hop = split_at(met, ttl);
    if (hop == nullptr) hop = split_at(rejecting, ttl);
    if (hop != nullptr) split.push_back(as_split(*hop, ttl));
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
