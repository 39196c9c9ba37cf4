#pragma once

// How mail to one port leaves this host where the kernel routes it apart from our probes: policy rules by port and
// protocol apply to connections, and not to raw packets.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::facts {

/// Only of a port whose route differs from that of the target's probes.
struct PortRoute {
  enum class Difference : std::uint8_t {
    /// The kernel refuses connections to this port; `error` says how.
    Refused,
    /// They leave by another interface, and so do the probes of this port.
    OtherInterface,
    /// They take a way that probes cannot be sent: another gateway, or an interface whose only route is mail's.
    OtherGateway,
  };
  Port port;
  Difference difference = Difference::OtherGateway;
  /// The errno of a refusal.
  int error = 0;
  std::string interface;
  std::uint32_t interface_index = 0;
  std::optional<IpAddress> gateway;

  friend bool operator==(const PortRoute&, const PortRoute&) = default;
};

/// "refused", "other-interface", "other-gateway".
std::string_view to_string(PortRoute::Difference difference);

}  // namespace smtpath::facts
