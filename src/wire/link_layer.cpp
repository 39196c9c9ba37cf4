#include "wire/link_layer.h"

#include "wire/capture_header.h"

namespace smtpath::wire {

namespace {

constexpr int kMostLayers = 24;

// The Linux packet type of frames that this host sends (tcpdump.org, LINKTYPE_LINUX_SLL).
constexpr std::uint16_t kOutgoing = 4;
// The Linux device type of a loopback interface (ARPHRD_LOOPBACK).
constexpr std::uint16_t kLoopbackDevice = 772;

// The protocol field of cooked captures: an EtherType, or one of Linux's own numbers (linux/if_ether.h).
std::optional<Layer> layer_of_cooked(std::uint16_t protocol) {
  constexpr std::uint16_t kLlc = 0x0004;
  return protocol == kLlc ? Layer::Llc : layer_of_ether_type(protocol);
}

std::optional<Layer> behind_cooked_v1(ByteReader& reader, LinkPayload& payload) {
  payload.is_outgoing = reader.u16() == kOutgoing;
  payload.is_on_loopback = reader.u16() == kLoopbackDevice;
  reader.skip(2 + 8);  // address length, address
  return layer_of_cooked(reader.u16());
}

std::optional<Layer> behind_cooked_v2(ByteReader& reader, LinkPayload& payload) {
  const std::uint16_t protocol = reader.u16();
  reader.skip(2);  // reserved
  payload.interface_index = reader.u32();
  payload.is_on_loopback = reader.u16() == kLoopbackDevice;
  payload.is_outgoing = reader.u8() == kOutgoing;
  reader.skip(1 + 8);  // address length, address
  return layer_of_cooked(protocol);
}

// The address family in the byte order of the host that captured (Null) or of the network (Loop).
std::optional<Layer> behind_address_family(ByteReader& reader) {
  const std::uint32_t word = reader.u32();
  const std::uint32_t family = word > 0xffff ? word >> 24 | (word >> 8 & 0xff00) : word;
  switch (family) {
    case 2:   // AF_INET everywhere
    case 10:  // AF_INET6 of Linux,
    case 24:  // NetBSD and OpenBSD,
    case 28:  // FreeBSD,
    case 30:  // macOS
      return Layer::Ip;
    default:
      return std::nullopt;
  }
}

// With source routing (IEEE 802.5) where the source address says so.
std::optional<Layer> behind_token_ring(ByteReader& reader) {
  constexpr std::uint8_t kHasRoute = 0x80;
  constexpr std::uint8_t kRouteLength = 0x1f;
  reader.skip(1 + 1 + 6);  // access control, frame control, destination
  const bool has_route = (reader.u8() & kHasRoute) != 0;
  reader.skip(5);
  if (has_route) reader.skip((ByteReader(reader).u8() & kRouteLength));
  return Layer::Llc;
}

// A global routing header, then that of RFC 4391: an EtherType and two reserved bytes.
std::optional<Layer> behind_infiniband(ByteReader& reader) {
  reader.skip(40);
  const std::uint16_t ether_type = reader.u16();
  reader.skip(2);
  return layer_of_ether_type(ether_type);
}

// SLIP (RFC 1055) with the header of BPF: direction, then the beginning of the packet as it was on the line.
std::optional<Layer> behind_slip(ByteReader& reader) {
  constexpr std::uint8_t kCompressedTcp = 0x80;  // RFC 1144
  reader.skip(1);
  const bool is_compressed = (reader.u8() & kCompressedTcp) != 0;
  reader.skip(14);
  if (is_compressed) return std::nullopt;
  return Layer::Ip;
}

Layer behind(std::size_t length, Layer layer, ByteReader& reader) {
  reader.skip(length);
  return layer;
}

// Behind the header, or the part of it, that is peculiar to a link type.
Parsed<std::optional<Layer>> first_layer(LinkType link, ByteReader& reader, LinkPayload& payload) {
  switch (link) {
    case LinkType::Ethernet:
      return Layer::Ethernet;
    case LinkType::LinuxSll:
      return behind_cooked_v1(reader, payload);
    case LinkType::LinuxSll2:
      return behind_cooked_v2(reader, payload);
    case LinkType::Null:
    case LinkType::Loop:
      return behind_address_family(reader);
    case LinkType::Raw:
    case LinkType::RawOfBsd:
    case LinkType::RawOfOpenBsd:
    case LinkType::Ipv4:
    case LinkType::Ipv6:
      return Layer::Ip;
    case LinkType::TokenRing:
      return behind_token_ring(reader);
    case LinkType::IpOverInfiniband:
      return behind_infiniband(reader);
    case LinkType::Slip:
      return behind_slip(reader);
    case LinkType::Ppp:
    case LinkType::PppHdlc:
      return Layer::Ppp;
    case LinkType::PppWithDirection:
      return behind(1, Layer::Ppp, reader);
    case LinkType::PppEther:
      return Layer::Pppoe;
    case LinkType::CiscoHdlc:
      return behind(2, Layer::EtherType, reader);
    case LinkType::FrameRelay:
      return Layer::FrameRelay;
    case LinkType::Fddi:
      return behind(1 + 6 + 6, Layer::Llc, reader);
    case LinkType::AtmRfc1483:
      return Layer::Llc;
    case LinkType::AppleIpOverFirewire:
      return behind(8 + 8, Layer::EtherType, reader);
    case LinkType::Wlan:
      return Layer::Wlan;
    case LinkType::WlanRadiotap:
      skip_radiotap(reader);
      return Layer::Wlan;
    case LinkType::WlanPrism:
      skip_prism(reader);
      return Layer::Wlan;
    case LinkType::WlanAvs:
      skip_avs(reader);
      return Layer::Wlan;
    case LinkType::Nflog:
      return behind_nflog(reader);
    case LinkType::Pflog:
      skip_pflog(reader);
      return Layer::Ip;
    case LinkType::BsdEncapsulation:
      return behind(4 + 4 + 4, Layer::Ip, reader);
    case LinkType::BroadcomTag:
    case LinkType::MarvellTag:
      return behind(6 + 6 + 4, Layer::EtherType, reader);
    case LinkType::MarvellEtherTypeTag:
      return behind(6 + 6 + 8, Layer::EtherType, reader);
    case LinkType::Ppi:
    case LinkType::Pktap:
      break;
  }
  return Undecodable::UnknownLinkType;
}

Flaw walk(std::optional<Layer> layer, ByteReader reader, LinkPayload& payload) {
  for (int walked = 0; walked < kMostLayers; ++walked) {
    if (!reader.ok()) return Undecodable::TruncatedLink;
    if (!layer) return Undecodable::NotIp;
    if (*layer == Layer::Ip || *layer == Layer::Arp) {
      payload.is_arp = *layer == Layer::Arp;
      payload.bytes = reader.rest();
      return std::nullopt;
    }
    layer = next_layer(*layer, reader);
  }
  return Undecodable::NotIp;
}

}  // namespace

Flaw strip_link_layer(LinkType link, std::span<const std::byte> frame, LinkPayload& payload) {
  ByteReader reader(frame);
  if (link == LinkType::Ppi || link == LinkType::Pktap) link = enclosed_link_type(link, reader);
  const Parsed<std::optional<Layer>> layer = first_layer(link, reader, payload);
  if (const auto* reason = std::get_if<Undecodable>(&layer)) return reader.ok() ? *reason : Undecodable::TruncatedLink;
  return walk(std::get<std::optional<Layer>>(layer), reader, payload);
}

Flaw strip_layers(Layer layer, std::span<const std::byte> bytes, LinkPayload& payload) {
  return walk(layer, ByteReader(bytes), payload);
}

}  // namespace smtpath::wire
