#pragma once

// What a judge may rightly say of the ports of a simulated path: the truth as the path declares it, and every other
// verdict that the same packets allow. docs/verdicts.md lists the classes of identical packets. Loss, rate limits of
// ICMP and quotes do not change what is true; they only make it harder to see.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/path/plan.h"
#include "smtpath/verdict/verdict.h"
#include "support/network_path.h"

namespace smtpath::test {

/// A verdict that is right, and where it must point.
struct RightVerdict {
  verdict::Kind kind = verdict::Kind::Open;
  /// The hop that acts; it must lie within the location. Meaningless if `kind` is Open.
  int acting = 0;
  /// The nearest hop that answers this port's probes up to where it acts; 0: none does.
  int answering_before = 0;
  /// Whatever acts is no hop of the path: naming one is wrong.
  bool is_beside_path = false;
  /// The nearest hop beyond those that answers other ports' probes, or the destination; absent: none shows.
  std::optional<int> answering_beyond{};
  /// Of Intermittent: the only right cause.
  std::optional<verdict::Cause> cause{};
  /// No place in particular acts.
  bool is_anywhere = false;
  /// Routers of branches that the packets in question never pass: neither reached nor suspect.
  std::vector<IpAddress> not_passed{};
  friend bool operator==(const RightVerdict&, const RightVerdict&) = default;
};

struct PortTruth {
  path::PortPlan port;
  /// What the path declares, then what cannot be told from it.
  std::vector<RightVerdict> right;
};

/// In the order of `ports`, which are all that a run asks, anchors included. Of the branches of a path flows take those
/// that their source ports call for; without source ports, all of them.
std::vector<PortTruth> truth_of(const NetworkPath& path, std::span<const path::PortPlan> ports,
                                std::span<const Port> source_ports = {});

/// "25: reset-injected by hop 3, within 2..4; or refused by hop 4, within 3..", for messages of tests.
std::string to_string(const PortTruth& truth);

}  // namespace smtpath::test
