#pragma once

// What this host does to its own packets in a simulation, before a network sees them: firewall rules of its own, and a
// next hop that it has to look for. Says what a live run would be told of it.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "smtpath/base/time.h"
#include "smtpath/wire/packet.h"
#include "support/packets.h"

namespace smtpath::test {

/// After so long a live run gives a packet up for one that no interface will see.
inline constexpr Duration kUnseenAfter = std::chrono::milliseconds(200);
/// Linux asks three times for a neighbour, a second apart, and then tells whoever waits that the host is unreachable.
inline constexpr Duration kNeighborGivenUp = std::chrono::seconds(3);

struct ThisHost {
  enum class Fate : std::uint8_t {
    Leaves,
    /// The send fails with `refusal`.
    Refused,
    /// The kernel takes it, and no interface sees it leave.
    Swallowed,
    /// It waits for the next hop's address until `next_hop_found`, or in vain.
    Waits,
  };

  /// Absent: everything leaves.
  std::function<Fate(const wire::Packet&)> fate_of{};
  int refusal = 0;
  /// Since the beginning of the run; absent: never.
  std::optional<Duration> next_hop_found{};
};

/// The ICMP host unreachable that the kernel of `packet`'s source sends to itself, as LINUX_SLL2 of the loopback
/// device.
Bytes unreachable_on_loopback(std::span<const std::byte> packet);

}  // namespace smtpath::test
