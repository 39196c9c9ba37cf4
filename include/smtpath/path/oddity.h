#pragma once

// What the routers of a path do that a reader of the hops would stumble over: told as it was seen, without a guess at
// the reason beyond what the packets say. No verdict rests on it.

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/path/address_range.h"
#include "smtpath/path/port_path.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

/// How several routers came to answer probes of one flow and one TTL.
enum class Alternation : std::uint8_t {
  /// One at first, the other from some moment on, seen often enough that chance would hardly bring it about.
  Once,
  /// One, another, and the first again: packets of one flow are spread.
  BackAndForth,
  /// Too few answers to tell.
  Unclear,
};

/// Probes that differ in nothing that a router may balance by drew answers of several routers.
struct SeveralRouters {
  Port source_port;
  Port destination_port;
  Ttl ttl;
  /// In the order of their first answer.
  std::vector<IpAddress> routers;
  Alternation alternation = Alternation::Unclear;
  friend bool operator==(const SeveralRouters&, const SeveralRouters&) = default;
};

/// One probe drew time exceeded from several addresses: a router with several, a packet that was doubled, or a forger.
struct SeveralErrors {
  Ttl ttl;
  std::vector<IpAddress> from;
  friend bool operator==(const SeveralErrors&, const SeveralErrors&) = default;
};

/// The target's own address said that time had ended, and another router said so of a greater TTL.
struct TargetOnTheWay {
  Ttl ttl;
  SeenHop beyond;
  friend bool operator==(const TargetOnTheWay&, const TargetOnTheWay&) = default;
};

/// A router answered at `ttl` for a probe that reached it with TTL 0, and again at the next TTL for one that reached it
/// with 1: the hop at `ttl` passed on what it should have discarded, and hides.
struct ZeroTtlForwarding {
  Ttl ttl;
  IpAddress answered_by;
  friend bool operator==(const ZeroTtlForwarding&, const ZeroTtlForwarding&) = default;
};

/// Probes died at a router while their header, as it quotes it, still had TTLs above 1: hops are not counted there, as
/// within an MPLS tunnel that leaves the inner header alone (Donnet et al., 2012).
struct UncountedHops {
  SeenHop hop;
  Ttl quoted;
  friend bool operator==(const UncountedHops&, const UncountedHops&) = default;
};

/// A router with an address that the Internet does not route, behind one whose address it does.
struct UnroutedAddress {
  SeenHop hop;
  AddressRange range = AddressRange::Private;
  SeenHop behind;
  friend bool operator==(const UnroutedAddress&, const UnroutedAddress&) = default;
};

using Oddity =
    std::variant<SeveralRouters, SeveralErrors, TargetOnTheWay, ZeroTtlForwarding, UncountedHops, UnroutedAddress>;

/// Of all probes of the trace, echo requests too; each once, however many probes show it. Kind by kind, each by rising
/// TTL; at most kMostOddities of a kind.
std::vector<Oddity> oddities_in(const PathTrace& trace);

inline constexpr std::size_t kMostOddities = 16;

/// One flow alone.
std::vector<SeveralRouters> several_routers_in(const FlowTrace& flow);

}  // namespace smtpath::path
