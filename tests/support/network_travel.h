#pragma once

// A packet on its way out through a simulated network: what is known of it, and where it is. Only the network's own
// sources see it.

#include <cstddef>
#include <optional>
#include <span>

#include "support/network.h"

namespace smtpath::test {

struct Network::Travel {
  Time now;
  Ttl ttl;
  std::size_t at = 0;
  std::span<const std::byte> bytes;
  IpAddress destination;
  // Others' packets pass the routers too, as far as the last one.
  bool is_for_target = true;
  std::optional<Port> port;
  FlowKey flow;
  const Detour* detour = nullptr;
  bool is_syn = false;
};

}  // namespace smtpath::test
