#include "wire/arp.h"

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

Flaw decode_arp(std::span<const std::byte> bytes, Packet& packet) {
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint16_t kRequest = 1;
  constexpr std::uint16_t kReply = 2;

  ByteReader reader(bytes);
  reader.skip(2);  // hardware type
  const std::uint16_t protocol = reader.u16();
  const std::uint8_t hardware_length = reader.u8();
  const std::uint8_t protocol_length = reader.u8();
  const std::uint16_t operation = reader.u16();
  reader.skip(hardware_length);
  const auto sender = reader.array<4>();
  reader.skip(hardware_length);
  const auto target = reader.array<4>();
  if (!reader.ok()) return Undecodable::TruncatedLink;
  const bool is_for_ipv4 = protocol == kIpv4 && protocol_length == sender.size();
  if (!is_for_ipv4 || (operation != kRequest && operation != kReply)) return Undecodable::NotIp;

  packet.ip.source = IpAddress::v4(sender);
  packet.ip.destination = IpAddress::v4(target);
  const bool is_reply = operation == kReply;
  packet.payload = Neighbor{.is_reply = is_reply, .target = is_reply ? packet.ip.source : packet.ip.destination};
  return std::nullopt;
}

}  // namespace smtpath::wire
