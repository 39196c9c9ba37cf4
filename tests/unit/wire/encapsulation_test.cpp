// One SYN behind every header that may stand between the frame's beginning and IP.

#include <gtest/gtest.h>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::joined;
using test::syn;
using test::undecodable;

const Bytes kSyn4 = syn(Family::Ipv4);
const Bytes kSyn6 = syn(Family::Ipv6);

constexpr std::string_view kAddresses = "525400000001 525400000002";
constexpr std::string_view kSnap4 = "aaaa03 000000 0800";

void expect_syn(const Bytes& header, LinkType link, const Bytes& packet = kSyn4) {
  const Packet found = decoded(joined({header, packet}), link);
  const auto* const segment = std::get_if<TcpSegment>(&found.payload);
  ASSERT_NE(segment, nullptr);
  EXPECT_TRUE(segment->flags.syn);
  EXPECT_EQ(segment->destination_port, Port{25});
  EXPECT_EQ(segment->payload_length, 0U);
  EXPECT_EQ(found.ip.source.is_ipv4(), packet == kSyn4);
  EXPECT_FALSE(found.has_bad_checksum);
}

Bytes ethernet(std::string_view rest) {
  return joined({hex(kAddresses), hex(rest)});
}

void expect_syn_in_ethernet(std::string_view header, const Bytes& packet = kSyn4) {
  SCOPED_TRACE(header);
  expect_syn(ethernet(header), LinkType::Ethernet, packet);
}

Undecodable why_not(std::string_view header, LinkType link, const Bytes& packet = kSyn4) {
  return undecodable(joined({hex(header), packet}), link);
}

TEST(Encapsulation, PppoeSessionsCarryBothFamilies) {
  expect_syn_in_ethernet("8864 1100 0001 003e 0021");
  expect_syn_in_ethernet("8864 1100 0001 0052 0057", kSyn6);
  expect_syn_in_ethernet("8100 0064 8864 1100 0001 003e 0021");
  expect_syn_in_ethernet("8864 1100 0001 003d 21");
}

TEST(Encapsulation, PaddingBehindAPppoeSessionIsNoPayload) {
  Bytes reset = test::tcp_packet(test::ip_header(Family::Ipv4), {.flags = {.rst = true}});
  reset[3] = std::byte{46};  // as some that rewrite addresses do, it counts the padding
  const Packet packet = decoded(joined({ethernet("8864 1100 0001 002a 0021"), reset, Bytes(6)}), LinkType::Ethernet);
  EXPECT_TRUE(std::get<TcpSegment>(packet.payload).payload.empty());
}

TEST(Encapsulation, WhatPppoeSaysOfItselfIsNotIp) {
  EXPECT_EQ(undecodable(joined({ethernet("8864 11a7 0001 0000"), kSyn4}), LinkType::Ethernet), Undecodable::NotIp);
  EXPECT_EQ(undecodable(ethernet("8863 1109 0000 0004 01010000"), LinkType::Ethernet), Undecodable::NotIp);
  EXPECT_EQ(undecodable(ethernet("8864 1100 0001 0006 c021 0101 0004"), LinkType::Ethernet), Undecodable::NotIp);
}

TEST(Encapsulation, LabelStacksEndAtTheirBottom) {
  expect_syn_in_ethernet("8847 00010140");
  expect_syn_in_ethernet("8848 00010140", kSyn6);
  expect_syn_in_ethernet("8100 0064 8847 00010040 00020040 00030140");
}

TEST(Encapsulation, PseudoWiresCarryEthernetWithAndWithoutControlWord) {
  expect_syn_in_ethernet("8847 00010140 00000001 525400000003 525400000004 0800");
  expect_syn_in_ethernet("8847 00010140 005400000003 525400000004 0800");
  expect_syn_in_ethernet("8847 00010140 00000001 005400000003 525400000004 8100 0064 86dd", kSyn6);
}

TEST(Encapsulation, AStackWithoutBottomIsTruncated) {
  EXPECT_EQ(undecodable(ethernet("8847 00010040 00020040"), LinkType::Ethernet), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(ethernet("8847 00010040 0002"), LinkType::Ethernet), Undecodable::TruncatedLink);
}

TEST(Encapsulation, LengthsInPlaceOfTheEtherTypeLeadToLlc) {
  expect_syn_in_ethernet("0044 aaaa03 000000 0800");
  expect_syn_in_ethernet("0058 aaaa03 0000f8 86dd", kSyn6);
  expect_syn_in_ethernet("8100 0064 0044 aaaa03 000000 0800");
  expect_syn_in_ethernet("003f 060603");
  EXPECT_EQ(undecodable(ethernet("0026 424203 00000000"), LinkType::Ethernet), Undecodable::NotIp);
  EXPECT_EQ(undecodable(ethernet("0026 aaaa03 00000c 2000 02b4"), LinkType::Ethernet), Undecodable::NotIp);
  EXPECT_EQ(undecodable(ethernet("0003 aaaa03"), LinkType::Ethernet), Undecodable::TruncatedLink);
}

