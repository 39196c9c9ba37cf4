// Frames one after another: fragments become whole packets, within bounds.

#include "smtpath/wire/decoder.h"

#include <gtest/gtest.h>

#include "unit/wire/frames.h"
#include "unit/wire/tunnels.h"

namespace smtpath::wire {
namespace {

using namespace std::chrono_literals;

using test::Bytes;
using test::fragment;
using test::fragments;
using test::hex;
using test::in_ip;
using test::ip_header;
using test::joined;

constexpr Time kStart{1'600'000'000s};

Bytes text(std::size_t length, char first = 'a') {
  Bytes bytes;
  for (std::size_t i = 0; i < length; ++i) bytes.push_back(static_cast<std::byte>(first + static_cast<char>(i % 23)));
  return bytes;
}

Bytes segment(Family family, const Bytes& payload) {
  return test::tcp_packet(ip_header(family), {.source_port = Port{25},
                                              .destination_port = Port{40112},
                                              .sequence = 1000,
                                              .flags = {.ack = true},
                                              .payload = payload});
}

class DecoderTest : public testing::Test {
 protected:
  Packet feed(const Bytes& packet, Duration at = {}, std::size_t cut = 0) {
    const Decoded decoded = decoder_.decode(test::raw_frame(packet, kStart + at, cut));
    const auto* const found = std::get_if<Packet>(&decoded);
    if (found != nullptr) return *found;
    ADD_FAILURE() << to_string(std::get<Undecodable>(decoded));
    return {};
  }

  void expect_nothing_yet(const Bytes& packet, Duration at = {}) {
    EXPECT_TRUE(std::holds_alternative<OtherPayload>(feed(packet, at).payload));
  }

  void expect_payload(const Packet& packet, const Bytes& payload) {
    const auto* const found = std::get_if<TcpSegment>(&packet.payload);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(Bytes(found->payload.begin(), found->payload.end()), payload);
    EXPECT_EQ(found->payload_length, payload.size());
    EXPECT_EQ(found->sequence, 1000U);
    EXPECT_FALSE(packet.ip.is_fragment());
  }

  const FragmentCounters& counters() const { return decoder_.fragments(); }

 private:
  Decoder decoder_;
};

TEST_F(DecoderTest, WholePacketsPassAsTheyAre) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) expect_payload(feed(segment(family, text(100))), text(100));
  EXPECT_EQ(counters().fragments, 0U);
}

TEST_F(DecoderTest, DoesNotLookAtTransportChecksums) {
  Bytes packet = segment(Family::Ipv4, text(10));
  packet.back() ^= std::byte{1};
  EXPECT_FALSE(feed(packet).has_bad_checksum);
  EXPECT_TRUE(test::decoded(packet).has_bad_checksum);
}

TEST_F(DecoderTest, FragmentsInOrderBecomeAWholePacket) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const auto parts = fragments(segment(family, text(1000)), 7, 400);
    ASSERT_EQ(parts.size(), 3U);
    expect_nothing_yet(parts[0]);
    expect_nothing_yet(parts[1]);
    EXPECT_TRUE(feed(parts[1]).ip.is_fragment());
    const Packet whole = feed(parts[2]);
    expect_payload(whole, text(1000));
    EXPECT_EQ(whole.ip.source, ip_header(family).source);
    EXPECT_EQ(whole.ip.ttl, Ttl{55});
    EXPECT_EQ(whole.ip.protocol, 6);
  }
  EXPECT_EQ(counters().fragments, 8U);
  EXPECT_EQ(counters().reassembled, 2U);
  EXPECT_EQ(counters().waiting, 0U);
  EXPECT_EQ(counters().given_up, 0U);
}

TEST_F(DecoderTest, TheHeaderIsThatOfTheFirstFragment) {
  auto parts = fragments(segment(Family::Ipv4, text(100)), 7, 64);
  parts[1][8] = std::byte{33};  // TTL
  expect_nothing_yet(parts[1]);
  const Packet whole = feed(parts[0]);
  EXPECT_EQ(whole.ip.ttl, Ttl{55});
  EXPECT_EQ(whole.ip.total_length, 20U + 20U + 100U);
}

TEST_F(DecoderTest, ATransportHeaderMayItselfBeInPieces) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const auto parts = fragments(segment(family, text(9)), 7, 8);
    for (std::size_t i = parts.size() - 1; i > 0; --i) expect_nothing_yet(parts[i]);
    expect_payload(feed(parts[0]), text(9));
  }
}

