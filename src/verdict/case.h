#pragma once

// The case of one port as the rules see it: its own path, the paths of the host's other ports, and what they show
// together. It points into the trace that it was made of.

#include <optional>
#include <vector>

#include "smtpath/path/branches.h"
#include "smtpath/path/distance.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/port_path.h"
#include "smtpath/path/trace.h"
#include "smtpath/verdict/diagnose.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::verdict {

struct Case {
  IpAddress target;
  path::PortPath path;
  std::optional<path::Answer> answer;
  /// Those of the other ports that were asked.
  std::vector<path::PortPath> others;
  path::PortPath echo;
  std::optional<path::Distance> distance;
  /// Hops at which flows meet different routers.
  std::vector<path::SplitHop> splits;
  /// Null: the capture lost nothing.
  const path::CaptureLoss* capture_loss = nullptr;
  /// This host itself has the target's address.
  bool is_target_local = false;
  path::NextHop next_hop;
  /// Null: nothing is known of this host.
  const facts::LocalHost* host = nullptr;
  /// Null: no address that nobody can have is in the plan.
  const path::NowhereTrace* nowhere = nullptr;
  /// Null: mail to this port takes the way of the probes.
  const facts::PortRoute* route = nullptr;

  /// The answer is one that bears the target's address.
  bool is_answered_by_target() const { return answer && answer->reply->from == target; }
  /// Some other port's final answer bears the target's address.
  bool does_host_answer_elsewhere() const;
};

Case make_case(const path::PathTrace& trace, const path::TargetPlan& plan, Port port,
               const Circumstances& circumstances);

/// A router that any port or the echo showed at this TTL; of several only one that flows showed which pass the router
/// that this port's probes met right before.
std::optional<IpAddress> router_at(const Case& evidence, Ttl ttl);

/// Flows meet different routers at this hop.
bool is_split_at(const Case& evidence, Ttl ttl);

/// The flow of another port met a router at this TTL that this port's probes met too; true of every flow where the path
/// does not split there.
bool passes_the_same(const Case& evidence, const path::FlowTrace& flow, Ttl ttl);

/// The nearest hop beyond `ttl` that this port was asked for and that a router answered another port from, or the
/// destination where the distance is known.
std::optional<HopReference> next_beyond(const Case& evidence, Ttl ttl);

/// The routers that other ports showed at this TTL.
std::vector<IpAddress> routers_of_others(const Case& evidence, Ttl ttl);

/// The destination, where it is known to lie beyond `ttl`.
std::optional<HopReference> destination_beyond(const Case& evidence, Ttl ttl);

/// How many hops beyond `from` and short of `to` any port or the echo showed a router at.
int answering_between(const Case& evidence, Ttl from, Ttl to);

/// How many hops the host's SYN-ACKs on other ports travelled; absent: there are none, or they differ.
std::optional<int> back_of_other_syn_acks(const Case& evidence);

/// How many hops the host's echo reply travelled; absent: there is none.
std::optional<int> back_of_echo_reply(const Case& evidence);

}  // namespace smtpath::verdict
