#pragma once

// What a run sets out to ask, fixed once names are resolved: targets, ports, source ports and the key that marks our
// probes. The observer needs it to tell our SYNs from those of the host's own mail server; an evidence file carries it.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"

namespace smtpath::path {

/// Subject: the port in question. Control: a port of the same host that shows how far the host is. Anchor: a control
/// that is asked only when nothing else fixes the distance, and reported only if it was.
enum class Role : std::uint8_t { Subject, Control, Anchor };

struct PortPlan {
  Port port;
  Role role = Role::Subject;
  /// Where probes of this port leave from, if elsewhere than those of the target's other ports.
  std::optional<IpAddress> source{};
};

/// Secret of one run; initial sequence numbers and timestamp bases are drawn from it.
using HashKey = std::array<std::byte, 16>;

struct TargetPlan {
  IpAddress address;
  IpAddress source;
  /// The gateway, or the address itself on the link; absent: not known.
  std::optional<IpAddress> next_hop{};
  /// In the order asked, controls after, anchors last.
  std::vector<PortPlan> ports;
  /// An address that nobody can have and that packets take the same first hop to, asked only where a port's SYN-ACK
  /// is suspicious; absent: none is to be asked.
  std::optional<IpAddress> nowhere{};
};

/// So many flows can be told apart by their sequence numbers: these three make 2^32.
inline constexpr std::size_t kMostSlots = 16;
inline constexpr std::size_t kMostPorts = 64;
inline constexpr std::size_t kMostTargets = std::size_t{1} << 22U;

struct Plan {
  HashKey key{};
  /// One a slot, kMostSlots at most; the flow of slot 0 is a port's main flow.
  std::vector<Port> source_ports;
  /// At most kMostTargets, of kMostPorts at most each.
  std::vector<TargetPlan> targets;
};

}  // namespace smtpath::path
