#include "support/this_host.h"

#include <variant>

#include "smtpath/wire/decode.h"
#include "support/network_path.h"

namespace smtpath::test {

namespace {

// draft-ietf-opsawg-pcaplinktype, LINKTYPE_LINUX_SLL2: protocol, reserved, interface, device type, packet type,
// address.
Bytes on_loopback(const Bytes& packet, Family family) {
  constexpr std::byte kLoopbackInterface{1};
  const bool is_ipv4 = family == Family::Ipv4;
  Bytes frame{is_ipv4 ? std::byte{0x08} : std::byte{0x86}, is_ipv4 ? std::byte{0x00} : std::byte{0xdd}};
  frame.resize(7);
  frame.push_back(kLoopbackInterface);
  frame.insert(frame.end(), {std::byte{0x03}, std::byte{0x04}});  // ARPHRD_LOOPBACK
  frame.resize(20);
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

}  // namespace

Bytes unreachable_on_loopback(std::span<const std::byte> packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const wire::IpHeader& sent = std::get<wire::Packet>(decoded).ip;
  const Family family = sent.source.family();
  const IcmpTypeCode host = type_code_of(Unreachable::Host, family);
  const Bytes error = icmp_error_packet({.source = sent.source, .destination = sent.source, .ttl = Ttl{64}},
                                        {.type = host.type,
                                         .code = host.code,
                                         .original = packet,
                                         .quoted_ttl = sent.ttl,
                                         .quoted_bytes = packet.size()});
  return on_loopback(error, family);
}

}  // namespace smtpath::test
