#pragma once

// A packet on its way out through a simulated network: what is known of it, and where it is. Only the network's own
// sources see it.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "support/network.h"
#include "support/network_rewriting.h"

namespace smtpath::test {

struct Network::Travel {
  Time now;
  Ttl ttl;
  std::size_t at = 0;
  std::span<const std::byte> bytes;
  IpAddress source;
  IpAddress destination;
  // Others' packets pass the routers too, as far as the last one.
  bool is_for_target = true;
  std::optional<Port> port;
  FlowKey flow;
  const Detour* detour = nullptr;
  bool is_syn = false;
  // What devices did to it on the way, the first one first, and what it is by now if they did.
  std::vector<Rewritten> changes{};
  Bytes changed{};
};

}  // namespace smtpath::test
