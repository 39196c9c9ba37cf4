#pragma once

// What becomes of the packets to one port (or of the echo requests) of a simulated path if none is lost and their TTL
// is large enough: which device ends their way, and what it does. Read off the declaration, not tried out.

#include <cstdint>
#include <optional>

#include "smtpath/base/quantities.h"
#include "support/network_path.h"

namespace smtpath::test {

struct Fate {
  enum class End : std::uint8_t {
    /// The destination accepts, refuses or (an echo) answers, or would if it had to.
    Accepted,
    Refused,
    Dropped,
    Reset,
    Rejected,
    TakenOver,
    /// Nobody has the target's address.
    Unresolved,
    Loops,
  };
  End end = End::Accepted;
  /// The device that ends the way, 1 being the nearest router.
  int hop = 0;
  /// That device acts before its TTL check, or is the destination: probes that end there draw nothing else from it.
  bool is_before_ttl_check = false;
  /// Of Rejected.
  Unreachable reason = Unreachable::Port;
  /// Another host accepts (TakenOver) or refuses (Reset), to which a router leads the packets; null: none does.
  const Detour* detour = nullptr;
  /// That at `hop`, which may be on a branch; null: it is one of the detour's.
  const Device* device = nullptr;
  /// Of Rejected and Dropped: the rule picks everything, not one port.
  bool is_route = false;
  /// Of Reset: what is left of a probe's TTL has to suffice for the way back.
  bool copies_ttl = false;

  /// The last router that can answer with a time exceeded.
  int last_router() const {
    if (detour != nullptr && detour->translates_errors) return detour->at - 1;
    return is_before_ttl_check ? hop - 1 : hop;
  }
  /// The least TTL that draws an answer.
  int elicit() const { return is_before_ttl_check ? hop : hop + 1; }
};

/// Of the SYNs to `port` from a flow that takes branch 0 everywhere, or of the echo requests, which are a flow of their
/// own.
Fate fate_of(const NetworkPath& path, std::optional<Port> port);

/// Of the SYNs of one flow. Splits by packet and by time lead it over branch 0.
Fate fate_of(const NetworkPath& path, Port port, Port source_port);

}  // namespace smtpath::test
