#pragma once

// How the flows and the tries of one port fare: which are answered and which are not, and which simple cause predicts
// that best. See docs/verdicts.md, "Flows and tries that differ".

#include <optional>
#include <vector>

#include "smtpath/path/attempts.h"
#include "verdict/case.h"

namespace smtpath::verdict {

/// What the tries on one flow came to.
struct FlowFare {
  const path::FlowTrace* flow = nullptr;
  /// Tries that drew nothing.
  int missed = 0;
  /// Its final answer; null: none.
  const path::Reply* answer = nullptr;
};

struct Fares {
  /// In the order in which they left.
  std::vector<path::Attempt> attempts;
  std::vector<FlowFare> flows;
  /// When probes left that use up what a limit on the way allows, rising; see note_spending().
  std::vector<Time> spent;

  int tries() const { return static_cast<int>(attempts.size()); }
  int missed() const;
};

/// The least TTL that goes as far as the host.
Ttl reach_of(const Case& evidence);

/// Of the SYNs that go as far as the host.
Fares fares_of(const Case& evidence);

/// A limit behind the hop `beyond` counts all probes that go farther than that.
void note_spending(Fares& fares, const Case& evidence, Ttl beyond);

/// How probable it is that a try is lost on its way there or back, as the echo and the host's other ports show it, and
/// how many tries say so.
struct PathLoss {
  double share = 0;
  int missed = 0;
  int tries = 0;
  /// Of them those that meet no queue of connections: echoes, and SYNs to ports that refuse.
  int missed_at_no_queue = 0;
  int tries_at_no_queue = 0;
};
PathLoss loss_of_others(const Case& evidence);

/// Of SYNs to the host's other ports alone: those that refuse, if any do, since they meet no queue.
PathLoss loss_of_other_ports(const Case& evidence);

/// How probable it is that so many tries are lost, or more, if each is with this probability.
double chance_of_loss(int missed, int tries, double probability);

/// How probable it is that this port alone is hit so often if all packets to the host are lost alike.
double chance_of_coincidence(const Fares& fares, const PathLoss& others);

/// What could make some tries succeed and others not, with the logarithm of how likely the tries are if it does.
struct Explanation {
  enum class Kind : std::uint8_t {
    /// Every try is lost with one probability.
    Chance,
    /// Each flow is let through or not.
    Flows,
    /// So many are let through at once, and so many a second.
    Limit,
    /// Nothing is let through for some time, and then again.
    Times,
  };
  Kind kind = Kind::Chance;
  double log_likelihood = 0;
  /// Of Limit.
  double burst = 0;
  double per_second = 0;
};

/// Best first. `is_branch_known`: one router is met by all flows that are not answered and by none that is, which
/// chance brings about for few choices of flows only.
std::vector<Explanation> explain(const Fares& fares, double path_loss, bool is_branch_known);

}  // namespace smtpath::verdict
