#include "support/framing.h"

#include <algorithm>

#include "support/byte_writer.h"
#include "wire/checksum.h"

namespace smtpath::test {

namespace {

constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86dd;
constexpr std::size_t kIpv4Header = 20;

bool is_ipv6(std::span<const std::byte> packet) {
  return packet[0] >> 4 == std::byte{6};
}

std::uint16_t ether_type(std::span<const std::byte> packet) {
  return is_ipv6(packet) ? kIpv6Type : kIpv4Type;
}

constexpr std::array<std::byte, 6> kHost{std::byte{0x00}, std::byte{0x00}, std::byte{0x5e},
                                         std::byte{0x00}, std::byte{0x53}, std::byte{0x01}};
constexpr std::array<std::byte, 6> kGateway{std::byte{0x00}, std::byte{0x00}, std::byte{0x5e},
                                            std::byte{0x00}, std::byte{0x53}, std::byte{0xfe}};

void put_addresses(ByteWriter& frame, bool is_outgoing) {
  frame.put(is_outgoing ? kGateway : kHost).put(is_outgoing ? kHost : kGateway);
}

void put_right_checksum(std::span<std::byte> header) {
  header[10] = header[11] = std::byte{0};
  const unsigned sum = ~unsigned{wire::ones_complement_sum(header)};
  header[10] = static_cast<std::byte>(sum >> 8 & 0xff);
  header[11] = static_cast<std::byte>(sum & 0xff);
}

Bytes ipv4_packet(const Ends& ends, std::uint8_t protocol, std::span<const std::byte> payload) {
  constexpr std::uint8_t kTtl = 64;
  constexpr std::uint16_t kDontFragment = 0x4000;
  ByteWriter packet;
  packet.put(std::uint16_t{0x4500}).put(static_cast<std::uint16_t>(kIpv4Header + payload.size()));
  packet.put(std::uint16_t{0}).put(kDontFragment).put(kTtl).put(protocol).put(std::uint16_t{0});
  packet.put(ends.from.bytes()).put(ends.to.bytes()).put(payload);
  Bytes bytes = packet.take();
  put_right_checksum(std::span(bytes).first(kIpv4Header));
  return bytes;
}

}  // namespace

Bytes in_ethernet(const RecordedPacket& packet, std::span<const VlanTag> tags) {
  ByteWriter frame;
  put_addresses(frame, packet.is_outgoing);
  for (const VlanTag& tag : tags) frame.put(tag.type).put(tag.id);
  frame.put(ether_type(packet.bytes)).put(packet.bytes);
  return frame.take();
}

Bytes in_pppoe(const RecordedPacket& packet) {
  constexpr std::uint16_t kSessionType = 0x8864;
  constexpr std::uint16_t kVersionTypeCode = 0x1100;
  constexpr std::uint16_t kSession = 0x0042;
  constexpr std::uint16_t kPppIpv4 = 0x0021;
  constexpr std::uint16_t kPppIpv6 = 0x0057;
  ByteWriter frame;
  put_addresses(frame, packet.is_outgoing);
  frame.put(kSessionType).put(kVersionTypeCode).put(kSession);
  frame.put(static_cast<std::uint16_t>(packet.bytes.size() + sizeof kPppIpv4));
  frame.put(is_ipv6(packet.bytes) ? kPppIpv6 : kPppIpv4).put(packet.bytes);
  return frame.take();
}

Bytes in_cooked_v2(const RecordedPacket& packet, std::uint32_t interface) {
  constexpr std::uint16_t kReserved = 0;
  constexpr std::uint16_t kEthernetHardware = 1;
  constexpr std::uint8_t kToUs = 0;
  constexpr std::uint8_t kOutgoing = 4;
  ByteWriter frame;
  frame.put(ether_type(packet.bytes)).put(kReserved).put(interface).put(kEthernetHardware);
  frame.put(packet.is_outgoing ? kOutgoing : kToUs).put(static_cast<std::uint8_t>(kHost.size()));
  frame.put(packet.is_outgoing ? kHost : kGateway).put(kReserved).put(packet.bytes);
  return frame.take();
}

Bytes in_ipv4(std::span<const std::byte> packet, const Ends& ends) {
  constexpr std::uint8_t kIpInIp = 4;
  constexpr std::uint8_t kIpv6InIp = 41;
  return ipv4_packet(ends, is_ipv6(packet) ? kIpv6InIp : kIpInIp, packet);
}

Bytes udp_packet(const Ends& ends, const UdpPorts& ports, std::span<const std::byte> payload) {
  constexpr std::uint8_t kUdp = 17;
  constexpr std::size_t kHeader = 8;
  ByteWriter datagram;
  datagram.put(ports.from).put(ports.to).put(static_cast<std::uint16_t>(kHeader + payload.size()));
  datagram.put(std::uint16_t{0}).put(payload);
  return ipv4_packet(ends, kUdp, datagram.take());
}

std::vector<Bytes> fragments_of(std::span<const std::byte> packet, std::size_t mtu) {
  constexpr std::size_t kUnit = 8;
  constexpr std::size_t kMoreFragments = 0x2000;
  const std::span<const std::byte> payload = packet.subspan(kIpv4Header);
  const std::size_t longest = (mtu - kIpv4Header) / kUnit * kUnit;
  std::vector<Bytes> fragments;
  for (std::size_t offset = 0; offset < payload.size(); offset += longest) {
    const auto part = payload.subspan(offset, std::min(longest, payload.size() - offset));
    const bool is_last = offset + part.size() == payload.size();
    const std::size_t field = offset / kUnit | (is_last ? 0 : kMoreFragments);
    ByteWriter fragment;
    fragment.put(packet.first(2)).put(static_cast<std::uint16_t>(kIpv4Header + part.size()));
    fragment.put(packet.subspan(4, 2)).put(static_cast<std::uint16_t>(field));
    fragment.put(packet.subspan(8, kIpv4Header - 8)).put(part);
    fragments.push_back(fragment.take());
    put_right_checksum(std::span(fragments.back()).first(kIpv4Header));
  }
  return fragments;
}

}  // namespace smtpath::test
