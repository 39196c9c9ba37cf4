#include "smtpath/path/branches.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace smtpath::path {

namespace {

using Met = std::map<Ttl, std::vector<IpAddress>>;

void add_once(std::vector<IpAddress>& addresses, const IpAddress& address) {
  if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) addresses.push_back(address);
}

/// The routers that one flow met, by TTL.
Met routers_of(const FlowTrace& flow, const IpAddress& target) {
  Met met;
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      if (reply.kind == ReplyKind::TimeExceeded && reply.from != target) add_once(met[probe.ttl], reply.from);
    }
  }
  return met;
}

void take_in(std::map<Ttl, SplitHop>& hops, const Met& met) {
  for (const auto& [ttl, routers] : met) {
    SplitHop& hop = hops[ttl];
    hop.ttl = ttl;
    ++hop.flows;
    hop.is_by_packet |= routers.size() > 1;
    for (const IpAddress& router : routers) add_once(hop.routers, router);
  }
}

}  // namespace

std::vector<SplitHop> split_hops(const PathTrace& trace) {
  std::map<Ttl, SplitHop> hops;
  for (const FlowTrace& flow : trace.flows) take_in(hops, routers_of(flow, trace.target));
  take_in(hops, routers_of(trace.echo, trace.target));
  std::vector<SplitHop> split;
  for (auto& [ttl, hop] : hops) {
    if (hop.routers.size() > 1) split.push_back(std::move(hop));
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
