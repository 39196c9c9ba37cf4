#include "support/packets.h"

#include <algorithm>
#include <cassert>
#include <variant>

#include "smtpath/wire/decode.h"
#include "wire/checksum.h"
#include "wire/protocol.h"

namespace smtpath::test {

namespace {

using wire::IpHeader;

constexpr std::size_t kIpv4Length = 20;
constexpr std::size_t kIpv6Length = 40;

void put8(Bytes& bytes, unsigned number) {
  bytes.push_back(static_cast<std::byte>(number));
}

void put16(Bytes& bytes, unsigned number) {
  put8(bytes, number >> 8 & 0xff);
  put8(bytes, number & 0xff);
}

void put32(Bytes& bytes, std::uint32_t number) {
  put16(bytes, number >> 16);
  put16(bytes, number & 0xffff);
}

void put(Bytes& bytes, std::span<const std::byte> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void patch16(std::span<std::byte> bytes, std::size_t at, unsigned number) {
  bytes[at] = static_cast<std::byte>(number >> 8);
  bytes[at + 1] = static_cast<std::byte>(number & 0xff);
}

// Over bytes whose checksum field is still zero.
unsigned checksum(std::span<const std::byte> bytes, std::uint16_t start = 0) {
  return ~unsigned{wire::ones_complement_sum(bytes, start)} & 0xffff;
}

void put_ipv4_header(Bytes& bytes, const IpHeader& ip, std::uint8_t protocol) {
  put8(bytes, 0x45);
  put8(bytes, ip.traffic_class);
  put16(bytes, 0);  // total length
  put16(bytes, ip.identification);
  put16(bytes, (ip.dont_fragment ? 0x4000U : 0U) | (ip.more_fragments ? 0x2000U : 0U) | ip.fragment_offset / 8);
  put8(bytes, ip.ttl.hops);
  put8(bytes, protocol);
  put16(bytes, 0);  // checksum
  put(bytes, ip.source.bytes());
  put(bytes, ip.destination.bytes());
}

void put_ipv6_header(Bytes& bytes, const IpHeader& ip, std::uint8_t protocol) {
  put32(bytes, 0x60000000U | std::uint32_t{ip.traffic_class} << 20 | ip.flow_label);
  put16(bytes, 0);  // payload length
  put8(bytes, protocol);
  put8(bytes, ip.ttl.hops);
  put(bytes, ip.source.bytes());
  put(bytes, ip.destination.bytes());
}

// A packet that so far is its IP header alone.
Bytes begin_packet(const IpHeader& ip, std::uint8_t protocol, std::size_t payload_length) {
  assert(ip.source.family() == ip.destination.family());
  Bytes packet;
  packet.reserve(kIpv6Length + payload_length);
  if (ip.source.is_ipv4()) {
    put_ipv4_header(packet, ip, protocol);
  } else {
    put_ipv6_header(packet, ip, protocol);
  }
  return packet;
}

// Fills in what depends on all of the packet: the length, and the checksum at `checksum_at` of the payload.
void finish_packet(Bytes& packet, const IpHeader& ip, std::uint8_t protocol, std::size_t checksum_at) {
  const bool is_ipv4 = ip.source.is_ipv4();
  const std::span<std::byte> header = std::span(packet).first(is_ipv4 ? kIpv4Length : kIpv6Length);
  const std::span<std::byte> payload = std::span(packet).subspan(header.size());
  const auto length = static_cast<std::uint32_t>(payload.size());
  const std::uint16_t pseudo_header = protocol == wire::kIcmpProtocol
                                          ? std::uint16_t{0}
                                          : wire::pseudo_header_sum(ip.source, ip.destination, protocol, length);
  patch16(payload, checksum_at, checksum(payload, pseudo_header));
  if (is_ipv4) {
    patch16(header, 2, static_cast<unsigned>(packet.size()));
    patch16(header, 10, checksum(header));
  } else {
    patch16(header, 4, length);
  }
}

unsigned flag_bits(const wire::TcpFlags& flags) {
  return (flags.fin ? 0x01U : 0U) | (flags.syn ? 0x02U : 0U) | (flags.rst ? 0x04U : 0U) | (flags.psh ? 0x08U : 0U) |
         (flags.ack ? 0x10U : 0U) | (flags.urg ? 0x20U : 0U) | (flags.ece ? 0x40U : 0U) | (flags.cwr ? 0x80U : 0U);
}

void put_tcp_options(Bytes& packet, const wire::TcpOptions& options) {
  constexpr unsigned kNoOperation = 1;
  const std::size_t begin = packet.size();
  if (options.mss) {
    put16(packet, 0x0204);
    put16(packet, *options.mss);
  }
  if (options.sack_permitted) put16(packet, 0x0402);
  if (options.timestamps) {
    put16(packet, 0x080a);
    put32(packet, options.timestamps->value);
    put32(packet, options.timestamps->echo);
  }
  if (options.window_scale) {
    put16(packet, 0x0303);
    put8(packet, *options.window_scale);
  }
  while ((packet.size() - begin) % 4 != 0) put8(packet, kNoOperation);
}

// The TTL is what a router changed last, so the header checksum fits it.
void put_quote(Bytes& packet, const IcmpErrorFields& fields) {
  const std::size_t begin = packet.size();
  put(packet, fields.original.first(std::min(fields.quoted_bytes, fields.original.size())));
  const std::span<std::byte> quote = std::span(packet).subspan(begin);
  if (quote.size() < kIpv4Length) return;
  const auto ttl = std::byte{fields.quoted_ttl.hops};
  if ((quote[0] >> 4) == std::byte{6}) {
    quote[7] = ttl;
    return;
  }
  quote[8] = ttl;
  patch16(quote, 10, 0);
  patch16(quote, 10, checksum(quote.first(kIpv4Length)));
}

// Pads the quote that begins at `quote_at` as RFC 4884 asks, appends an MPLS object (RFC 4950), and returns the value
// of the length field.
std::size_t extend_with_mpls(Bytes& packet, std::size_t quote_at, std::span<const wire::MplsLabel> labels,
                             std::size_t length_unit) {
  constexpr std::size_t kShortestExtendedQuote = 128;
  const std::size_t quoted = std::max(packet.size() - quote_at, kShortestExtendedQuote);
  const std::size_t units = (quoted + length_unit - 1) / length_unit;
  packet.resize(quote_at + units * length_unit);

  const std::size_t extension_at = packet.size();
  put16(packet, 0x2000);  // version 2
  put16(packet, 0);       // checksum
  put16(packet, static_cast<unsigned>(4 + 4 * labels.size()));
  put16(packet, 0x0101);  // MPLS label stack, incoming
  for (const wire::MplsLabel& label : labels) {
    put32(packet, label.label << 12 | std::uint32_t{label.traffic_class} << 9 | (label.bottom_of_stack ? 0x100U : 0U) |
                      label.ttl);
  }
  const std::span<std::byte> extension = std::span(packet).subspan(extension_at);
  patch16(extension, 2, checksum(extension));
  return units;
}

}  // namespace

Bytes tcp_packet(const IpHeader& ip, const wire::TcpSegment& segment) {
  constexpr std::size_t kLongestHeader = 60;
  constexpr std::size_t kOffsetAt = 12;
  constexpr std::size_t kChecksumAt = 16;
  Bytes packet = begin_packet(ip, wire::kTcpProtocol, kLongestHeader + segment.payload.size());
  const std::size_t tcp_at = packet.size();
  put16(packet, segment.source_port.number);
  put16(packet, segment.destination_port.number);
  put32(packet, segment.sequence);
  put32(packet, segment.acknowledgment);
  put8(packet, 0);  // data offset
  put8(packet, flag_bits(segment.flags));
  put16(packet, segment.window);
  put32(packet, 0);  // checksum, urgent pointer
  put_tcp_options(packet, segment.options);
  packet[tcp_at + kOffsetAt] = static_cast<std::byte>((packet.size() - tcp_at) / 4 << 4);
  put(packet, segment.payload);
  finish_packet(packet, ip, wire::kTcpProtocol, kChecksumAt);
  return packet;
}

Bytes icmp_error_packet(const IpHeader& ip, const IcmpErrorFields& fields) {
  constexpr std::size_t kHeaderLength = 8;
  constexpr std::size_t kMostExtension = 128 + 64;
  const bool is_ipv4 = ip.source.is_ipv4();
  const std::uint8_t protocol = is_ipv4 ? wire::kIcmpProtocol : wire::kIcmpv6Protocol;
  Bytes packet = begin_packet(ip, protocol, kHeaderLength + fields.original.size() + kMostExtension);
  const std::size_t icmp_at = packet.size();
  put8(packet, fields.type);
  put8(packet, fields.code);
  put16(packet, 0);  // checksum
  put32(packet, fields.rest);
  put_quote(packet, fields);
  if (!fields.mpls.empty()) {
    const std::size_t length = extend_with_mpls(packet, icmp_at + kHeaderLength, fields.mpls, is_ipv4 ? 4 : 8);
    packet[icmp_at + (is_ipv4 ? 5 : 4)] = static_cast<std::byte>(length);
  }
  finish_packet(packet, ip, protocol, 2);
  return packet;
}

Bytes icmp_packet(const IpHeader& ip, std::span<const std::byte> message) {
  constexpr std::size_t kChecksumAt = 2;
  const std::uint8_t protocol = ip.source.is_ipv4() ? wire::kIcmpProtocol : wire::kIcmpv6Protocol;
  Bytes packet = begin_packet(ip, protocol, message.size());
  const std::size_t icmp_at = packet.size();
  put(packet, message);
  patch16(std::span(packet).subspan(icmp_at), kChecksumAt, 0);
  finish_packet(packet, ip, protocol, kChecksumAt);
  return packet;
}

Bytes echo_packet(const IpHeader& ip, const wire::Echo& echo, std::span<const std::byte> payload) {
  const bool is_ipv4 = ip.source.is_ipv4();
  const std::uint8_t protocol = is_ipv4 ? wire::kIcmpProtocol : wire::kIcmpv6Protocol;
  Bytes packet = begin_packet(ip, protocol, 8 + payload.size());
  put8(packet, is_ipv4 ? (echo.is_reply ? wire::kEchoReply : wire::kEchoRequest)
                       : (echo.is_reply ? wire::kEchoReplyV6 : wire::kEchoRequestV6));
  put8(packet, 0);
  put16(packet, 0);  // checksum
  put16(packet, echo.identifier);
  put16(packet, echo.sequence);
  put(packet, payload);
  finish_packet(packet, ip, protocol, 2);
  return packet;
}

void correct_checksums(Bytes& packet) {
  constexpr std::size_t kChecksumOfTcp = 16;
  constexpr std::size_t kChecksumOfIcmp = 2;
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const IpHeader& ip = std::get<wire::Packet>(decoded).ip;
  const bool is_ipv4 = ip.source.is_ipv4();
  const std::size_t checksum_at = ip.protocol == wire::kTcpProtocol ? kChecksumOfTcp : kChecksumOfIcmp;
  if (is_ipv4) patch16(packet, 10, 0);
  patch16(std::span(packet).subspan(is_ipv4 ? kIpv4Length : kIpv6Length), checksum_at, 0);
  finish_packet(packet, ip, ip.protocol, checksum_at);
}

}  // namespace smtpath::test
