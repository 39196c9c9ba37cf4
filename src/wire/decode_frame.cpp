#include "wire/decode_frame.h"

#include "wire/arp.h"
#include "wire/checksum.h"
#include "wire/extensions.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/link_layer.h"
#include "wire/protocol.h"
#include "wire/tcp.h"
#include "wire/tunnel.h"

namespace smtpath::wire {

namespace {

constexpr int kMostTunnels = 4;

// Whether what `datagram` carries begins here: not so in a later fragment, or in one that waits for others.
bool begins_upper_layer(IpDatagram& datagram, const DecodeOptions& options) {
  if (options.reassembler == nullptr) return datagram.header.fragment_offset == 0;
  switch (options.reassembler->add(options.now, datagram)) {
    case Reassembler::Outcome::Completed:
      return true;
    case Reassembler::Outcome::Waiting:
      return false;
    case Reassembler::Outcome::Cut:
      break;
  }
  return datagram.header.fragment_offset == 0;
}

Flaw read_datagram(std::span<const std::byte> bytes, std::size_t cut, const DecodeOptions& options,
                   IpDatagram& datagram) {
  const Flaw flaw = split_ip(bytes, cut, datagram);
  if (flaw || !datagram.header.is_fragment()) return flaw;
  datagram.is_opaque = !begins_upper_layer(datagram, options);
  return datagram.is_opaque ? std::nullopt : skip_extensions(datagram);
}

// From the packet that `datagram` is to the innermost one that it carries.
Flaw leave_tunnels(const DecodeOptions& options, IpDatagram& datagram) {
  for (int left = 0; left < kMostTunnels && !datagram.is_opaque; ++left) {
    const Parsed<std::span<const std::byte>> inside = look_inside(datagram);
    if (const auto* reason = std::get_if<Undecodable>(&inside)) {
      return *reason == Undecodable::NotIp ? std::nullopt : Flaw(*reason);
    }
    const std::size_t cut = datagram.payload_length - datagram.payload.size();
    datagram = {};
    if (const Flaw flaw = read_datagram(std::get<0>(inside), cut, options, datagram)) return flaw;
  }
  return std::nullopt;
}

Flaw taken(const Parsed<Payload>& decoded, Payload& payload) {
  if (const auto* reason = std::get_if<Undecodable>(&decoded)) return *reason;
  payload = std::get<Payload>(decoded);
  return std::nullopt;
}

Flaw decode_payload(const IpDatagram& datagram, Payload& payload) {
  const bool is_ipv4 = datagram.header.source.is_ipv4();
  const std::uint8_t protocol = datagram.header.protocol;
  if (protocol == kTcpProtocol) return decode_tcp(datagram, payload.emplace<TcpSegment>());
  if (protocol == kIcmpProtocol && is_ipv4) return taken(decode_icmp(datagram), payload);
  if (protocol == kIcmpv6Protocol && !is_ipv4) return taken(decode_icmpv6(datagram), payload);
  return std::nullopt;
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

Flaw decode_ip(std::span<const std::byte> bytes, const DecodeOptions& options, Packet& packet) {
  IpDatagram datagram;
  if (const Flaw flaw = read_datagram(bytes, options.cut, options, datagram)) return flaw;
  if (const Flaw flaw = leave_tunnels(options, datagram)) return flaw;
  packet.ip = datagram.header;
  packet.has_bad_checksum = datagram.has_bad_checksum;
  if (datagram.is_opaque) return std::nullopt;

  if (const Flaw flaw = decode_payload(datagram, packet.payload)) return flaw;
  const bool is_looked_into = !std::holds_alternative<OtherPayload>(packet.payload);
  if (options.verifies_transport && is_looked_into && has_bad_transport_checksum(datagram)) {
    packet.has_bad_checksum = true;
  }
  return std::nullopt;
}

}  // namespace

Flaw decode_frame(LinkType link, std::span<const std::byte> bytes, const DecodeOptions& options, Packet& packet) {
  LinkPayload frame;
  if (const Flaw flaw = strip_link_layer(link, bytes, frame)) return flaw;
  packet.is_outgoing = frame.is_outgoing;
  packet.is_on_loopback = frame.is_on_loopback;
  packet.interface_index = frame.interface_index;
  return frame.is_arp ? decode_arp(frame.bytes, packet) : decode_ip(frame.bytes, options, packet);
}

}  // namespace smtpath::wire
