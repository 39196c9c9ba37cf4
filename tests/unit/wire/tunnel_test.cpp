// One SYN in every tunnel that is looked into: the innermost addresses are the packet's.

#include <gtest/gtest.h>

#include "unit/wire/frames.h"
#include "unit/wire/tunnels.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::in_ip;
using test::joined;
using test::syn;
using test::undecodable;

const Bytes kSyn4 = syn(Family::Ipv4);
const Bytes kSyn6 = syn(Family::Ipv6);
const Bytes kEthernet4 = test::in_ethernet(kSyn4);

// Such a packet inside is the same as outside of all tunnels.
void expect_inside(const Bytes& tunnel, const Bytes& packet = kSyn4) {
  const Packet found = decoded(tunnel);
  const Packet plain = decoded(packet);
  EXPECT_EQ(found.ip.source, plain.ip.source);
  EXPECT_EQ(found.ip.destination, plain.ip.destination);
  EXPECT_EQ(found.ip.ttl, plain.ip.ttl);
  EXPECT_EQ(found.ip.protocol, 6);
  ASSERT_TRUE(std::holds_alternative<TcpSegment>(found.payload));
  EXPECT_EQ(std::get<TcpSegment>(found.payload).sequence, std::get<TcpSegment>(plain.payload).sequence);
  EXPECT_FALSE(found.has_bad_checksum);
}

void expect_not_looked_into(const Bytes& packet, std::uint8_t protocol) {
  const Packet found = decoded(packet);
  EXPECT_EQ(found.ip.protocol, protocol);
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(found.payload));
}

constexpr std::uint8_t kGre = 47;
constexpr std::uint8_t kUdp = 17;

Bytes in_gre(std::string_view header, const Bytes& payload, Family outer = Family::Ipv4) {
  return in_ip(outer, kGre, joined({hex(header), payload}));
}

Bytes in_udp(std::string_view ports, std::string_view header, const Bytes& payload) {
  return in_ip(Family::Ipv4, kUdp, joined({hex(ports), hex("0000 0000"), hex(header), payload}));
}

TEST(Tunnel, IpInIpOfAllFourKinds) {
  expect_inside(in_ip(Family::Ipv4, 4, kSyn4));
  expect_inside(in_ip(Family::Ipv4, 41, kSyn6), kSyn6);
  expect_inside(in_ip(Family::Ipv6, 4, kSyn4));
  expect_inside(in_ip(Family::Ipv6, 41, kSyn6), kSyn6);
}

TEST(Tunnel, AuthenticationHeadersAreWalkedInBothFamilies) {
  const Bytes header = hex("0604 0000 00000001 00000001 000000000000000000000000");
  const Bytes segment(kSyn4.begin() + 20, kSyn4.end());
  const Packet found = decoded(in_ip(Family::Ipv4, 51, joined({header, segment})));
  EXPECT_EQ(std::get<TcpSegment>(found.payload).sequence, 0xdeadbeef);
  Bytes tunnel = header;
  tunnel[0] = std::byte{4};
  expect_inside(in_ip(Family::Ipv6, 51, joined({tunnel, kSyn4})));
  EXPECT_EQ(undecodable(in_ip(Family::Ipv4, 51, hex("06ff 0000 00000001"))), Undecodable::BadIpHeader);
}

TEST(Tunnel, GreHasOptionalFields) {
  expect_inside(in_gre("0000 0800", kSyn4));
  expect_inside(in_gre("0000 86dd", kSyn6, Family::Ipv6), kSyn6);
  expect_inside(in_gre("8000 0800 12340000", kSyn4));
  expect_inside(in_gre("2000 0800 00000007", kSyn4));
  expect_inside(in_gre("1000 0800 00000001", kSyn4));
  expect_inside(in_gre("b000 0800 12340000 00000007 00000001", kSyn4));
}

TEST(Tunnel, GreCarriesEthernetAndPppToo) {
  expect_inside(in_gre("0000 6558", kEthernet4));
  expect_inside(in_gre("2000 6558 00000101", kEthernet4));
  expect_inside(in_gre("3001 880b 00400001 00000001", joined({hex("ff03 0021"), kSyn4})));
  expect_inside(in_gre("3081 880b 00400001 00000001 00000000", joined({hex("21"), kSyn4})));
  expect_inside(in_gre("2001 6400 00000007", kEthernet4));
  expect_inside(in_gre("0000 8847", joined({hex("00010140"), kSyn4})));
}

