#pragma once

// Puts IP packets into what carries them: link layers, tunnels, fragments. Hardware addresses are from the range for
// documentation (RFC 7042 section 2.1.2).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "smtpath/base/address.h"
#include "support/packets.h"
#include "support/recording.h"

namespace smtpath::test {

struct VlanTag {
  /// 0x8100 (IEEE 802.1Q) or 0x88a8 (802.1ad).
  std::uint16_t type = 0x8100;
  std::uint16_t id = 0;
};

/// `tags` the outermost first.
Bytes in_ethernet(const RecordedPacket& packet, std::span<const VlanTag> tags = {});
/// RFC 2516, in a session.
Bytes in_pppoe(const RecordedPacket& packet);
/// LINKTYPE_LINUX_SLL2.
Bytes in_cooked_v2(const RecordedPacket& packet, std::uint32_t interface);

/// Of an IPv4 packet.
struct Ends {
  IpAddress from;
  IpAddress to;
};
/// RFC 2003 and RFC 4213 (6in4): the packet as payload of an IPv4 packet.
Bytes in_ipv4(std::span<const std::byte> packet, const Ends& ends);

struct UdpPorts {
  std::uint16_t from = 0;
  std::uint16_t to = 0;
};
/// IPv4, without a UDP checksum (RFC 768).
Bytes udp_packet(const Ends& ends, const UdpPorts& ports, std::span<const std::byte> payload);

/// An IPv4 packet in fragments of at most `mtu` bytes, in order; DF goes, the ID stays.
std::vector<Bytes> fragments_of(std::span<const std::byte> packet, std::size_t mtu);

}  // namespace smtpath::test
