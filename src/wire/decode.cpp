#include "smtpath/wire/decode.h"

#include "wire/arp.h"
#include "wire/checksum.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/link_layer.h"
#include "wire/parsed.h"
#include "wire/protocol.h"
#include "wire/tcp.h"

namespace smtpath::wire {

namespace {

Parsed<Payload> decode_payload(const IpDatagram& datagram) {
  const bool is_ipv4 = datagram.header.source.is_ipv4();
  const std::uint8_t protocol = datagram.header.protocol;
  if (datagram.header.fragment_offset != 0) return OtherPayload{};
  if (protocol == kTcpProtocol) return decode_tcp(datagram);
  if (protocol == kIcmpProtocol && is_ipv4) return decode_icmp(datagram);
  if (protocol == kIcmpv6Protocol && !is_ipv4) return decode_icmpv6(datagram);
  return OtherPayload{};
}

// ICMP of IPv4 alone has no pseudo-header (RFC 792).
bool has_bad_transport_checksum(const IpDatagram& datagram) {
  const IpHeader& ip = datagram.header;
  if (!datagram.is_whole() || !datagram.has_final_addresses) return false;
  const std::uint16_t start = ip.protocol == kIcmpProtocol
                                  ? std::uint16_t{0}
                                  : pseudo_header_sum(ip.source, ip.destination, ip.protocol, datagram.payload_length);
  return ones_complement_sum(datagram.payload, start) != kAllOnes;
}

Parsed<Packet> decode_ip(std::span<const std::byte> bytes) {
  const Parsed<IpDatagram> split = split_ip(bytes);
  if (const auto* reason = std::get_if<Undecodable>(&split)) return *reason;
  const auto& datagram = std::get<IpDatagram>(split);

  const Parsed<Payload> decoded = decode_payload(datagram);
  if (const auto* reason = std::get_if<Undecodable>(&decoded)) return *reason;
  const auto& payload = std::get<Payload>(decoded);

  const bool is_opaque = std::holds_alternative<OtherPayload>(payload);
  Packet packet;
  packet.ip = datagram.header;
  packet.payload = payload;
  packet.has_bad_checksum = datagram.has_bad_checksum || (!is_opaque && has_bad_transport_checksum(datagram));
  return packet;
}

}  // namespace

std::string_view to_string(Undecodable reason) {
  switch (reason) {
    case Undecodable::UnknownLinkType:
      return "unknown-link-type";
    case Undecodable::TruncatedLink:
      return "truncated-link";
    case Undecodable::NotIp:
      return "not-ip";
    case Undecodable::TruncatedIp:
      return "truncated-ip";
    case Undecodable::BadIpHeader:
      return "bad-ip-header";
    case Undecodable::TruncatedTransport:
      return "truncated-transport";
    case Undecodable::BadTransportHeader:
      return "bad-transport-header";
  }
  return {};
}

Decoded decode(LinkType link, std::span<const std::byte> bytes) {
  const Parsed<LinkPayload> stripped = strip_link_layer(link, bytes);
  if (const auto* reason = std::get_if<Undecodable>(&stripped)) return *reason;
  const auto& frame = std::get<LinkPayload>(stripped);

  const Parsed<Packet> decoded = frame.is_arp ? decode_arp(frame.bytes) : decode_ip(frame.bytes);
  if (const auto* reason = std::get_if<Undecodable>(&decoded)) return *reason;
  Packet packet = std::get<Packet>(decoded);
  packet.is_outgoing = frame.is_outgoing;
  packet.is_on_loopback = frame.is_on_loopback;
  packet.interface_index = frame.interface_index;
  return packet;
}

}  // namespace smtpath::wire
