#pragma once

// Short ways to say which bytes a test decodes: hex, a SYN of this host, link-layer headers in front of a packet.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/wire/decode.h"
#include "support/packets.h"

namespace smtpath::test {

/// "45 00 …"; blanks are skipped.
Bytes hex(std::string_view text);

Bytes joined(std::initializer_list<Bytes> parts);

IpAddress address(std::string_view text);

/// Of a packet from the server to this host, with TTL 55.
wire::IpHeader ip_header(Family family);

/// A SYN of this host to the server's port 25, as smtpath sends it.
Bytes syn(Family family, std::uint16_t number = 7, std::uint32_t timestamp = 0x01020304);
/// With 4 bytes of options.
Bytes syn_with_ipv4_options();
/// With one of each extension header.
Bytes syn_with_ipv6_extensions();

/// Link-layer headers in front of `packet`; the EtherType is that of its IP version.
Bytes in_ethernet(const Bytes& packet, const std::vector<std::uint16_t>& tag_types = {});
Bytes in_cooked_v1(const Bytes& packet, std::uint16_t packet_type);
Bytes in_cooked_v2(const Bytes& packet, std::uint8_t packet_type, std::uint32_t interface_index);

/// A raw IP packet as a frame, of which the capture left out `cut` bytes at the end. It lends the bytes of `packet`.
Frame raw_frame(const Bytes& packet, Time at = {}, std::size_t cut = 0);

/// Decodes a raw IP packet and fails the test where it does not decode.
wire::Packet decoded(const Bytes& packet, LinkType link = LinkType::Raw);

/// The reason why it does not decode; fails the test where it does.
wire::Undecodable undecodable(const Bytes& frame, LinkType link = LinkType::Raw);

}  // namespace smtpath::test
