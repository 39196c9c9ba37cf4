#pragma once

// Takes the link-layer header off a frame. Which IP version follows is left to the packet itself.

#include <cstddef>
#include <cstdint>
#include <span>

#include "smtpath/base/frame.h"
#include "wire/parsed.h"

namespace smtpath::wire {

struct LinkPayload {
  /// From the IP header on; link-layer padding may follow the packet.
  std::span<const std::byte> bytes{};
  bool is_outgoing = false;
  bool is_on_loopback = false;
  /// `bytes` is an ARP packet.
  bool is_arp = false;
  std::uint32_t interface_index = 0;
};

/// NotIp for frames of other protocols, and for tunnels that are not looked into (MPLS, PPPoE, LLC).
Parsed<LinkPayload> strip_link_layer(LinkType link, std::span<const std::byte> frame);

}  // namespace smtpath::wire
