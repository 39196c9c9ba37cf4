#include "wire/udp_tunnel.h"

namespace smtpath::wire {

namespace {

constexpr std::uint16_t kVxlanPort = 4789;
constexpr std::uint16_t kVxlanPortOfLinux = 8472;
constexpr std::uint16_t kGenevePort = 6081;
constexpr std::uint16_t kGtpPort = 2152;
constexpr std::uint16_t kMplsPort = 6635;
constexpr std::uint16_t kL2tpPort = 1701;

std::optional<Layer> behind_vxlan(ByteReader& reader) {
  constexpr std::uint8_t kHasNetwork = 0x08;
  const std::uint8_t flags = reader.u8();
  reader.skip(7);
  if ((flags & kHasNetwork) == 0) return std::nullopt;
  return Layer::Ethernet;
}

std::optional<Layer> behind_geneve(ByteReader& reader) {
  constexpr std::uint8_t kOptionWords = 0x3f;
  const std::uint8_t first = reader.u8();
  reader.skip(1);
  const std::uint16_t protocol = reader.u16();
  reader.skip(4 + 4U * (first & kOptionWords));  // network, options
  return layer_of_ether_type(protocol);
}

// The chain of extension headers, each of which says what is next (section 5.2).
void skip_gtp_extensions(ByteReader& reader) {
  while (reader.u8() != 0) {
    const std::size_t words = reader.u8();
    if (words == 0) {
      reader.skip(reader.remaining() + 1);
      return;
    }
    reader.skip(4 * words - 2);
  }
}

std::optional<Layer> behind_gtp(ByteReader& reader) {
  constexpr std::uint8_t kVersionAndProtocol = 0xf0;
  constexpr std::uint8_t kVersion1 = 0x30;
  constexpr std::uint8_t kHasExtension = 0x04;
  constexpr std::uint8_t kHasOptions = 0x07;
  constexpr std::uint8_t kUserPacket = 255;
  const std::uint8_t flags = reader.u8();
  const std::uint8_t type = reader.u8();
  reader.skip(2 + 4);  // length, endpoint
  if ((flags & kVersionAndProtocol) != kVersion1 || type != kUserPacket) return std::nullopt;
  if ((flags & kHasOptions) != 0) {
    reader.skip(2 + 1);  // sequence number, N-PDU number
    if ((flags & kHasExtension) != 0) {
      skip_gtp_extensions(reader);
    } else {
      reader.skip(1);
    }
  }
  return Layer::Ip;
}

// Section 3.1; control messages have their own first bit.
std::optional<Layer> behind_l2tp(ByteReader& reader) {
  constexpr std::uint16_t kIsControl = 0x8000;
  constexpr std::uint16_t kHasLength = 0x4000;
  constexpr std::uint16_t kHasSequence = 0x0800;
  constexpr std::uint16_t kHasOffset = 0x0200;
  constexpr std::uint16_t kVersion = 0x000f;
  const std::uint16_t flags = reader.u16();
  if ((flags & kIsControl) != 0 || (flags & kVersion) != 2) return std::nullopt;
  if ((flags & kHasLength) != 0) reader.skip(2);
  reader.skip(2 + 2);  // tunnel, session
  if ((flags & kHasSequence) != 0) reader.skip(2 + 2);
  if ((flags & kHasOffset) != 0) reader.skip(reader.u16());
  return Layer::Ppp;
}

}  // namespace

std::optional<Layer> behind_udp(ByteReader& reader) {
  const std::uint16_t source = reader.u16();
  const std::uint16_t destination = reader.u16();
  reader.skip(2 + 2);  // length, checksum
  switch (destination) {
    case kVxlanPort:
    case kVxlanPortOfLinux:
      return behind_vxlan(reader);
    case kGenevePort:
      return behind_geneve(reader);
    case kGtpPort:
      return behind_gtp(reader);
    case kMplsPort:
      return Layer::MplsLabels;
    case kL2tpPort:
      return behind_l2tp(reader);
    default:
      break;
  }
  if (source == kGtpPort) return behind_gtp(reader);
  if (source == kL2tpPort) return behind_l2tp(reader);
  return std::nullopt;
}

}  // namespace smtpath::wire
