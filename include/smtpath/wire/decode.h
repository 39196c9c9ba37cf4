#pragma once

// Bytes of one frame to a Packet. Every length is checked against the bytes at hand; nothing is allocated, thrown or
// cast. Bad packets are data: the reason why a frame yields no packet is a value that callers count.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "smtpath/base/frame.h"
#include "smtpath/wire/packet.h"

namespace smtpath::wire {

enum class Undecodable : std::uint8_t {
  UnknownLinkType,
  TruncatedLink,
  NotIp,
  TruncatedIp,
  BadIpHeader,
  TruncatedTransport,
  BadTransportHeader,
};
inline constexpr std::size_t kUndecodableKinds = 7;

/// The key under which reports count it: "unknown-link-type", "truncated-ip", …
std::string_view to_string(Undecodable reason);

using Decoded = std::variant<Packet, Undecodable>;

/// IP and ARP in every link type that LinkType names, behind VLAN tags, MPLS labels, PPPoE and their like. Tunnels (IP
/// in IP, GRE and those over UDP) are looked into, at most 4 deep: the packet is the innermost. `bytes` may be cut by a
/// snap length. IPv6 extension headers and AH are walked (at most 16); a later fragment decodes to OtherPayload, and so
/// does a tunnel of something else than IP.
Decoded decode(LinkType link, std::span<const std::byte> bytes);

}  // namespace smtpath::wire
