#include "wire/layer.h"

#include "wire/wlan.h"

namespace smtpath::wire {

namespace {

// Below it the field is a length (IEEE 802.3 section 3.2.6).
constexpr std::uint16_t kLowestEtherType = 0x0600;

std::optional<Layer> behind_ether_type(ByteReader& reader) {
  const std::uint16_t field = reader.u16();
  return field < kLowestEtherType ? Layer::Llc : layer_of_ether_type(field);
}

// A label stack does not say what it carries (RFC 3032 section 2.2): packets of IP tell by their first four bits, which
// Ethernet in a pseudo-wire avoids by a control word (RFC 4928, RFC 4448), but not everywhere.
bool looks_like_ethernet(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  reader.skip(6 + 6);
  const std::uint16_t ether_type = reader.u16();
  return reader.ok() && ether_type >= kLowestEtherType && layer_of_ether_type(ether_type).has_value();
}

std::optional<Layer> behind_labels(ByteReader& reader) {
  constexpr std::uint32_t kBottomOfStack = 0x100;
  constexpr std::size_t kControlWord = 4;
  while (reader.ok() && (reader.u32() & kBottomOfStack) == 0) {
  }
  const int nibble = ByteReader(reader).u8() >> 4;
  if (reader.remaining() == 0 || nibble == 4 || nibble == 6) return Layer::Ip;

  ByteReader behind_control_word = reader;
  behind_control_word.skip(kControlWord);
  if (nibble == 0 && looks_like_ethernet(behind_control_word.rest())) reader = behind_control_word;
  if (looks_like_ethernet(reader.rest())) return Layer::Ethernet;
  return std::nullopt;
}

std::optional<Layer> behind_pppoe(ByteReader& reader) {
  constexpr std::uint8_t kSessionData = 0;
  reader.skip(1);  // version, type
  const std::uint8_t code = reader.u8();
  reader.skip(2);  // session
  const std::size_t length = reader.u16();
  if (code != kSessionData) return std::nullopt;
  if (reader.remaining() > length) reader = ByteReader(reader.rest().first(length));
  return Layer::Ppp;
}

// Address and control are left out where both ends agreed on it, and so is the protocol's first byte when it is 0 (RFC
// 1661 section 6.5). Cisco's HDLC, which has an EtherType there, is told by its address.
std::optional<Layer> behind_ppp(ByteReader& reader) {
  constexpr std::uint8_t kAllStations = 0xff;
  constexpr std::uint8_t kCiscoUnicast = 0x0f;
  constexpr std::uint8_t kCiscoMulticast = 0x8f;
  std::uint16_t protocol = reader.u8();
  if (protocol == kCiscoUnicast || protocol == kCiscoMulticast) {
    reader.skip(1);
    return Layer::EtherType;
  }
  if (protocol == kAllStations) {
    reader.skip(1);
    protocol = reader.u8();
  }
  const bool is_compressed = (protocol & 1) != 0;
  if (!is_compressed) protocol = static_cast<std::uint16_t>(protocol << 8 | reader.u8());
  switch (protocol) {
    case 0x0021:
    case 0x0057:
      return Layer::Ip;
    case 0x0281:
      return Layer::MplsLabels;
    default:
      return std::nullopt;
  }
}

std::optional<Layer> behind_snap(ByteReader& reader) {
  constexpr std::uint32_t kEncapsulatedEthernet = 0x000000;  // RFC 1042
  constexpr std::uint32_t kBridgeTunnel = 0x0000f8;          // IEEE 802.1H
  const std::uint32_t organisation = std::uint32_t{reader.u8()} << 16 | reader.u16();
  if (organisation != kEncapsulatedEthernet && organisation != kBridgeTunnel) return std::nullopt;
  return layer_of_ether_type(reader.u16());
}

std::optional<Layer> behind_llc(ByteReader& reader) {
  constexpr std::uint8_t kSnap = 0xaa;
  constexpr std::uint8_t kIp = 0x06;
  const std::uint8_t destination = reader.u8();
  const std::uint8_t source = reader.u8();
  reader.skip(1);  // control
  if (destination == kSnap && source == kSnap) return behind_snap(reader);
  if (destination == kIp && source == kIp) return Layer::Ip;
  return std::nullopt;
}

// RFC 2427 section 3, and the older form with an EtherType right behind the address.
std::optional<Layer> behind_frame_relay(ByteReader& reader) {
  constexpr std::uint8_t kUnnumbered = 0x03;
  while (reader.ok() && (reader.u8() & 1) == 0) {
  }
  if (reader.rest().empty() || std::to_integer<std::uint8_t>(reader.rest().front()) != kUnnumbered) {
    return Layer::EtherType;
  }
  reader.skip(1);
  std::uint8_t protocol = reader.u8();
  if (protocol == 0) protocol = reader.u8();  // padding
  switch (protocol) {
    case 0xcc:
    case 0x8e:
      return Layer::Ip;
    case 0x80:
      return behind_snap(reader);
    default:
      return std::nullopt;
  }
}

Layer behind(std::size_t length, Layer layer, ByteReader& reader) {
  reader.skip(length);
  return layer;
}

}  // namespace

std::optional<Layer> layer_of_ether_type(std::uint16_t ether_type) {
  switch (ether_type) {
    case 0x0800:
    case 0x86dd:
      return Layer::Ip;
    case 0x0806:
      return Layer::Arp;
    case 0x8100:  // IEEE 802.1Q
    case 0x88a8:  // IEEE 802.1ad, and two older ones for the same
    case 0x9100:
    case 0x9200:
      return Layer::VlanTag;
    case 0x88e7:
      return Layer::BackboneTag;
    case 0x893f:
      return Layer::PortTag;
    case 0x8926:
      return Layer::VirtualNicTag;
    case 0x8847:
    case 0x8848:
      return Layer::MplsLabels;
    case 0x8864:
      return Layer::Pppoe;
    case 0x880b:
      return Layer::Ppp;
    case 0x6558:
      return Layer::Ethernet;
    default:
      return std::nullopt;
  }
}

std::optional<Layer> next_layer(Layer layer, ByteReader& reader) {
  switch (layer) {
    case Layer::Ethernet:
      return behind(6 + 6, Layer::EtherType, reader);
    case Layer::EtherType:
      return behind_ether_type(reader);
    case Layer::VlanTag:
      return behind(2, Layer::EtherType, reader);
    case Layer::BackboneTag:
      return behind(4, Layer::Ethernet, reader);
    case Layer::PortTag:
      return behind(6, Layer::EtherType, reader);
    case Layer::VirtualNicTag:
      return behind(4, Layer::EtherType, reader);
    case Layer::MplsLabels:
      return behind_labels(reader);
    case Layer::Pppoe:
      return behind_pppoe(reader);
    case Layer::Ppp:
      return behind_ppp(reader);
    case Layer::Llc:
      return behind_llc(reader);
    case Layer::FrameRelay:
      return behind_frame_relay(reader);
    case Layer::Wlan:
      return behind_wlan(reader);
    case Layer::Arp:
    case Layer::Ip:
      return layer;
  }
  return std::nullopt;
}

}  // namespace smtpath::wire
