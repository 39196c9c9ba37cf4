#pragma once

// Flows of one port that fare differently, and the branch of the path that tells them apart.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/path/trace.h"
#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

struct Parting {
  std::vector<const path::FlowTrace*> blocked;
  std::vector<const path::FlowTrace*> passing;
};

/// Some router is met by every flow of one side of which a router is known at its hop, by two at least, and by no flow
/// of the other.
bool is_explained_by_branch(const Parting& parting, const Case& evidence);

/// ": exactly those through 10.0.4.2 at hop 4 do not", ": only those through 10.0.4.3 at hop 4 do"; empty where no
/// router tells them apart.
std::string describe_branch(const Parting& parting, const Case& evidence);

/// How far the flow of another port is known to take this port's way, where the path splits before its silence.
struct Alignment {
  /// It splits, so that ports may take different ways.
  bool is_needed = false;
  /// The port whose flow takes the same routers; absent: none is known to.
  std::optional<Port> port;
  /// Up to this hop.
  Ttl until;
};
Alignment alignment_of(const Case& evidence, Ttl last);

/// Packets of one flow meet different routers.
bool is_split_by_packet(const Case& evidence);

/// Of one flow, some packets are turned back by a router that lets others pass: no rule for a flow or a port does that.
/// Where the first of them die; absent: there are too few, or errors contradict one another.
std::optional<path::Answer> rejection_of_some_packets(const Case& evidence);

/// Between the routers before and behind the hops at which packets of one flow take different branches.
Location where_packets_part(const Case& evidence);

/// Where the blocked flows end, as they and the passing ones show it.
Location where_they_part(const Parting& parting, const Case& evidence);

}  // namespace smtpath::verdict
