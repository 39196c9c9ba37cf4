#include "wire/icmp.h"

#include "smtpath/base/byte_reader.h"
#include "wire/icmp_extensions.h"
#include "wire/protocol.h"
#include "wire/quote.h"

namespace smtpath::wire {

namespace {

constexpr std::uint32_t kHeaderLength = 8;

struct Header {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  /// Bytes 4 to 7, whose meaning depends on the type.
  std::uint32_t rest = 0;
};

std::optional<Undecodable> header_flaw(const IpDatagram& datagram) {
  if (datagram.payload_length < kHeaderLength) return Undecodable::BadTransportHeader;
  if (datagram.payload.size() < kHeaderLength) return Undecodable::TruncatedTransport;
  return std::nullopt;
}

Header read_header(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  Header header;
  header.type = reader.u8();
  header.code = reader.u8();
  reader.skip(2);
  header.rest = reader.u32();
  return header;
}

Echo read_echo(const Header& header, bool is_reply) {
  return {.is_reply = is_reply,
          .identifier = static_cast<std::uint16_t>(header.rest >> 16),
          .sequence = static_cast<std::uint16_t>(header.rest)};
}

// RFC 4861 sections 4.3 and 4.4; options, which may follow, say nothing that is asked here.
Parsed<Payload> read_neighbor(const IpDatagram& datagram, bool is_reply) {
  ByteReader reader(datagram.payload.subspan(kHeaderLength));
  const auto target = reader.array<16>();
  if (!reader.ok()) return Undecodable::TruncatedTransport;
  return Neighbor{.is_reply = is_reply, .target = IpAddress::v6(target)};
}

// `quote_length` as the length field of RFC 4884 gives it, in bytes; 0 where there is none.
IcmpError read_error(const IpDatagram& datagram, const Header& header, IcmpErrorKind kind, std::size_t quote_length) {
  const auto body = split_error_body(datagram.payload.subspan(kHeaderLength), quote_length, datagram.is_whole());
  return {.kind = kind,
          .type = header.type,
          .code = header.code,
          .mtu = 0,
          .quote = decode_quote(body.quote),
          .mpls = decode_mpls(body.extension_objects)};
}

}  // namespace

Parsed<Payload> decode_icmp(const IpDatagram& datagram) {
  constexpr std::uint8_t kUnreachable = 3;
  constexpr std::uint8_t kFragmentationNeeded = 4;
  constexpr std::uint8_t kSourceQuench = 4;
  constexpr std::uint8_t kRedirect = 5;
  constexpr std::uint8_t kTimeExceeded = 11;
  constexpr std::uint8_t kParameterProblem = 12;

  if (const auto flaw = header_flaw(datagram)) return *flaw;
  const Header header = read_header(datagram.payload);
  const std::size_t quote_length = (header.rest >> 16 & 0xff) * std::size_t{4};  // RFC 4884 section 4.1
  switch (header.type) {
    case kEchoReply:
    case kEchoRequest:
      return read_echo(header, header.type == kEchoReply);
    case kUnreachable: {
      const bool is_too_big = header.code == kFragmentationNeeded;
      IcmpError error = read_error(datagram, header,
                                   is_too_big ? IcmpErrorKind::PacketTooBig : IcmpErrorKind::Unreachable, quote_length);
      if (is_too_big) error.mtu = header.rest & 0xffff;  // RFC 1191 section 4
      return error;
    }
    case kTimeExceeded:
      return read_error(datagram, header, header.code == 0 ? IcmpErrorKind::TimeExceeded : IcmpErrorKind::Other,
                        quote_length);
    case kParameterProblem:
      return read_error(datagram, header, IcmpErrorKind::Other, quote_length);
    case kSourceQuench:
    case kRedirect:
      return read_error(datagram, header, IcmpErrorKind::Other, 0);
    default:
      return OtherPayload{};
  }
}

Parsed<Payload> decode_icmpv6(const IpDatagram& datagram) {
  constexpr std::uint8_t kUnreachable = 1;
  constexpr std::uint8_t kPacketTooBig = 2;
  constexpr std::uint8_t kTimeExceeded = 3;
  constexpr std::uint8_t kParameterProblem = 4;
  constexpr std::uint8_t kNeighborSolicitation = 135;
  constexpr std::uint8_t kNeighborAdvertisement = 136;

  if (const auto flaw = header_flaw(datagram)) return *flaw;
  const Header header = read_header(datagram.payload);
  const std::size_t quote_length = (header.rest >> 24) * std::size_t{8};  // RFC 4884 section 4.4
  switch (header.type) {
    case kEchoRequestV6:
    case kEchoReplyV6:
      return read_echo(header, header.type == kEchoReplyV6);
    case kNeighborSolicitation:
    case kNeighborAdvertisement:
      return read_neighbor(datagram, header.type == kNeighborAdvertisement);
    case kUnreachable:
      return read_error(datagram, header, IcmpErrorKind::Unreachable, quote_length);
    case kPacketTooBig: {
      IcmpError error = read_error(datagram, header, IcmpErrorKind::PacketTooBig, 0);
      error.mtu = header.rest;
      return error;
    }
    case kTimeExceeded:
      return read_error(datagram, header, header.code == 0 ? IcmpErrorKind::TimeExceeded : IcmpErrorKind::Other,
                        quote_length);
    case kParameterProblem:
      return read_error(datagram, header, IcmpErrorKind::Other, 0);
    default:
      return OtherPayload{};
  }
}

}  // namespace smtpath::wire
