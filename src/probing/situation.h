#pragma once

// What the asker knows when it plans: the views of all ports, and what follows from them together.

#include <optional>
#include <vector>

#include "probing/ttl_set.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/branches.h"
#include "smtpath/path/distance.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/port_path.h"
#include "smtpath/path/trace.h"

namespace smtpath::probing {

struct Situation {
  Time now;
  IpAddress target;
  /// Of all ports of the target, asked or not, in the plan's order.
  std::vector<path::PortPath> ports{};
  path::PortPath echo;

  /// Hops at which flows meet different routers.
  std::vector<path::SplitHop> splits{};

  std::optional<path::Distance> distance{};
  /// How long an unanswered probe is waited for.
  Duration patience{};
  /// The longest round trip seen; absent: nothing answered yet.
  std::optional<Duration> round_trip{};
  /// The host itself sent something: a SYN-ACK, a RST or an echo reply, as far as it bears the host's address.
  bool has_host_answered = false;
  /// The kernel took probes of ports and echo, and no interface saw any leave.
  bool does_nothing_leave = false;
  /// The distance, or the best guess of it; absent while nothing of the host answered.
  std::optional<Ttl> reach{};
  /// The farthest hop that a router answered from, to any port or echo; 0: none.
  Ttl farthest_router{};
  /// That router, or whoever is nearest where there is none, left some probe that died there unanswered.
  bool is_farthest_rationed = false;

  /// The farthest TTL that is known to fall short of the host: routers answered it, or it is right below answers of the
  /// host and was waited for in vain, again and again. A guess does not count. 0: none.
  Ttl short_of_host{};

  /// Hops that a router answered from.
  TtlSet answering{};
  /// The least TTLs that drew ports, or the echo, an answer of the host or in its name.
  TtlSet answers{};
  /// The least TTLs at which ports or echoes drew an unreachable.
  TtlSet rejections{};
  /// Of what surely drew an answer, a good part got none here: packets are lost, or errors rationed.
  bool is_lossy = false;
  /// Hops at which a probe that went farther, or whose router answers others, drew nothing: lost, or swallowed by a
  /// limit.
  TtlSet unreliable{};

  /// Nothing of the host answered, and the packets say why for all its ports: the echo too was told that the host is
  /// unreachable, or routers pass packets in a circle.
  bool is_host_out_of_reach = false;
  bool is_echo_rejected = false;
  /// Where that circle begins again; absent: there is none.
  std::optional<Ttl> circle_end{};

  /// An error in the host's name may be one that somebody on the way translated.
  bool is_distance_firm() const { return distance && distance->source != path::Distance::Source::OwnTimeExceeded; }

  const path::PortPath& path_of(Port port) const;

  /// Some probe met it as a hop, or it is the target itself.
  bool is_router(const IpAddress& address) const;
  /// Flows meet different routers at this hop.
  bool is_split_at(Ttl ttl) const;

  /// Where another port is rejected about where a port whose last answering hop is `last` falls silent; absent:
  /// nowhere.
  std::optional<Ttl> rejection_near(Ttl last) const;

  /// The nearest hop beyond those that this port met which is known to answer others; absent: there is none.
  std::optional<Ttl> next_answering_beyond(const path::PortPath& path) const;

  /// The least TTL whose probe is thought to arrive at the host.
  Ttl likely_reach_from() const { return reach ? *reach : farthest_router + 1; }
};

/// The least TTL whose probe of this port may arrive at the host: of every lesser one the packets show that it does
/// not.
Ttl may_reach_from(const Situation& situation, const path::PortPath& path);

/// A router tells of a host that does not exist after three seconds of looking for it (RFC 4861 and Linux's ARP).
inline constexpr Duration kStragglerWindow = std::chrono::milliseconds(3600);

/// Derives it from the trace.
Situation assess(const path::PathTrace& known, const path::TargetPlan& target, Time now, std::optional<Duration> wait);

}  // namespace smtpath::probing
