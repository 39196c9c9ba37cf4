#include "wire/link_layer.h"

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86dd;
constexpr std::uint16_t kArpType = 0x0806;

// The Linux packet type of frames that this host sends (tcpdump.org, LINKTYPE_LINUX_SLL).
constexpr std::uint16_t kOutgoing = 4;
// The Linux device type of a loopback interface (ARPHRD_LOOPBACK).
constexpr std::uint16_t kLoopbackDevice = 772;

bool is_vlan_tag(std::uint16_t ether_type) {
  constexpr std::uint16_t kCustomerTag = 0x8100;  // IEEE 802.1Q
  constexpr std::uint16_t kServiceTag = 0x88a8;   // IEEE 802.1ad
  constexpr std::uint16_t kOldServiceTag = 0x9100;
  return ether_type == kCustomerTag || ether_type == kServiceTag || ether_type == kOldServiceTag;
}

// Reads on behind the EtherType, through any VLAN tags, up to an IP header.
Parsed<LinkPayload> behind_ether_type(std::uint16_t ether_type, ByteReader reader, LinkPayload payload) {
  while (is_vlan_tag(ether_type)) {
    reader.skip(2);
    ether_type = reader.u16();
  }
  if (!reader.ok()) return Undecodable::TruncatedLink;
  payload.is_arp = ether_type == kArpType;
  if (ether_type != kIpv4Type && ether_type != kIpv6Type && !payload.is_arp) return Undecodable::NotIp;
  payload.bytes = reader.rest();
  return payload;
}

Parsed<LinkPayload> strip_ethernet(ByteReader reader) {
  reader.skip(6 + 6);
  const std::uint16_t ether_type = reader.u16();
  return behind_ether_type(ether_type, reader, {});
}

Parsed<LinkPayload> strip_cooked_v1(ByteReader reader) {
  LinkPayload payload{.is_outgoing = reader.u16() == kOutgoing};
  payload.is_on_loopback = reader.u16() == kLoopbackDevice;
  reader.skip(2 + 8);  // address length, address
  const std::uint16_t ether_type = reader.u16();
  return behind_ether_type(ether_type, reader, payload);
}

Parsed<LinkPayload> strip_cooked_v2(ByteReader reader) {
  const std::uint16_t ether_type = reader.u16();
  reader.skip(2);  // reserved
  LinkPayload payload{.interface_index = reader.u32()};
  payload.is_on_loopback = reader.u16() == kLoopbackDevice;
  payload.is_outgoing = reader.u8() == kOutgoing;
  reader.skip(1 + 8);  // address length, address
  return behind_ether_type(ether_type, reader, payload);
}

// The address family in the byte order of the host that captured (Null) or of the network (Loop).
Parsed<LinkPayload> strip_address_family(ByteReader reader) {
  const std::uint32_t word = reader.u32();
  if (!reader.ok()) return Undecodable::TruncatedLink;
  const std::uint32_t family = word > 0xffff ? word >> 24 | (word >> 8 & 0xff00) : word;
  switch (family) {
    case 2:   // AF_INET everywhere
    case 10:  // AF_INET6 of Linux,
    case 24:  // NetBSD and OpenBSD,
    case 28:  // FreeBSD,
    case 30:  // macOS
      return LinkPayload{.bytes = reader.rest()};
    default:
      return Undecodable::NotIp;
  }
}

}  // namespace

Parsed<LinkPayload> strip_link_layer(LinkType link, std::span<const std::byte> frame) {
  switch (link) {
    case LinkType::Ethernet:
      return strip_ethernet(ByteReader(frame));
    case LinkType::LinuxSll:
      return strip_cooked_v1(ByteReader(frame));
    case LinkType::LinuxSll2:
      return strip_cooked_v2(ByteReader(frame));
    case LinkType::Null:
    case LinkType::Loop:
      return strip_address_family(ByteReader(frame));
    case LinkType::Raw:
    case LinkType::Ipv4:
    case LinkType::Ipv6:
      return LinkPayload{.bytes = frame};
  }
  return Undecodable::UnknownLinkType;
}

}  // namespace smtpath::wire
