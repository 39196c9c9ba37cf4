#include "smtpath/path/branches.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "smtpath/path/port_path.h"

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

/// Who turned probes of this flow back, by where they died.
Met rejecters_of(const FlowTrace& flow, const IpAddress& target) {
  Met met;
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      const bool is_rejected = reply.kind == ReplyKind::Unreachable && reply.from != target && !reply.is_on_loopback;
      if (is_rejected) add_once(met[died_at(probe, reply)], reply.from);
    }
  }
  return met;
}

}  // namespace

std::vector<SplitHop> split_hops(const PathTrace& trace) {
  std::map<Ttl, SplitHop> hops;
  for (const FlowTrace& flow : trace.flows) take_in(hops, routers_of(flow, trace.target));
  take_in(hops, routers_of(trace.echo, trace.target));
  // A router that turns probes back may stand one hop before the TTL that shows it: it is compared with its like only.
  std::map<Ttl, SplitHop> rejecting;
  for (const FlowTrace& flow : trace.flows) take_in(rejecting, rejecters_of(flow, trace.target));
  for (const auto& [ttl, hop] : rejecting) {
    if (hop.routers.size() > 1 && hops[ttl].routers.size() < 2) hops[ttl] = hop;
  }
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
