// One SYN in every link layer that captures come with.

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::in_cooked_v1;
using test::in_cooked_v2;
using test::in_ethernet;
using test::joined;
using test::syn;
using test::undecodable;

const Bytes kSyn4 = syn(Family::Ipv4);
const Bytes kSyn6 = syn(Family::Ipv6);

void expect_syn(const Packet& packet) {
  const auto* const segment = std::get_if<TcpSegment>(&packet.payload);
  ASSERT_NE(segment, nullptr);
  EXPECT_TRUE(segment->flags.syn);
  EXPECT_EQ(segment->destination_port, Port{25});
  EXPECT_TRUE(segment->payload.empty());
  EXPECT_EQ(segment->payload_length, 0U);
  EXPECT_FALSE(packet.has_bad_checksum);
}

TEST(LinkLayer, EthernetCarriesBothFamilies) {
  expect_syn(decoded(in_ethernet(kSyn4), LinkType::Ethernet));
  expect_syn(decoded(in_ethernet(kSyn6), LinkType::Ethernet));
}

TEST(LinkLayer, EthernetTagsMayBeStacked) {
  expect_syn(decoded(in_ethernet(kSyn4, {0x8100}), LinkType::Ethernet));
  expect_syn(decoded(in_ethernet(kSyn6, {0x88a8, 0x8100}), LinkType::Ethernet));
  expect_syn(decoded(in_ethernet(kSyn4, {0x9100, 0x8100, 0x8100}), LinkType::Ethernet));
}

TEST(LinkLayer, EthernetPaddingIsNoPayload) {
  const Bytes reset =
      test::tcp_packet(test::ip_header(Family::Ipv4), {.source_port = Port{25}, .flags = {.rst = true}});
  const Packet packet = decoded(joined({in_ethernet(reset), hex("ffffffffffff")}), LinkType::Ethernet);
  EXPECT_TRUE(std::get<TcpSegment>(packet.payload).payload.empty());
  EXPECT_EQ(packet.ip.total_length, 40U);
  EXPECT_FALSE(packet.has_bad_checksum);
}

TEST(LinkLayer, EthernetFramesOfOtherProtocolsAreNotIp) {
  EXPECT_EQ(undecodable(hex("ffffffffffff 525400000002 88cc 0001080006040001"), LinkType::Ethernet),
            Undecodable::NotIp);
  EXPECT_EQ(undecodable(hex("ffffffffffff 525400000002 8100 0064 88cc 0001"), LinkType::Ethernet), Undecodable::NotIp);
}

TEST(LinkLayer, CookedCapturesTellWhetherTheFrameLeavesThisHost) {
  EXPECT_TRUE(decoded(in_cooked_v1(kSyn4, 4), LinkType::LinuxSll).is_outgoing);
  EXPECT_FALSE(decoded(in_cooked_v1(kSyn6, 0), LinkType::LinuxSll).is_outgoing);
  EXPECT_TRUE(decoded(in_cooked_v2(kSyn4, 4, 2), LinkType::LinuxSll2).is_outgoing);
  EXPECT_FALSE(decoded(in_cooked_v2(kSyn6, 0, 2), LinkType::LinuxSll2).is_outgoing);
  expect_syn(decoded(in_cooked_v1(kSyn4, 4), LinkType::LinuxSll));
  expect_syn(decoded(in_cooked_v2(kSyn6, 0, 2), LinkType::LinuxSll2));
}

TEST(LinkLayer, CookedCapturesOfVersion2NameTheInterface) {
  EXPECT_EQ(decoded(in_cooked_v2(kSyn4, 0, 70000), LinkType::LinuxSll2).interface_index, 70000U);
  EXPECT_EQ(decoded(in_cooked_v1(kSyn4, 0), LinkType::LinuxSll).interface_index, 0U);
}

TEST(LinkLayer, RawPacketsAreOfEitherFamily) {
  expect_syn(decoded(kSyn4, LinkType::Raw));
  expect_syn(decoded(kSyn6, LinkType::Raw));
  expect_syn(decoded(kSyn4, LinkType::Ipv4));
  expect_syn(decoded(kSyn6, LinkType::Ipv6));
}

TEST(LinkLayer, NullHeadersComeInEitherByteOrderAndEveryFamilyNumber) {
  for (const char* const family : {"02000000", "00000002"}) {
    expect_syn(decoded(joined({hex(family), kSyn4}), LinkType::Null));
  }
  for (const char* const family : {"18000000", "1c000000", "1e000000", "0a000000", "0000001e"}) {
    expect_syn(decoded(joined({hex(family), kSyn6}), LinkType::Null));
  }
  EXPECT_EQ(undecodable(joined({hex("07000000"), kSyn4}), LinkType::Null), Undecodable::NotIp);
}

TEST(LinkLayer, LoopHeadersAreInNetworkOrder) {
  expect_syn(decoded(joined({hex("00000002"), kSyn4}), LinkType::Loop));
  expect_syn(decoded(joined({hex("00000018"), kSyn6}), LinkType::Loop));
}

TEST(LinkLayer, FramesShorterThanTheirHeaderAreTruncated) {
  EXPECT_EQ(undecodable(hex("525400000001"), LinkType::Ethernet), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(hex("525400000001 525400000002 8100 00"), LinkType::Ethernet), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(hex("0004 0001 0006 5254"), LinkType::LinuxSll), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(hex("0800 0000 0000"), LinkType::LinuxSll2), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(hex("0200"), LinkType::Null), Undecodable::TruncatedLink);
}

TEST(LinkLayer, UnknownLinkTypesAreCountedAsSuch) {
  EXPECT_EQ(undecodable(kSyn4, LinkType{220}), Undecodable::UnknownLinkType);
}

TEST(LinkLayer, EveryReasonHasAKeyOfItsOwn) {
  std::vector<std::string_view> keys;
  for (std::size_t kind = 0; kind < kUndecodableKinds; ++kind) {
    const std::string_view key = to_string(static_cast<Undecodable>(kind));
    EXPECT_FALSE(key.empty());
    EXPECT_EQ(std::count(keys.begin(), keys.end(), key), 0);
    keys.push_back(key);
  }
}

}  // namespace
}  // namespace smtpath::wire
