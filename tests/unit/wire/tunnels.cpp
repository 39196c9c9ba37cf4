#include "unit/wire/tunnels.h"

#include <algorithm>

#include "wire/checksum.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

void put_u16(Bytes& bytes, std::size_t at, std::size_t number) {
  bytes[at] = static_cast<std::byte>(number >> 8);
  bytes[at + 1] = static_cast<std::byte>(number);
}

void put_ipv4_checksum(Bytes& packet) {
  put_u16(packet, 10, 0);
  put_u16(packet, 10, wire::ones_complement_sum(std::span(packet).first(kIpv4Header)) ^ wire::kAllOnes);
}

bool is_ipv4(const Bytes& packet) {
  return (packet.front() >> 4) == std::byte{4};
}

std::ptrdiff_t header_length(const Bytes& packet) {
  return is_ipv4(packet) ? kIpv4Header : kIpv6Header;
}

}  // namespace

Bytes in_ip(Family family, std::uint8_t protocol, const Bytes& payload) {
  if (family == Family::Ipv6) {
    Bytes header = hex("60000000 0000 00 40 20010db8000100000000000000000001 20010db8000100000000000000000002");
    put_u16(header, 4, payload.size());
    header[6] = std::byte{protocol};
    return joined({header, payload});
  }
  Bytes header = hex("45000000 00000000 40000000 c6336401 c6336402");
  put_u16(header, 2, header.size() + payload.size());
  header[9] = std::byte{protocol};
  put_ipv4_checksum(header);
  return joined({header, payload});
}

Bytes fragment(const Bytes& packet, const FragmentPlace& place, std::size_t length) {
  const auto header_end = packet.begin() + header_length(packet);
  Bytes header(packet.begin(), header_end);
  const auto begin = header_end + static_cast<std::ptrdiff_t>(place.offset);
  const Bytes part(begin, begin + static_cast<std::ptrdiff_t>(length));
  if (is_ipv4(packet)) {
    put_u16(header, 2, header.size() + length);
    put_u16(header, 4, place.identification);
    put_u16(header, 6, place.offset / 8 | (place.has_more ? 0x2000U : 0U));
    put_ipv4_checksum(header);
    return joined({header, part});
  }
  Bytes extension = hex("0000 0000 00000000");
  extension[0] = header[6];
  put_u16(extension, 2, place.offset | (place.has_more ? 1U : 0U));
  put_u16(extension, 4, place.identification >> 16);
  put_u16(extension, 6, place.identification & 0xffff);
  put_u16(header, 4, extension.size() + length);
  header[6] = std::byte{44};
  return joined({header, extension, part});
}

std::vector<Bytes> fragments(const Bytes& packet, std::uint32_t identification, std::size_t size) {
  std::vector<Bytes> parts;
  const std::size_t whole = packet.size() - static_cast<std::size_t>(header_length(packet));
  for (std::size_t offset = 0; offset < whole; offset += size) {
    const std::size_t length = std::min(size, whole - offset);
    parts.push_back(fragment(packet,
                             {.identification = identification,
                              .offset = static_cast<std::uint32_t>(offset),
                              .has_more = offset + length < whole},
                             length));
  }
  return parts;
}

}  // namespace smtpath::test
