#include "wire/ip.h"

#include <algorithm>

#include "smtpath/base/byte_reader.h"
#include "wire/checksum.h"
#include "wire/extensions.h"

namespace smtpath::wire {

namespace {

constexpr std::size_t kShortestIpv4Header = 20;
constexpr std::uint32_t kIpv6HeaderLength = 40;

std::span<const std::byte> at_most(std::span<const std::byte> bytes, std::size_t count) {
  return bytes.first(std::min(bytes.size(), count));
}

void read_fragment_field(std::uint16_t field, IpHeader& header) {
  header.dont_fragment = (field & 0x4000) != 0;
  header.more_fragments = (field & 0x2000) != 0;
  header.fragment_offset = (field & 0x1fffU) * 8;
}

// RFC 791 section 3.1.
Flaw split_ipv4(std::span<const std::byte> bytes, std::size_t cut, IpDatagram& datagram) {
  ByteReader reader(bytes);
  IpHeader& header = datagram.header;
  const std::uint32_t header_length = (reader.u8() & 0x0fU) * 4;
  header.traffic_class = reader.u8();
  const std::uint16_t total_length = reader.u16();
  header.identification = reader.u16();
  read_fragment_field(reader.u16(), header);
  header.ttl = Ttl{reader.u8()};
  header.protocol = reader.u8();
  reader.skip(2);
  header.source = IpAddress::v4(reader.array<4>());
  header.destination = IpAddress::v4(reader.array<4>());
  if (!reader.ok()) return Undecodable::TruncatedIp;
  if (header_length < kShortestIpv4Header) return Undecodable::BadIpHeader;
  if (total_length != 0 && total_length < header_length) return Undecodable::BadIpHeader;
  if (bytes.size() < header_length) return Undecodable::TruncatedIp;

  header.total_length = total_length != 0 ? total_length : static_cast<std::uint32_t>(bytes.size() + cut);
  datagram.payload = at_most(bytes, header.total_length).subspan(header_length);
  datagram.payload_length = header.total_length - header_length;
  datagram.fragment_identification = header.identification;
  datagram.has_bad_checksum = ones_complement_sum(bytes.first(header_length)) != kAllOnes;
  return header.is_fragment() ? std::nullopt : skip_extensions(datagram);
}

// RFC 8200 section 3.
Flaw split_ipv6(std::span<const std::byte> bytes, std::size_t cut, IpDatagram& datagram) {
  ByteReader reader(bytes);
  IpHeader& header = datagram.header;
  const std::uint32_t first_word = reader.u32();
  header.traffic_class = static_cast<std::uint8_t>(first_word >> 20);
  header.flow_label = first_word & 0xfffff;
  const std::uint16_t payload_length = reader.u16();
  header.protocol = reader.u8();
  header.ttl = Ttl{reader.u8()};
  header.source = IpAddress::v6(reader.array<16>());
  header.destination = IpAddress::v6(reader.array<16>());
  if (!reader.ok()) return Undecodable::TruncatedIp;

  datagram.payload_length = payload_length != 0 ? payload_length : static_cast<std::uint32_t>(reader.remaining() + cut);
  datagram.payload = at_most(reader.rest(), datagram.payload_length);
  header.total_length = kIpv6HeaderLength + datagram.payload_length;
  return skip_extensions(datagram);
}

}  // namespace

Flaw split_ip(std::span<const std::byte> bytes, std::size_t cut, IpDatagram& datagram) {
  if (bytes.empty()) return Undecodable::TruncatedIp;
  switch (std::to_integer<int>(bytes.front() >> 4)) {
    case 4:
      return split_ipv4(bytes, cut, datagram);
    case 6:
      return split_ipv6(bytes, cut, datagram);
    default:
      return Undecodable::BadIpHeader;
  }
}

}  // namespace smtpath::wire
