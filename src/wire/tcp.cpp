#include "wire/tcp.h"

#include <algorithm>

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

constexpr std::uint32_t kFixedLength = 20;

struct Header {
  Port source_port;
  Port destination_port;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  /// In bytes, options included.
  std::uint32_t length = 0;
  TcpFlags flags;
  std::uint16_t window = 0;
};

TcpFlags read_flags(std::uint8_t bits) {
  return {.fin = (bits & 0x01) != 0,
          .syn = (bits & 0x02) != 0,
          .rst = (bits & 0x04) != 0,
          .psh = (bits & 0x08) != 0,
          .ack = (bits & 0x10) != 0,
          .urg = (bits & 0x20) != 0,
          .ece = (bits & 0x40) != 0,
          .cwr = (bits & 0x80) != 0};
}

// Fields past the end of a quote are zero.
Header read_header(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  Header header;
  header.source_port = Port{reader.u16()};
  header.destination_port = Port{reader.u16()};
  header.sequence = reader.u32();
  header.acknowledgment = reader.u32();
  header.length = (reader.u8() >> 4U) * 4;
  header.flags = read_flags(reader.u8());
  header.window = reader.u16();
  return header;
}

// False when the length does not fit the option kind (RFC 9293 section 3.2, RFC 7323, RFC 2018).
bool read_option(std::uint8_t kind, std::span<const std::byte> body, TcpOptions& options) {
  ByteReader reader(body);
  switch (kind) {
    case 2:
      if (body.size() != 2) return false;
      options.mss = reader.u16();
      return true;
    case 3:
      if (body.size() != 1) return false;
      options.window_scale = reader.u8();
      return true;
    case 4:
      if (!body.empty()) return false;
      options.sack_permitted = true;
      return true;
    case 8:
      if (body.size() != 8) return false;
      options.timestamps.emplace();
      options.timestamps->value = reader.u32();
      options.timestamps->echo = reader.u32();
      return true;
    default:
      return true;
  }
}

// A bad or cut option ends the list: what stands before it counts.
TcpOptions read_options(std::span<const std::byte> bytes) {
  constexpr std::uint8_t kEndOfList = 0;
  constexpr std::uint8_t kNoOperation = 1;
  TcpOptions options;
  ByteReader reader(bytes);
  while (reader.remaining() > 0) {
    const std::uint8_t kind = reader.u8();
    if (kind == kEndOfList) break;
    if (kind == kNoOperation) continue;
    const std::uint8_t length = reader.u8();
    if (length < 2) break;
    const auto body = reader.take(length - 2U);
    if (!reader.ok() || !read_option(kind, body, options)) break;
  }
  return options;
}

// The options between the fixed header and the data offset, as far as `bytes` hold them.
TcpOptions options_of(const Header& header, std::span<const std::byte> bytes) {
  const std::size_t end = std::min<std::size_t>(header.length, bytes.size());
  return end > kFixedLength ? read_options(bytes.first(end).subspan(kFixedLength)) : TcpOptions{};
}

}  // namespace

Flaw decode_tcp(const IpDatagram& datagram, TcpSegment& segment) {
  constexpr std::size_t kUpToFlags = 14;
  const std::span<const std::byte> bytes = datagram.payload;
  if (datagram.payload_length < kFixedLength) return Undecodable::BadTransportHeader;
  if (bytes.size() < kUpToFlags) return Undecodable::TruncatedTransport;
  const Header header = read_header(bytes);
  if (header.length < kFixedLength || header.length > datagram.payload_length) return Undecodable::BadTransportHeader;

  segment.source_port = header.source_port;
  segment.destination_port = header.destination_port;
  segment.sequence = header.sequence;
  segment.acknowledgment = header.acknowledgment;
  segment.flags = header.flags;
  segment.window = header.window;
  segment.options = options_of(header, bytes);
  segment.payload = bytes.subspan(std::min<std::size_t>(header.length, bytes.size()));
  segment.payload_length = datagram.payload_length - header.length;
  segment.is_header_cut = bytes.size() < header.length;
  return std::nullopt;
}

std::optional<QuotedTcp> decode_quoted_tcp(std::span<const std::byte> bytes) {
  constexpr std::size_t kPromised = 8;  // RFC 792
  constexpr std::size_t kUpToWindow = 16;
  if (bytes.size() < kPromised) return std::nullopt;
  const Header header = read_header(bytes);
  QuotedTcp quoted{.source_port = header.source_port,
                   .destination_port = header.destination_port,
                   .sequence = header.sequence,
                   .beyond = std::nullopt,
                   .options = {}};
  if (bytes.size() >= kUpToWindow && header.length >= kFixedLength) {
    quoted.beyond = {.acknowledgment = header.acknowledgment, .flags = header.flags, .window = header.window};
    quoted.options = options_of(header, bytes);
  }
  return quoted;
}

}  // namespace smtpath::wire
