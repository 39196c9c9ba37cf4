#include "wire/gre.h"

namespace smtpath::wire {

namespace {

constexpr std::uint16_t kHasChecksum = 0x8000;
constexpr std::uint16_t kHasRouting = 0x4000;
constexpr std::uint16_t kHasKey = 0x2000;
constexpr std::uint16_t kHasSequence = 0x1000;
constexpr std::uint16_t kHasAcknowledgment = 0x0080;
constexpr std::uint16_t kVersion = 0x0007;

constexpr std::size_t kField = 4;

// Mirrored Ethernet (draft-foschiano-erspan). The first type has no header of its own, and no sequence number.
Layer behind_erspan2(bool has_header, ByteReader& reader) {
  if (has_header) reader.skip(8);
  return Layer::Ethernet;
}

Layer behind_erspan3(ByteReader& reader) {
  reader.skip(11);
  const bool has_platform_header = (reader.u8() & 1) != 0;
  if (has_platform_header) reader.skip(8);
  return Layer::Ethernet;
}

// WCCP puts a word in front of the packet, in its second version.
Layer behind_redirect(ByteReader& reader) {
  const std::uint8_t first = ByteReader(reader).u8();
  if (first >> 4 != 4) reader.skip(kField);
  return Layer::Ip;
}

std::optional<Layer> behind_version_0(std::uint16_t flags, std::uint16_t protocol, ByteReader& reader) {
  if ((flags & kHasRouting) != 0) return std::nullopt;  // RFC 1701, deprecated
  if ((flags & kHasChecksum) != 0) reader.skip(kField);
  if ((flags & kHasKey) != 0) reader.skip(kField);
  const bool has_sequence = (flags & kHasSequence) != 0;
  if (has_sequence) reader.skip(kField);
  switch (protocol) {
    case 0x88be:
      return behind_erspan2(has_sequence, reader);
    case 0x22eb:
      return behind_erspan3(reader);
    case 0x883e:
      return behind_redirect(reader);
    default:
      return layer_of_ether_type(protocol);
  }
}

std::optional<Layer> behind_version_1(std::uint16_t flags, std::uint16_t protocol, ByteReader& reader) {
  constexpr std::uint16_t kEthernetOverIp = 0x6400;  // MikroTik's
  reader.skip(kField);                               // length, call or tunnel
  if (protocol == kEthernetOverIp) return Layer::Ethernet;
  if ((flags & kHasSequence) != 0) reader.skip(kField);
  if ((flags & kHasAcknowledgment) != 0) reader.skip(kField);
  return layer_of_ether_type(protocol);
}

}  // namespace

std::optional<Layer> behind_gre(ByteReader& reader) {
  const std::uint16_t flags = reader.u16();
  const std::uint16_t protocol = reader.u16();
  switch (flags & kVersion) {
    case 0:
      return behind_version_0(flags, protocol, reader);
    case 1:
      return behind_version_1(flags, protocol, reader);
    default:
      return std::nullopt;
  }
}

}  // namespace smtpath::wire
