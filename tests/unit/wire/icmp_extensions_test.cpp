// MPLS labels behind quotes, as routers really send them: by the book, old style, and wrong.

#include <gtest/gtest.h>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::icmp_error_packet;
using test::ip_header;
using test::joined;
using test::syn;

const std::vector<MplsLabel> kLabels = {{.label = 24001, .traffic_class = 5, .ttl = 1},
                                        {.label = 1048575, .bottom_of_stack = true, .ttl = 254}};

std::vector<MplsLabel> labels_in(const Bytes& packet) {
  const Packet found = decoded(packet);
  const auto view = std::get<IcmpError>(found.payload).mpls.view();
  return {view.begin(), view.end()};
}

std::uint8_t time_exceeded(Family family) {
  return family == Family::Ipv4 ? 11 : 3;
}

Bytes by_the_book(Family family, std::span<const MplsLabel> labels = kLabels) {
  return icmp_error_packet(ip_header(family), {.type = time_exceeded(family), .original = syn(family), .mpls = labels});
}

// Where things are in the IPv4 packet above.
constexpr std::size_t kLengthAt = 20 + 5;
constexpr std::size_t kExtensionAt = 20 + 8 + 128;

TEST(IcmpExtensions, LabelsByTheBookAreRead) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Bytes packet = by_the_book(family);
    EXPECT_EQ(labels_in(packet), kLabels);
    EXPECT_FALSE(decoded(packet).has_bad_checksum);
  }
}

TEST(IcmpExtensions, TheQuoteBeforeThemIsReadWithoutItsPadding) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Packet packet = decoded(by_the_book(family));
    const auto& quote = std::get<IcmpError>(packet.payload).quote;
    ASSERT_TRUE(quote);
    EXPECT_EQ(quote->length, syn(family).size());
    EXPECT_EQ(std::get<QuotedTcp>(quote->transport).options.timestamps, (TcpTimestamps{0x01020304, 0}));
  }
}

TEST(IcmpExtensions, WithoutALengthTheyBeginAtByte128) {
  Bytes packet = by_the_book(Family::Ipv4);
  packet[kLengthAt] = std::byte{0};
  EXPECT_EQ(labels_in(packet), kLabels);
}

TEST(IcmpExtensions, AWrongLengthFallsBackToByte128) {
  for (const int length : {1, 5, 15, 31, 33, 36, 255}) {
    Bytes packet = by_the_book(Family::Ipv4);
    packet[kLengthAt] = static_cast<std::byte>(length);
    EXPECT_EQ(labels_in(packet), kLabels) << length;
    EXPECT_TRUE(std::get<IcmpError>(decoded(packet).payload).quote) << length;
  }
}

TEST(IcmpExtensions, AQuoteLongerThan128BytesPushesThemBack) {
  const Bytes original = test::tcp_packet(ip_header(Family::Ipv4), {.payload = Bytes(200)});
  const Bytes packet = icmp_error_packet(ip_header(Family::Ipv4),
                                         {.type = 11, .original = original, .quoted_bytes = 161, .mpls = kLabels});
  EXPECT_EQ(labels_in(packet), kLabels);
}

TEST(IcmpExtensions, AChecksumOfZeroWasNotComputed) {
  Bytes packet = by_the_book(Family::Ipv4);
  packet[kExtensionAt + 2] = packet[kExtensionAt + 3] = std::byte{0};
  EXPECT_EQ(labels_in(packet), kLabels);
  packet[kLengthAt] = std::byte{0};
  EXPECT_EQ(labels_in(packet), kLabels);
}

TEST(IcmpExtensions, AWrongChecksumOrVersionIsNoExtension) {
  Bytes packet = by_the_book(Family::Ipv4);
  packet[kExtensionAt + 2] ^= std::byte{1};
  EXPECT_TRUE(labels_in(packet).empty());
  packet = by_the_book(Family::Ipv4);
  packet[kExtensionAt] = std::byte{0x10};
  EXPECT_TRUE(labels_in(packet).empty());
}

TEST(IcmpExtensions, TheTextOfALongQuoteIsNoExtension) {
  Bytes text(200, std::byte{0x20});
  const Bytes original = test::tcp_packet(ip_header(Family::Ipv4), {.payload = text});
  EXPECT_TRUE(labels_in(icmp_error_packet(ip_header(Family::Ipv4), {.type = 11, .original = original})).empty());
}

TEST(IcmpExtensions, CutByTheCaptureTheyCountAsFarAsTheyGo) {
  Bytes packet = by_the_book(Family::Ipv4);
  packet.resize(packet.size() - 2);
  EXPECT_EQ(labels_in(packet), std::vector<MplsLabel>{kLabels.front()});
}

TEST(IcmpExtensions, ObjectsOfOtherClassesAreSkipped) {
  Bytes packet = by_the_book(Family::Ipv4);
  const Bytes interface_information = hex("000c 020a 0000000300000000");
  packet.insert(packet.begin() + kExtensionAt + 4, interface_information.begin(), interface_information.end());
  packet[3] = static_cast<std::byte>(packet.size());
  packet[kExtensionAt + 2] = packet[kExtensionAt + 3] = std::byte{0};
  EXPECT_EQ(labels_in(packet), kLabels);
}

TEST(IcmpExtensions, AnObjectLengthThatLiesStaysWithinThePacket) {
  for (const int length : {0, 3, 255}) {
    Bytes packet = by_the_book(Family::Ipv4);
    packet[kExtensionAt + 2] = packet[kExtensionAt + 3] = std::byte{0};
    packet[kExtensionAt + 5] = static_cast<std::byte>(length);
    EXPECT_EQ(labels_in(packet), length == 255 ? kLabels : std::vector<MplsLabel>{}) << length;
  }
}

TEST(IcmpExtensions, ADeeperStackIsCut) {
  const std::vector<MplsLabel> deep(20, MplsLabel{.label = 16, .ttl = 1});
  EXPECT_EQ(labels_in(by_the_book(Family::Ipv4, deep)).size(), MplsStack::kMaxLabels);
}

}  // namespace
}  // namespace smtpath::wire