TEST(Encapsulation, TagsOfBackbonesAndSwitchesAreTakenOff) {
  expect_syn_in_ethernet("88e7 00000001 525400000003 525400000004 0800");
  expect_syn_in_ethernet("88a8 0064 88e7 00000001 525400000003 525400000004 8100 0065 86dd", kSyn6);
  expect_syn_in_ethernet("893f 000000010000 0800");
  expect_syn_in_ethernet("8926 00000001 8100 0064 0800");
  expect_syn(ethernet("00000001 0800"), LinkType::BroadcomTag);
  expect_syn(ethernet("00000001 0800"), LinkType::MarvellTag);
  expect_syn(ethernet("dada0000 00000001 86dd"), LinkType::MarvellEtherTypeTag, kSyn6);
}

TEST(Encapsulation, TagsUponTagsEndSomewhere) {
  Bytes frame = hex(kAddresses);
  for (int i = 0; i < 20000; ++i) frame = joined({frame, hex("81000064")});
  EXPECT_EQ(undecodable(joined({frame, hex("0800"), kSyn4}), LinkType::Ethernet), Undecodable::NotIp);
}

TEST(Encapsulation, PppComesWithAndWithoutAddressAndControl) {
  for (const LinkType link : {LinkType::Ppp, LinkType::PppHdlc}) {
    expect_syn(hex("ff03 0021"), link);
    expect_syn(hex("0057"), link, kSyn6);
    expect_syn(hex("21"), link);
    expect_syn(hex("ff03 0281 00010140"), link);
    expect_syn(hex("0f00 0800"), link);
    EXPECT_EQ(why_not("ff03 c021", link), Undecodable::NotIp);
  }
  expect_syn(hex("01 ff03 0021"), LinkType::PppWithDirection);
  expect_syn(hex("1100 0001 003e 0021"), LinkType::PppEther);
}

TEST(Encapsulation, OldLinksCarryLlcOrEtherTypes) {
  expect_syn(joined({hex("50"), hex(kAddresses), hex(kSnap4)}), LinkType::Fddi);
  expect_syn(joined({hex("1040"), hex(kAddresses), hex(kSnap4)}), LinkType::TokenRing);
  expect_syn(joined({hex("1040 525400000001 d25400000002 0670 0012 0020"), hex(kSnap4)}), LinkType::TokenRing);
  expect_syn(hex(kSnap4), LinkType::AtmRfc1483);
  expect_syn(hex("0f00 0800"), LinkType::CiscoHdlc);
  expect_syn(hex("5254000000015254 5254000000025254 86dd"), LinkType::AppleIpOverFirewire, kSyn6);
  expect_syn(joined({Bytes(40), hex("86dd 0000")}), LinkType::IpOverInfiniband, kSyn6);
  expect_syn(hex("00 40 0000000000000000000000000000"), LinkType::Slip);
  EXPECT_EQ(why_not("00 80 0000000000000000000000000000", LinkType::Slip), Undecodable::NotIp);
}

TEST(Encapsulation, FrameRelayNamesItsProtocolInEitherWay) {
  expect_syn(hex("1841 03cc"), LinkType::FrameRelay);
  expect_syn(hex("1841 038e"), LinkType::FrameRelay, kSyn6);
  expect_syn(hex("1841 0300 80 000000 0800"), LinkType::FrameRelay);
  expect_syn(hex("18400041 03cc"), LinkType::FrameRelay);
  expect_syn(hex("1841 0800"), LinkType::FrameRelay);
  EXPECT_EQ(why_not("1841 03b1", LinkType::FrameRelay), Undecodable::NotIp);
}

TEST(Encapsulation, RawPacketsHaveOtherNumbersElsewhere) {
  expect_syn({}, LinkType::RawOfBsd);
  expect_syn({}, LinkType::RawOfOpenBsd, kSyn6);
  expect_syn(hex("02000000 00001234 00000000"), LinkType::BsdEncapsulation);
}

constexpr std::string_view kThreeAddresses = "525400000001 525400000002 525400000003";

