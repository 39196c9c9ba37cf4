#pragma once

// How many hops away the address is. Distance belongs to the address and is never taken from one port alone.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/port_path.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

struct Distance {
  enum class Source : std::uint8_t {
    /// The address answered an ICMP echo of this TTL, and none below.
    Echo,
    /// The address sent a time exceeded of its own: it passes a port on.
    OwnTimeExceeded,
    /// This many ports agree.
    Ports,
  };
  Ttl ttl;
  Source source = Source::Echo;
  /// Those whose answers begin at `ttl`.
  std::vector<Port> agreeing;
};

/// Absent when nothing fixes it.
std::optional<Distance> distance_of(const PathTrace& trace, std::span<const PortPlan> ports);
/// The same, from the views of all ports and of the echo.
std::optional<Distance> distance_of(std::span<const PortPath> ports, const PortPath& echo);

}  // namespace smtpath::path