TEST_F(DecoderTest, DatagramsOfDifferentIdentityDoNotMix) {
  const auto ones = fragments(segment(Family::Ipv4, text(100, 'a')), 1, 64);
  const auto twos = fragments(segment(Family::Ipv4, text(100, 'b')), 2, 64);
  const auto six = fragments(segment(Family::Ipv6, text(100, 'c')), 0x00010002, 64);
  const auto other_six = fragments(segment(Family::Ipv6, text(100, 'd')), 0x00020002, 64);
  for (const auto& parts : {ones, twos, six, other_six}) expect_nothing_yet(parts[1]);
  expect_payload(feed(other_six[0]), text(100, 'd'));
  expect_payload(feed(six[0]), text(100, 'c'));
  expect_payload(feed(twos[0]), text(100, 'b'));
  expect_payload(feed(ones[0]), text(100, 'a'));
}

TEST_F(DecoderTest, FramesSeenTwiceGiveOnePacket) {
  const auto parts = fragments(segment(Family::Ipv4, text(100)), 7, 64);
  expect_nothing_yet(parts[0]);
  expect_nothing_yet(parts[0]);
  expect_payload(feed(parts[1]), text(100));
  expect_nothing_yet(parts[1], 1ms);
  expect_nothing_yet(parts[0], 2ms);
  EXPECT_EQ(counters().reassembled, 1U);
  EXPECT_EQ(counters().waiting, 0U);
}

TEST_F(DecoderTest, AnIdentityUsedAnewIsAnotherDatagram) {
  const auto first = fragments(segment(Family::Ipv4, text(100, 'a')), 7, 64);
  const auto second = fragments(segment(Family::Ipv4, text(100, 'b')), 7, 64);
  feed(first[0]);
  expect_payload(feed(first[1]), text(100, 'a'));
  expect_nothing_yet(second[0], 2s);
  expect_payload(feed(second[1], 2s), text(100, 'b'));
}

TEST_F(DecoderTest, OverlapsThatAgreeAreFine) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Bytes packet = segment(family, text(100));
    expect_nothing_yet(fragment(packet, {.identification = 7, .offset = 0, .has_more = true}, 64));
    expect_nothing_yet(fragment(packet, {.identification = 7, .offset = 16, .has_more = true}, 80));
    expect_payload(feed(fragment(packet, {.identification = 7, .offset = 56}, 64)), text(100));
  }
}

TEST_F(DecoderTest, OverlapsThatDisagreeGiveTheDatagramUpForGood) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Bytes honest = segment(family, text(100));
    const Bytes forged = segment(family, text(100, 'b'));
    const test::FragmentPlace later{.identification = 7, .offset = 64};
    expect_nothing_yet(fragment(honest, {.identification = 7, .has_more = true}, 72));
    expect_nothing_yet(fragment(forged, later, 56));
    expect_nothing_yet(fragment(honest, later, 56));
    expect_nothing_yet(fragment(honest, {.identification = 7, .has_more = true}, 72), 30s);
  }
  EXPECT_EQ(counters().given_up, 2U);
  EXPECT_EQ(counters().reassembled, 0U);
}

TEST_F(DecoderTest, FragmentsThatLieAboutTheLengthGiveTheDatagramUp) {
  const Bytes packet = segment(Family::Ipv4, text(200));
  expect_nothing_yet(fragment(packet, {.identification = 1, .offset = 64}, 64));  // the last one,
  expect_nothing_yet(fragment(packet, {.identification = 1, .offset = 64}, 56));  // and another last one
  expect_nothing_yet(fragment(packet, {.identification = 2, .offset = 64}, 64));
  expect_nothing_yet(fragment(packet, {.identification = 2, .offset = 128, .has_more = true}, 64));  // beyond the end
  expect_nothing_yet(fragment(packet, {.identification = 3, .offset = 128, .has_more = true}, 64));
  expect_nothing_yet(fragment(packet, {.identification = 3, .offset = 64}, 64));  // an end before what came
  expect_nothing_yet(fragment(packet, {.identification = 4, .offset = 0, .has_more = true}, 63));
  EXPECT_EQ(counters().given_up, 4U);
  EXPECT_EQ(counters().waiting, 0U);
}

TEST_F(DecoderTest, APingOfDeathIsGivenUp) {
  const Bytes packet = segment(Family::Ipv4, text(200));
  Bytes last = fragment(packet, {.identification = 7}, 200);
  last[6] = std::byte{0x1f};  // at 65,528
  last[7] = std::byte{0xff};
  expect_nothing_yet(last);
  EXPECT_EQ(counters().given_up, 1U);
}

TEST_F(DecoderTest, EmptyFragmentsChangeNothing) {
  const Bytes packet = segment(Family::Ipv4, text(100));
  expect_nothing_yet(fragment(packet, {.identification = 7, .offset = 64, .has_more = true}, 0));
  expect_nothing_yet(fragment(packet, {.identification = 7, .has_more = true}, 64));
  expect_payload(feed(fragment(packet, {.identification = 7, .offset = 64}, 56)), text(100));
}

