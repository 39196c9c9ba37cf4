#include "wire/extensions.h"

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

constexpr int kMostExtensions = 16;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

bool is_extension(const IpHeader& header) {
  switch (header.protocol) {
    case kAuthentication:
      return true;
    case kHopByHop:
    case kRouting:
    case kFragment:
    case kDestinationOptions:
      return !header.source.is_ipv4();
    default:
      return false;
  }
}

// In bytes. AH counts 32-bit words less 2 (RFC 4302 section 2.2), the others 64-bit words less 1.
std::uint32_t extension_length(std::uint8_t protocol, std::uint8_t length_field) {
  if (protocol == kFragment) return 8;
  if (protocol == kAuthentication) return (length_field + 2U) * 4;
  return (length_field + 1U) * 8;
}

void read_fragment_header(ByteReader reader, IpDatagram& datagram) {
  const std::uint16_t field = reader.u16();
  datagram.header.fragment_offset = field & 0xfff8U;
  datagram.header.more_fragments = (field & 1) != 0;
  datagram.fragment_identification = reader.u32();
}

Flaw skip_extension(IpDatagram& datagram) {
  IpHeader& header = datagram.header;
  const std::uint8_t protocol = header.protocol;
  ByteReader reader(datagram.payload);
  header.protocol = reader.u8();
  const std::uint32_t length = extension_length(protocol, reader.u8());
  if (length > datagram.payload_length) return Undecodable::BadIpHeader;
  if (length > datagram.payload.size()) return Undecodable::TruncatedIp;

  if (protocol == kFragment) read_fragment_header(reader, datagram);
  if (protocol == kRouting || protocol == kDestinationOptions) datagram.has_final_addresses = false;
  datagram.payload = datagram.payload.subspan(length);
  datagram.payload_length -= length;
  return std::nullopt;
}

}  // namespace

Flaw skip_extensions(IpDatagram& datagram) {
  for (int walked = 0; is_extension(datagram.header); ++walked) {
    if (walked == kMostExtensions) return Undecodable::BadIpHeader;
    const bool is_fragment_header = datagram.header.protocol == kFragment;
    if (const Flaw flaw = skip_extension(datagram)) return flaw;
    if (is_fragment_header && datagram.header.is_fragment()) break;
  }
  return std::nullopt;
}

}  // namespace smtpath::wire
