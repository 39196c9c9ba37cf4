#include "wire/tunnel.h"

#include "wire/gre.h"
#include "wire/link_layer.h"
#include "wire/protocol.h"
#include "wire/udp_tunnel.h"

namespace smtpath::wire {

namespace {

std::optional<Layer> layer_inside(std::uint8_t protocol, ByteReader& reader) {
  switch (protocol) {
    case kIpv4InIp:
    case kIpv6InIp:
      return Layer::Ip;
    case kGreProtocol:
      return behind_gre(reader);
    case kUdpProtocol:
      return behind_udp(reader);
    case kMplsInIp:
      return Layer::MplsLabels;
    case kEtherIp:
      reader.skip(2);  // version (RFC 3378)
      return Layer::Ethernet;
    case kEthernetInIp:
      return Layer::Ethernet;
    default:
      return std::nullopt;
  }
}

}  // namespace

Parsed<std::span<const std::byte>> look_inside(const IpDatagram& datagram) {
  ByteReader reader(datagram.payload);
  const std::optional<Layer> layer = layer_inside(datagram.header.protocol, reader);
  if (!reader.ok()) return Undecodable::TruncatedTransport;
  if (!layer) return Undecodable::NotIp;
  LinkPayload payload;
  if (const Flaw flaw = strip_layers(*layer, reader.rest(), payload)) return *flaw;
  if (payload.is_arp) return Undecodable::NotIp;
  return payload.bytes;
}

}  // namespace smtpath::wire
