#pragma once

// Where the path of a target splits: hops at which one flow meets another router than another flow does. Routers that
// balance load choose a branch by the 5-tuple and keep to it, so that each flow has one path; a few choose anew for
// every packet.

#include <optional>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

/// A hop with several routers.
struct SplitHop {
  Ttl ttl;
  /// In the order in which they were first seen; two or more.
  std::vector<IpAddress> routers;
  /// How many flows a router answered here.
  int flows = 0;
  /// Some flow met more than one of them.
  bool is_by_packet = false;
  friend bool operator==(const SplitHop&, const SplitHop&) = default;
};

/// By rising TTL. The echo counts as a flow of its own; answers of the target itself do not count.
std::vector<SplitHop> split_hops(const PathTrace& trace);

/// The router that answered this flow's probes of that TTL, the first of several; absent: none did.
std::optional<IpAddress> router_met(const FlowTrace& flow, Ttl ttl, const IpAddress& target);

/// So many flows have to be seen at a hop that shows `routers` routers to be 95 % sure that it has no more, if each is
/// as likely as the others (the stopping rule of the Multipath Detection Algorithm; Augustin, Friedman and Teixeira,
/// "Multipath tracing with Paris traceroute", 2007).
int flows_to_rule_out_more(int routers);

}  // namespace smtpath::path
