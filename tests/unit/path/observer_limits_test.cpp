// What nobody on the network can make an observer do: grow without end, or fail.

#include <gtest/gtest.h>

#include <random>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;
using test::size_of;

TEST(ObserverLimits, CountsARepeatedReplyAndKeepsItOnce) {
  Conversation talk;
  talk.sends(1);
  EXPECT_TRUE(talk.hears(talk.syn_ack(1)));
  for (int again = 0; again < 5; ++again) EXPECT_FALSE(talk.hears(talk.syn_ack(1)));
  EXPECT_EQ(talk.probe(1).replies.size(), 1U);
  EXPECT_EQ(talk.counters().repeated, 5U);
}

TEST(ObserverLimits, KeepsABoundedNumberOfThousandsOfForgedReplies) {
  Conversation talk;
  const Bytes syn = talk.syn({.number = 1, .ttl = Ttl{30}});
  talk.hears(syn);
  talk.hears(talk.syn({.number = 2, .ttl = Ttl{3}}));
  constexpr std::uint64_t kForged = 5000;
  std::mt19937 random(1);
  const auto any_byte = [&] { return static_cast<std::uint8_t>(random() & 0xffU); };
  for (std::uint64_t i = 0; i < kForged; ++i) {
    if (i % 2 == 0) {
      talk.hears(test::tcp_packet(talk.from_target(Ttl{any_byte()}), talk.answer(false, true, true)));
    } else {
      const std::array bytes{std::byte{10}, std::byte{any_byte()}, std::byte{any_byte()}, std::byte{any_byte()}};
      const wire::IpHeader ip{.source = IpAddress::v4(bytes), .destination = talk.host(), .ttl = Ttl{any_byte()}};
      talk.hears(test::icmp_error_packet(ip, {.type = 11, .original = syn}));
    }
  }
  constexpr std::size_t kMostReplies = 8;
  EXPECT_EQ(talk.probe(1).replies.size(), kMostReplies);
  EXPECT_EQ(talk.flow().unattributed.size(), kMostReplies);
  EXPECT_EQ(talk.counters().repeated, kForged - 2 * kMostReplies);
}

TEST(ObserverLimits, RemembersABoundedNumberOfTuplesOfAFlow) {
  Conversation talk;
  talk.sends(1);
  const auto reflected = [&](int port) {
    return talk.syn({.number = 1, .shown_source_port = Port{static_cast<std::uint16_t>(port)}});
  };
  // Who sees our SYN may send it back to us under as many tuples as there are.
  for (int port = 1; port <= 2'000; ++port) talk.hears(reflected(port));
  int remembered = 0;
  for (int port = 1; port <= 2'000; ++port) {
    wire::TcpSegment reset = talk.answer(false, true, true);
    reset.destination_port = Port{static_cast<std::uint16_t>(port)};
    const std::uint64_t strays = talk.counters().strays;
    talk.hears(test::tcp_packet(talk.from_target(), reset));
    remembered += talk.counters().strays == strays ? 1 : 0;
  }
  EXPECT_LE(remembered, 16);
  EXPECT_TRUE(talk.hears(talk.syn_ack(1))) << "the tuple seen first still counts";
}

TEST(ObserverLimits, CountsFramesItCannotDecodeByKind) {
  Conversation talk;
  EXPECT_FALSE(talk.hears({}));
  EXPECT_FALSE(talk.hears(Bytes(3, std::byte{0x45})));
  std::uint64_t undecodable = 0;
  for (const std::uint64_t count : talk.counters().undecodable) undecodable += count;
  EXPECT_EQ(undecodable, 2U);
  EXPECT_EQ(talk.counters().frames, 2U);
}

TEST(ObserverLimits, AccountsForEveryFrame) {
  Conversation talk;
  std::mt19937 random(2);
  const Bytes syn = talk.syn({.number = 1, .ttl = Ttl{3}});
  std::uint64_t news = 0;
  constexpr int kFrames = 8'000;
  for (int i = 0; i < kFrames; ++i) {
    const std::array samples{syn, talk.syn_ack(1), talk.rst(), talk.error(3, syn)};
    Bytes frame = samples.at(random() % samples.size());
    for (std::size_t flips = random() % 3; flips > 0; --flips) {
      frame[random() % frame.size()] ^= static_cast<std::byte>(random() & 0xffU);
    }
    if (random() % 8 == 0) frame.resize(random() % frame.size());
    news += talk.hears(frame) ? 1U : 0U;
  }
  const ObserverCounters& counters = talk.counters();
  std::uint64_t accounted = news + counters.strays + counters.unproven + counters.repeated;
  for (const std::uint64_t count : counters.undecodable) accounted += count;
  EXPECT_EQ(counters.frames, std::uint64_t{kFrames});
  EXPECT_EQ(accounted, counters.frames);
}

TEST(ObserverLimits, KeepsTheStatisticsOfTheCapture) {
  Conversation talk;
  talk.observer().finish(Time{}, {.received = 214, .dropped = 3});
  EXPECT_EQ(talk.counters().capture.received, 214U);
  EXPECT_EQ(talk.counters().capture.dropped, 3U);
}

}  // namespace
}  // namespace smtpath::path
