#include "unit/wire/frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>

#include "smtpath/wire/probe_packet.h"
#include "wire/checksum.h"

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

Bytes syn_with_ipv4_options() {
  const Bytes plain = syn(Family::Ipv4);
  Bytes header = joined({Bytes(plain.begin(), plain.begin() + 20), hex("94040000")});  // router alert
  header[0] = std::byte{0x46};
  header[3] = static_cast<std::byte>(plain.size() + 4);
  header[10] = header[11] = std::byte{0};
  const Bytes checksum = big_endian(~std::uint32_t{wire::ones_complement_sum(header)}, 2);
  std::copy(checksum.begin(), checksum.end(), header.begin() + 10);
  return joined({header, Bytes(plain.begin() + 20, plain.end())});
}

Bytes syn_with_ipv6_extensions() {
  const Bytes plain = syn(Family::Ipv6);
  const Bytes extensions =
      hex("3c00 010400000000"                                       // hop-by-hop
          "2b01 010c 000000000000000000000000"                      // destination options
          "2c00 000000000000"                                       // routing, no segments left
          "3300 0000 00000001"                                      // fragment: the first and only one
          "0604 0000 00000001 00000001 000000000000000000000000");  // authentication
  Bytes header(plain.begin(), plain.begin() + 40);
  header[5] = static_cast<std::byte>(plain.size() - 40 + extensions.size());
  header[6] = std::byte{0};
  return joined({header, extensions, Bytes(plain.begin() + 40, plain.end())});
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

Frame raw_frame(const Bytes& packet, Time at, std::size_t cut) {
  Frame frame;
  frame.time = at;
  frame.link = LinkType::Raw;
  frame.bytes = packet;
  frame.original_length = static_cast<std::uint32_t>(packet.size() + cut);
  return frame;
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

}  // namespace smtpath::test
