#pragma once

// The headers that may stand between the beginning of a frame, or the inside of a tunnel, and an IP packet: each says
// what stands behind it.

#include <cstdint>
#include <optional>

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

/// What the bytes at hand begin with.
enum class Layer : std::uint8_t {
  /// IEEE 802.3: two addresses, then EtherType.
  Ethernet,
  /// The type field of Ethernet, or the length in its place before LLC.
  EtherType,
  /// The rest of an IEEE 802.1Q or 802.1ad tag.
  VlanTag,
  /// The rest of an IEEE 802.1ah I-TAG.
  BackboneTag,
  /// The rest of an IEEE 802.1BR E-TAG.
  PortTag,
  /// The rest of a VN-Tag.
  VirtualNicTag,
  /// An MPLS label stack (RFC 3032).
  MplsLabels,
  /// A PPPoE header (RFC 2516).
  Pppoe,
  /// A PPP frame, perhaps with address and control (RFC 1661, RFC 1662).
  Ppp,
  /// IEEE 802.2 LLC, with or without SNAP.
  Llc,
  /// Frame Relay (RFC 2427).
  FrameRelay,
  /// An IEEE 802.11 MAC header.
  Wlan,
  Arp,
  /// IPv4 or IPv6, as its first four bits say.
  Ip,
};

/// Takes the header at hand off `reader`; nothing for what leads to no IP packet. Of a reader that failed the answer
/// means nothing.
std::optional<Layer> next_layer(Layer layer, ByteReader& reader);

/// Behind this EtherType; nothing for protocols that are not looked into.
std::optional<Layer> layer_of_ether_type(std::uint16_t ether_type);

}  // namespace smtpath::wire