TEST(Tunnel, MirrorsOverGreCarryEthernet) {
  expect_inside(in_gre("0000 88be", kEthernet4));
  expect_inside(in_gre("1000 88be 00000001", joined({Bytes(8), kEthernet4})));
  expect_inside(in_gre("1000 22eb 00000001", joined({Bytes(12), kEthernet4})));
  Bytes with_platform(12 + 8);
  with_platform[11] = std::byte{1};
  expect_inside(in_gre("1000 22eb 00000001", joined({with_platform, kEthernet4})));
}

TEST(Tunnel, RedirectedWebTrafficOverGre) {
  expect_inside(in_gre("0000 883e", kSyn4));
  expect_inside(in_gre("0000 883e 00000000", kSyn4));
}

TEST(Tunnel, EthernetAndLabelsRightInIp) {
  expect_inside(in_ip(Family::Ipv4, 97, joined({hex("3000"), kEthernet4})));
  expect_inside(in_ip(Family::Ipv6, 143, kEthernet4));
  expect_inside(in_ip(Family::Ipv4, 137, joined({hex("00010140"), kSyn6})), kSyn6);
}

TEST(Tunnel, UdpPortsOfTunnels) {
  expect_inside(in_udp("c000 12b5", "08000000 00000100", kEthernet4));
  expect_inside(in_udp("c000 17c1", "00006558 00000100", kEthernet4));
  expect_inside(in_udp("c000 17c1", "02000800 00000100 0102030405060708", kSyn4));
  expect_inside(in_udp("0868 0868", "30ff0028 00000001", kSyn4));
  expect_inside(in_udp("0868 0868", "32ff002c 00000001 00010000", kSyn4));
  expect_inside(in_udp("0868 0868", "34ff0030 00000001 00000085 01000000", kSyn4));
  expect_inside(in_udp("c000 19eb", "00010140", kSyn4));
  expect_inside(in_udp("06a5 06a5", "0002 0001 0002 ff030021", kSyn4));
  expect_inside(in_udp("06a5 c000", "4a02 0050 0001 0002 0000 0000 0002 0000 21", kSyn4));
}

TEST(Tunnel, UdpThatOnlyHasSuchAPortIsLeftAlone) {
  expect_not_looked_into(in_udp("c000 12b5", "00000000 00000100", kEthernet4), kUdp);
  expect_not_looked_into(in_udp("c000 17c1", "00001234 00000100", kEthernet4), kUdp);
  expect_not_looked_into(in_udp("0868 0868", "30010004 00000001", kSyn4), kUdp);
  expect_not_looked_into(in_udp("06a5 06a5", "c802 000c 0001 0000 0000 0001", {}), kUdp);
  expect_not_looked_into(in_udp("c000 0035", "08000000 00000100", kEthernet4), kUdp);
}

TEST(Tunnel, WhatIsNoIpInsideStaysThePacketOutside) {
  expect_not_looked_into(in_gre("0000 2000", hex("02b4")), kGre);
  expect_not_looked_into(in_gre("0000 0806", hex("0001 0800 06 04 0001")), kGre);
  expect_not_looked_into(in_gre("4000 0800 00000000", kSyn4), kGre);
  expect_not_looked_into(in_gre("0002 0800", kSyn4), kGre);
}

TEST(Tunnel, WhatIsBrokenInsideKeepsItsReason) {
  EXPECT_EQ(undecodable(in_ip(Family::Ipv4, 4, Bytes(kSyn4.begin(), kSyn4.begin() + 12))), Undecodable::TruncatedIp);
  EXPECT_EQ(undecodable(in_ip(Family::Ipv4, 4, hex("50000000"))), Undecodable::BadIpHeader);
  EXPECT_EQ(undecodable(in_gre("2000 0800 0000", {})), Undecodable::TruncatedTransport);
  EXPECT_EQ(undecodable(in_gre("0000 6558", hex(std::string_view("525400000001")))), Undecodable::TruncatedLink);
}

TEST(Tunnel, FourLevelsAreLookedInto) {
  Bytes packet = kSyn4;
  for (int level = 0; level < 4; ++level)
    packet = in_ip(level % 2 == 0 ? Family::Ipv6 : Family::Ipv4, level == 0 || level == 2 ? 4 : 41, packet);
  expect_inside(packet);
  expect_not_looked_into(in_ip(Family::Ipv4, 4, packet), 4);
}

TEST(Tunnel, ChecksumsInsideAreVerified) {
  Bytes packet = kSyn4;
  packet.back() ^= std::byte{1};
  EXPECT_TRUE(decoded(in_ip(Family::Ipv6, 4, packet)).has_bad_checksum);
}

}  // namespace
}  // namespace smtpath::wire