TEST_F(DecoderTest, WhatTakesTooLongIsGivenUp) {
  const auto parts = fragments(segment(Family::Ipv6, text(100)), 7, 64);
  expect_nothing_yet(parts[0]);
  expect_nothing_yet(parts[1], 61s);
  EXPECT_EQ(counters().given_up, 1U);
  EXPECT_EQ(counters().waiting, 1U);
  expect_payload(feed(parts[0], 62s), text(100));
}

TEST_F(DecoderTest, TimeThatGoesBackChangesNothing) {
  const auto parts = fragments(segment(Family::Ipv6, text(100)), 7, 64);
  expect_nothing_yet(parts[0], 10s);
  expect_payload(feed(parts[1], -1000s), text(100));
}

TEST_F(DecoderTest, TheOldestGivesWayToTooMany) {
  constexpr std::uint32_t kMost = 1024;
  const Bytes packet = segment(Family::Ipv6, text(100));
  for (std::uint32_t id = 0; id <= kMost; ++id) {
    expect_nothing_yet(fragment(packet, {.identification = id, .has_more = true}, 64));
  }
  EXPECT_EQ(counters().given_up, 1U);
  EXPECT_EQ(counters().waiting, kMost);
  expect_payload(feed(fragment(packet, {.identification = 1, .offset = 64}, 56)), text(100));
  expect_nothing_yet(fragment(packet, {.identification = 0, .offset = 64}, 56));
}

TEST_F(DecoderTest, BytesKeptAreBounded) {
  const Bytes packet = segment(Family::Ipv6, text(60000));
  for (std::uint32_t id = 0; id < 200; ++id) {
    expect_nothing_yet(fragment(packet, {.identification = id, .offset = 59992}, 28));
  }
  EXPECT_LE(counters().waiting, 4U * 1024 * 1024 / 60000);
  EXPECT_EQ(counters().waiting + counters().given_up, 200U);
}

TEST_F(DecoderTest, FragmentsThatTheCaptureCutGiveWhatIsInThem) {
  const auto parts = fragments(segment(Family::Ipv4, text(100)), 7, 64);
  Bytes cut = parts[0];
  cut.resize(50);
  const Packet first = feed(cut, {}, parts[0].size() - cut.size());
  ASSERT_TRUE(std::holds_alternative<TcpSegment>(first.payload));
  EXPECT_EQ(std::get<TcpSegment>(first.payload).payload.size(), 10U);
  expect_nothing_yet(parts[1]);
  EXPECT_EQ(counters().given_up, 1U);
}

TEST_F(DecoderTest, FragmentsOfATunnelAndWithinItAreBothPutTogether) {
  const Bytes inner = segment(Family::Ipv4, text(300));
  std::vector<Bytes> frames;
  std::uint32_t identification = 100;
  for (const Bytes& part : fragments(inner, 7, 128)) {
    for (const Bytes& piece : fragments(in_ip(Family::Ipv6, 4, part), ++identification, 64)) frames.push_back(piece);
  }
  ASSERT_GT(frames.size(), 6U);
  for (std::size_t i = 0; i + 1 < frames.size(); ++i) expect_nothing_yet(frames[i]);
  expect_payload(feed(frames.back()), text(300));
}

TEST_F(DecoderTest, Ipv6ExtensionsBehindTheFragmentHeaderAreWalkedOnceWhole) {
  const Bytes plain = segment(Family::Ipv6, text(100));
  Bytes packet = joined(
      {Bytes(plain.begin(), plain.begin() + 40), hex("0600 010400000000"), Bytes(plain.begin() + 40, plain.end())});
  packet[6] = std::byte{60};
  const auto parts = fragments(packet, 7, 64);
  expect_nothing_yet(parts[1]);
  expect_payload(feed(parts[0]), text(100));
}

TEST_F(DecoderTest, ALengthOfZeroIsThatOfTheFrame) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes packet = segment(family, text(500));
    const std::size_t at = family == Family::Ipv4 ? 2 : 4;
    packet[at] = packet[at + 1] = std::byte{0};
    expect_payload(feed(packet), text(500));
    packet.resize(packet.size() - 400);
    const Packet cut = feed(packet, {}, 400);
    EXPECT_EQ(std::get<TcpSegment>(cut.payload).payload_length, 500U);
    EXPECT_EQ(std::get<TcpSegment>(cut.payload).payload.size(), 100U);
  }
}

TEST_F(DecoderTest, AnOriginalLengthThatLiesIsNotBelieved) {
  Bytes packet = segment(Family::Ipv4, text(10));
  packet[2] = packet[3] = std::byte{0};
  Frame frame = test::raw_frame(packet);
  frame.original_length = 1;
  Decoder decoder;
  const Decoded decoded = decoder.decode(frame);
  EXPECT_EQ(std::get<TcpSegment>(std::get<Packet>(decoded).payload).payload_length, 10U);
}

}  // namespace
}  // namespace smtpath::wire
