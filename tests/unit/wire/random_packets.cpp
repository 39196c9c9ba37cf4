#include "unit/wire/random_packets.h"

#include <array>
#include <cstdlib>
#include <limits>

namespace smtpath::test {

unsigned test_seed() {
  const char* const chosen = std::getenv("SMTPATH_TEST_SEED");
  return chosen != nullptr ? static_cast<unsigned>(std::strtoul(chosen, nullptr, 10)) : 1;
}

std::uint32_t RandomPackets::number(std::uint32_t most) {
  return std::uniform_int_distribution<std::uint32_t>(0, most)(engine_);
}

IpAddress RandomPackets::address(Family family) {
  std::array<std::byte, 16> bytes{};
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(number(255));
  bytes[0] = family == Family::Ipv4 ? std::byte{10} : std::byte{0x20};
  return family == Family::Ipv4 ? IpAddress::v4(std::span(bytes).first<4>()) : IpAddress::v6(bytes);
}

wire::IpHeader RandomPackets::ip(Family family) {
  wire::IpHeader header{.source = address(family),
                        .destination = address(family),
                        .ttl = Ttl{static_cast<std::uint8_t>(number(255))},
                        .traffic_class = static_cast<std::uint8_t>(number(255))};
  if (family == Family::Ipv4) {
    header.identification = static_cast<std::uint16_t>(number(0xffff));
    header.dont_fragment = chance();
  } else {
    header.flow_label = number(0xfffff);
  }
  return header;
}

wire::TcpSegment RandomPackets::segment() {
  constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
  wire::TcpSegment segment{.source_port = Port{static_cast<std::uint16_t>(1 + number(0xfffe))},
                           .destination_port = Port{static_cast<std::uint16_t>(1 + number(0xfffe))},
                           .sequence = number(kAny),
                           .acknowledgment = number(kAny),
                           .flags = {.fin = chance(),
                                     .syn = chance(),
                                     .rst = chance(),
                                     .psh = chance(),
                                     .ack = chance(),
                                     .urg = chance(),
                                     .ece = chance(),
                                     .cwr = chance()},
                           .window = static_cast<std::uint16_t>(number(0xffff))};
  if (chance()) segment.options.mss = static_cast<std::uint16_t>(number(0xffff));
  if (chance()) segment.options.window_scale = static_cast<std::uint8_t>(number(14));
  if (chance()) segment.options.timestamps = wire::TcpTimestamps{number(kAny), number(kAny)};
  segment.options.sack_permitted = chance();
  return segment;
}

wire::MplsLabel RandomPackets::label() {
  return {.label = number(0xfffff),
          .traffic_class = static_cast<std::uint8_t>(number(7)),
          .bottom_of_stack = chance(),
          .ttl = static_cast<std::uint8_t>(number(255))};
}

Bytes RandomPackets::packet() {
  const Family family = this->family();
  switch (number(2)) {
    case 0:
      return tcp_packet(ip(family), segment());
    case 1:
      return echo_packet(ip(family), {.is_reply = chance(),
                                      .identifier = static_cast<std::uint16_t>(number(0xffff)),
                                      .sequence = static_cast<std::uint16_t>(number(0xffff))});
    default:
      return icmp_error(family);
  }
}

Bytes RandomPackets::icmp_error(Family family) {
  const bool v4 = family == Family::Ipv4;
  const Bytes original = tcp_packet(ip(family), segment());
  std::vector<wire::MplsLabel> labels(chance() ? number(3) : 0);
  for (wire::MplsLabel& one : labels) one = label();
  const bool is_time_exceeded = chance();
  const std::size_t shortest = v4 ? 28 : 48;
  return icmp_error_packet(
      ip(family), {.type = static_cast<std::uint8_t>(v4 ? (is_time_exceeded ? 11 : 3) : (is_time_exceeded ? 3 : 1)),
                   .code = static_cast<std::uint8_t>(is_time_exceeded ? 0 : number(3)),
                   .original = original,
                   .quoted_ttl = Ttl{static_cast<std::uint8_t>(1 + number(3))},
                   .quoted_bytes = chance() ? original.size() : shortest + number(16),
                   .mpls = labels});
}

}  // namespace smtpath::test
