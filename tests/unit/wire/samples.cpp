#include "unit/wire/samples.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <limits>

#include "smtpath/wire/probe_packet.h"

namespace smtpath::test {

namespace {

Bytes ether_type_of(const Bytes& packet) {
  return !packet.empty() && (packet.front() >> 4) == std::byte{6} ? hex("86dd") : hex("0800");
}

Bytes big_endian(std::uint32_t number, int length) {
  Bytes bytes;
  for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(number >> shift));
  return bytes;
}

// IPv6 with one of each extension header in front of a TCP header.
Bytes with_ipv6_extensions() {
  const Bytes tcp = syn(Family::Ipv6);
  const Bytes segment(tcp.begin() + 40, tcp.end());
  const Bytes extensions =
      hex("3c00 010400000000"                                         // hop-by-hop, then destination options
          "2b01 010c000000000000 000000000000"                        // two units long, then routing
          "2c00 000000000000"                                         // routing, no segments left, then fragment
          "3300 0000 00000001"                                        // fragment 0, the only one, then AH
          "0604 0000 00000001 00000001 000000000000 00000000 0000");  // AH, six words, then TCP
  Bytes header(tcp.begin(), tcp.begin() + 40);
  const std::size_t length = extensions.size() + segment.size();
  header[5] = static_cast<std::byte>(length);
  header[6] = std::byte{0};
  return joined({header, extensions, segment});
}

Bytes with_ipv4_options() {
  const Bytes tcp = syn(Family::Ipv4);
  Bytes header(tcp.begin(), tcp.begin() + 20);
  header[0] = std::byte{0x46};
  header[3] = static_cast<std::byte>(tcp.size() + 4);
  return joined({header, hex("94040000"), Bytes(tcp.begin() + 20, tcp.end())});
}

wire::IpHeader from_router(Family family) {
  wire::IpHeader ip = ip_header(family);
  ip.source = address(family == Family::Ipv4 ? "198.51.100.1" : "2001:db8:1::1");
  return ip;
}

void add_family(std::vector<Sample>& list, Family family) {
  const bool v4 = family == Family::Ipv4;
  const std::string suffix(to_string(family));
  const wire::MplsLabel labels[] = {{.label = 24001, .traffic_class = 1, .ttl = 1},
                                    {.label = 16, .bottom_of_stack = true, .ttl = 254}};
  const Bytes original = syn(family);
  const Bytes text = hex("323230206d782e6578616d706c65");
  const auto add = [&](std::string_view name, Bytes bytes) {
    list.push_back({std::string(name) + " " + suffix, LinkType::Raw, std::move(bytes)});
  };
  add("syn", original);
  add("data", tcp_packet(ip_header(family), {.source_port = Port{25},
                                             .destination_port = Port{40112},
                                             .flags = {.psh = true, .ack = true},
                                             .options = {.timestamps = wire::TcpTimestamps{1, 2}},
                                             .payload = text}));
  add("time exceeded",
      icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{11} : std::uint8_t{3}, .original = original}));
  add("time exceeded, short quote",
      icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{11} : std::uint8_t{3},
                                              .original = original,
                                              .quoted_bytes = v4 ? std::size_t{28} : std::size_t{48}}));
  add("unreachable with labels",
      icmp_error_packet(
          from_router(family),
          {.type = v4 ? std::uint8_t{3} : std::uint8_t{1}, .code = 1, .original = original, .mpls = labels}));
  add("too big", icmp_error_packet(from_router(family), {.type = v4 ? std::uint8_t{3} : std::uint8_t{2},
                                                         .code = v4 ? std::uint8_t{4} : std::uint8_t{0},
                                                         .rest = 1400,
                                                         .original = original}));
  add("echo reply", echo_packet(ip_header(family), {.is_reply = true, .identifier = 1, .sequence = 2}, text));
  add("quoted echo", icmp_error_packet(from_router(family),
                                       {.type = v4 ? std::uint8_t{11} : std::uint8_t{3},
                                        .original = echo_packet(ip_header(family), {.identifier = 1, .sequence = 2})}));
}

}  // namespace

