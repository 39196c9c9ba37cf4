#include "wire/ipv6_extensions.h"

#include "smtpath/base/byte_reader.h"

namespace smtpath::wire {

namespace {

constexpr int kMostExtensions = 16;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

bool is_extension(std::uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kFragment || protocol == kAuthentication ||
         protocol == kDestinationOptions;
}

// In bytes. AH counts 32-bit words less 2 (RFC 4302 section 2.2), the others 64-bit words less 1.
std::uint32_t extension_length(std::uint8_t protocol, std::uint8_t length_field) {
  if (protocol == kFragment) return 8;
  if (protocol == kAuthentication) return (length_field + 2U) * 4;
  return (length_field + 1U) * 8;
}

void read_fragment_field(std::uint16_t field, IpHeader& header) {
  header.fragment_offset = field & 0xfff8U;
  header.more_fragments = (field & 1) != 0;
}

}  // namespace

Parsed<IpDatagram> skip_ipv6_extensions(IpDatagram datagram) {
  IpHeader& header = datagram.header;
  for (int walked = 0; is_extension(header.protocol) && header.fragment_offset == 0; ++walked) {
    if (walked == kMostExtensions) return Undecodable::BadIpHeader;
    const std::uint8_t protocol = header.protocol;
    ByteReader reader(datagram.payload);
    header.protocol = reader.u8();
    const std::uint32_t length = extension_length(protocol, reader.u8());
    if (length > datagram.payload_length) return Undecodable::BadIpHeader;
    if (length > datagram.payload.size()) return Undecodable::TruncatedIp;

    if (protocol == kFragment) read_fragment_field(reader.u16(), header);
    if (protocol == kRouting || protocol == kDestinationOptions) datagram.has_final_addresses = false;
    datagram.payload = datagram.payload.subspan(length);
    datagram.payload_length -= length;
  }
  return datagram;
}

}  // namespace smtpath::wire