TEST(Encapsulation, WlanDataFramesCarryLlc) {
  const auto wlan = [](std::string_view control, std::string_view rest) {
    return joined({hex(control), hex("0000"), hex(kThreeAddresses), hex("0010"), hex(rest)});
  };
  expect_syn(wlan("0801", kSnap4), LinkType::Wlan);
  expect_syn(joined({wlan("0803", "525400000004"), hex(kSnap4)}), LinkType::Wlan);
  expect_syn(joined({wlan("8802", "0000"), hex(kSnap4)}), LinkType::Wlan);
  expect_syn(joined({wlan("8882", "0000 00000000"), hex(kSnap4)}), LinkType::Wlan);
  expect_syn(joined({wlan("8802", "0000 0000"), hex(kSnap4)}), LinkType::Wlan);  // padded
  expect_syn(joined({wlan("8802", "8000"), hex(kAddresses), hex("0044"), hex(kSnap4)}), LinkType::Wlan);
}

TEST(Encapsulation, WlanFramesWithoutReadableDataAreNotIp) {
  const Bytes rest = joined({hex("0000"), hex(kThreeAddresses), hex("0010"), hex(kSnap4), kSyn4});
  for (const char* const control : {"8000", "b400", "4801", "0841"}) {  // beacon, RTS, null data, encrypted
    EXPECT_EQ(undecodable(joined({hex(control), rest}), LinkType::Wlan), Undecodable::NotIp) << control;
  }
  const Bytes later_fragment = joined({hex("0801 0000"), hex(kThreeAddresses), hex("0110"), hex(kSnap4), kSyn4});
  EXPECT_EQ(undecodable(later_fragment, LinkType::Wlan), Undecodable::NotIp);
}

TEST(Encapsulation, HeadersOfMonitoringAreTakenOffFirst) {
  const Bytes wlan = joined({hex("0801 0000"), hex(kThreeAddresses), hex("0010"), hex(kSnap4)});
  expect_syn(joined({hex("0000 0c00 04800000 02001200"), wlan}), LinkType::WlanRadiotap);
  expect_syn(joined({Bytes(144), wlan}), LinkType::WlanPrism);
  expect_syn(joined({hex("80211001 00000040"), Bytes(56), wlan}), LinkType::WlanAvs);
  expect_syn(joined({hex("00000c00 69000000 00000000"), wlan}), LinkType::Ppi);
  EXPECT_EQ(why_not("0000 0200 04800000", LinkType::WlanRadiotap), Undecodable::TruncatedLink);
  EXPECT_EQ(why_not("0000 ff00 04800000", LinkType::WlanRadiotap), Undecodable::TruncatedLink);
}

TEST(Encapsulation, HeadersOfCapturesNameTheLinkTypeBehindThem) {
  const Bytes header = joined({hex("10000000 01000000 01000000 00000000"), hex(kAddresses), hex("0800")});
  expect_syn(header, LinkType::Pktap);
  expect_syn(hex("00000c00 65000000 00000000"), LinkType::Ppi);
  EXPECT_EQ(why_not("00000800 fe000000", LinkType::Ppi), Undecodable::UnknownLinkType);
  EXPECT_EQ(why_not("00000800 c0000000 00000800 65000000", LinkType::Ppi), Undecodable::UnknownLinkType) << "in itself";
  EXPECT_EQ(why_not("00000200 65000000", LinkType::Ppi), Undecodable::TruncatedLink);
}

TEST(Encapsulation, LogsOfFirewallsHoldThePacketBehindTheirAttributes) {
  expect_syn(hex("02000000 0800 0100 08000000 0500 0a00 00 000000 4000 0900"), LinkType::Nflog);
  EXPECT_EQ(undecodable(hex("07000000 2000 0900 0001 0800 06 04 0001"), LinkType::Nflog), Undecodable::NotIp);
  EXPECT_EQ(why_not("02000000 0000 0100", LinkType::Nflog), Undecodable::TruncatedLink);
  EXPECT_EQ(undecodable(hex("02000000 0800 0100 08000000"), LinkType::Nflog), Undecodable::TruncatedLink);
  Bytes pflog(64);
  pflog[0] = std::byte{61};
  expect_syn(pflog, LinkType::Pflog);
}

TEST(Encapsulation, CookedCapturesCarryTagsAndLlc) {
  expect_syn(hex("0000 0001 0006 525400000001 0000 8100 0064 0800"), LinkType::LinuxSll);
  expect_syn(joined({hex("0000 0001 0006 525400000001 0000 0004"), hex(kSnap4)}), LinkType::LinuxSll);
  expect_syn(hex("8864 0000 00000002 0001 00 06 525400000001 0000 1100 0001 003e 0021"), LinkType::LinuxSll2);
}

}  // namespace
}  // namespace smtpath::wire