Bytes hex(std::string_view text) {
  Bytes bytes;
  std::string digits;
  for (const char letter : text) {
    if (letter == ' ') continue;
    digits += letter;
    if (digits.size() < 2) continue;
    unsigned number = 0;
    std::from_chars(digits.data(), digits.data() + 2, number, 16);
    bytes.push_back(static_cast<std::byte>(number));
    digits.clear();
  }
  return bytes;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

IpAddress address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(IpAddress());
}

wire::IpHeader ip_header(Family family) {
  const bool v4 = family == Family::Ipv4;
  return {.source = address(v4 ? "203.0.113.9" : "2001:db8::25"),
          .destination = address(v4 ? "192.0.2.5" : "2001:db8:5::5"),
          .ttl = Ttl{55}};
}

Bytes syn(Family family, std::uint16_t number, std::uint32_t timestamp) {
  const wire::IpHeader reply = ip_header(family);
  wire::SynTemplate packet({.source = reply.destination,
                            .destination = reply.source,
                            .source_port = Port{40112},
                            .destination_port = Port{25},
                            .sequence = 0xdeadbeef,
                            .flow_label = 0x12345});
  const auto bytes = packet.stamp({.ttl = Ttl{3}, .number = number, .timestamp = timestamp});
  return Bytes(bytes.begin(), bytes.end());
}

Bytes in_ethernet(const Bytes& packet, const std::vector<std::uint16_t>& tag_types) {
  Bytes frame = hex("525400000001 525400000002");
  for (const std::uint16_t type : tag_types) frame = joined({frame, big_endian(type, 2), hex("0064")});
  return joined({frame, ether_type_of(packet), packet});
}

Bytes in_cooked_v1(const Bytes& packet, std::uint16_t packet_type) {
  return joined({big_endian(packet_type, 2), hex("0001 0006 525400000001 0000"), ether_type_of(packet), packet});
}

Bytes in_cooked_v2(const Bytes& packet, std::uint8_t packet_type, std::uint32_t interface_index) {
  return joined({ether_type_of(packet), hex("0000"), big_endian(interface_index, 4), hex("0001"),
                 big_endian(packet_type, 1), hex("06 525400000001 0000"), packet});
}

wire::Packet decoded(const Bytes& packet, LinkType link) {
  const wire::Decoded result = wire::decode(link, packet);
  const auto* const found = std::get_if<wire::Packet>(&result);
  if (found != nullptr) return *found;
  ADD_FAILURE() << "not decoded: " << to_string(std::get<wire::Undecodable>(result));
  return {};
}

wire::Undecodable undecodable(const Bytes& frame, LinkType link) {
  const wire::Decoded result = wire::decode(link, frame);
  const auto* const reason = std::get_if<wire::Undecodable>(&result);
  if (reason != nullptr) return *reason;
  ADD_FAILURE() << "decoded";
  return {};
}

std::vector<Sample> samples() {
  const Bytes v4 = syn(Family::Ipv4);
  const Bytes v6 = syn(Family::Ipv6);
  std::vector<Sample> list;
  add_family(list, Family::Ipv4);
  add_family(list, Family::Ipv6);
  list.push_back({"ipv4 options", LinkType::Raw, with_ipv4_options()});
  list.push_back({"ipv6 extensions", LinkType::Raw, with_ipv6_extensions()});
  list.push_back({"ethernet", LinkType::Ethernet, in_ethernet(v4)});
  list.push_back({"stacked tags", LinkType::Ethernet, in_ethernet(v6, {0x88a8, 0x8100})});
  list.push_back({"cooked v1", LinkType::LinuxSll, in_cooked_v1(v4, 4)});
  list.push_back({"cooked v2", LinkType::LinuxSll2, in_cooked_v2(v6, 4, 3)});
  list.push_back({"null", LinkType::Null, joined({hex("1e000000"), v6})});
  list.push_back({"loop", LinkType::Loop, joined({hex("00000002"), v4})});
  return list;
}

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
