#pragma once

// Packets for the tests of this module: written as hex, put into link-layer frames, drawn at random, and one sample of
// everything that the module decodes.

#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/wire/decode.h"
#include "support/packets.h"

namespace smtpath::test {

/// "45 00 …"; blanks are skipped.
Bytes hex(std::string_view text);

Bytes joined(std::initializer_list<Bytes> parts);

IpAddress address(std::string_view text);

/// A header from host to server (or a router of the family) with TTL 55.
wire::IpHeader ip_header(Family family);

/// A SYN of the host to port 25, as smtpath sends it; a timestamp of 0x01020304.
Bytes syn(Family family, std::uint16_t number = 7, std::uint32_t timestamp = 0x01020304);

/// Link-layer headers in front of `packet`; the EtherType is that of its IP version.
Bytes in_ethernet(const Bytes& packet, const std::vector<std::uint16_t>& tag_types = {});
Bytes in_cooked_v1(const Bytes& packet, std::uint16_t packet_type);
Bytes in_cooked_v2(const Bytes& packet, std::uint8_t packet_type, std::uint32_t interface_index);

/// Decodes a raw IP packet and fails the test where it does not decode.
wire::Packet decoded(const Bytes& packet, LinkType link = LinkType::Raw);

/// The reason why it does not decode; fails the test where it does.
wire::Undecodable undecodable(const Bytes& frame, LinkType link = LinkType::Raw);

struct Sample {
  std::string name;
  LinkType link = LinkType::Raw;
  Bytes bytes;
};

std::vector<Sample> samples();

/// What a test draws its randomness from; SMTPATH_TEST_SEED in the environment chooses another run than the usual.
unsigned test_seed();

class RandomPackets {
 public:
  explicit RandomPackets(unsigned seed) : engine_(seed) {}

  std::uint32_t number(std::uint32_t most);
  bool chance() { return number(1) == 1; }
  Family family() { return chance() ? Family::Ipv4 : Family::Ipv6; }
  IpAddress address(Family family);
  wire::IpHeader ip(Family family);
  /// Without payload.
  wire::TcpSegment segment();
  wire::MplsLabel label();
  /// A TCP segment, a quoting ICMP error with or without labels, or an echo.
  Bytes packet();

 private:
  Bytes icmp_error(Family family);

  std::mt19937 engine_;
};

}  // namespace smtpath::test
