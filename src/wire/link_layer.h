#pragma once

// Takes the link-layer headers off a frame, or off what a tunnel carries. Which IP version follows is left to the
// packet itself.

#include <cstddef>
#include <cstdint>
#include <span>

#include "smtpath/base/frame.h"
#include "wire/layer.h"
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

/// NotIp for frames of other protocols, and for those that are encrypted or compressed.
Flaw strip_link_layer(LinkType link, std::span<const std::byte> frame, LinkPayload& payload);

/// Of bytes that begin with `layer`.
Flaw strip_layers(Layer layer, std::span<const std::byte> bytes, LinkPayload& payload);

}  // namespace smtpath::wire
