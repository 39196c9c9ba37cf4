#include "wire/tcp.h"

#include <algorithm>

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

constexpr std::uint32_t kFixedLength = 20;

// In place, as all that follows: a struct of small fields that is written and then copied at once stalls the processor.
void read_flags(std::uint8_t bits, TcpFlags& flags) {
  flags.fin = (bits & 0x01) != 0;
  flags.syn = (bits & 0x02) != 0;
  flags.rst = (bits & 0x04) != 0;
  flags.psh = (bits & 0x08) != 0;
  flags.ack = (bits & 0x10) != 0;
  flags.urg = (bits & 0x20) != 0;
  flags.ece = (bits & 0x40) != 0;
  flags.cwr = (bits & 0x80) != 0;
}

// Fields past the end of a quote are zero. Returns the header's length in bytes, options included.
template <class Tcp, class Beyond>
std::uint32_t read_header(std::span<const std::byte> bytes, Tcp& tcp, Beyond& beyond) {
  ByteReader reader(bytes);
  tcp.source_port = Port{reader.u16()};
  tcp.destination_port = Port{reader.u16()};
  tcp.sequence = reader.u32();
  beyond.acknowledgment = reader.u32();
  const std::uint32_t length = (reader.u8() >> 4U) * 4;
  read_flags(reader.u8(), beyond.flags);
  beyond.window = reader.u16();
  return length;
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
void read_options(std::span<const std::byte> bytes, TcpOptions& options) {
  constexpr std::uint8_t kEndOfList = 0;
  constexpr std::uint8_t kNoOperation = 1;
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
}

// The options between the fixed header and its end, as far as `bytes` hold them.
std::span<const std::byte> options_of(std::uint32_t header_length, std::span<const std::byte> bytes) {
  const std::size_t end = std::min<std::size_t>(header_length, bytes.size());
  return end > kFixedLength ? bytes.first(end).subspan(kFixedLength) : std::span<const std::byte>();
}

// Routers that quote little pad it with zeros (RFC 4884 section 5.1); options have none but at their end.
bool is_padding(std::span<const std::byte> options) {
  return !options.empty() && options.front() == std::byte{0};
}

}  // namespace

Flaw decode_tcp(const IpDatagram& datagram, TcpSegment& segment) {
  constexpr std::size_t kUpToFlags = 14;
  const std::span<const std::byte> bytes = datagram.payload;
  if (datagram.payload_length < kFixedLength) return Undecodable::BadTransportHeader;
  if (bytes.size() < kUpToFlags) return Undecodable::TruncatedTransport;
  const std::uint32_t header_length = read_header(bytes, segment, segment);
  if (header_length < kFixedLength || header_length > datagram.payload_length) return Undecodable::BadTransportHeader;

  read_options(options_of(header_length, bytes), segment.options);
  segment.payload = bytes.subspan(std::min<std::size_t>(header_length, bytes.size()));
  segment.payload_length = datagram.payload_length - header_length;
  segment.is_header_cut = bytes.size() < header_length;
  return std::nullopt;
}

std::optional<QuotedTcp> decode_quoted_tcp(std::span<const std::byte> bytes) {
  constexpr std::size_t kPromised = 8;  // RFC 792
  constexpr std::size_t kUpToWindow = 16;
  if (bytes.size() < kPromised) return std::nullopt;
  QuotedTcp quoted;
  QuotedTcp::Beyond beyond;
  const std::uint32_t header_length = read_header(bytes, quoted, beyond);
  if (bytes.size() >= kUpToWindow && header_length >= kFixedLength) {
    quoted.beyond = beyond;
    const std::span<const std::byte> options = options_of(header_length, bytes);
    read_options(options, quoted.options);
    quoted.is_whole = bytes.size() >= header_length && !is_padding(options);
  }
  return quoted;
}

}  // namespace smtpath::wire
