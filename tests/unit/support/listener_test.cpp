// What a Linux listener makes of several SYNs of one tuple.

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "probing_host.h"
#include "smtpath/wire/decode.h"
#include "support/network_builder.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};
constexpr Port kSource{40001};

using Answers = std::vector<std::string>;

NetworkPath open_server() {
  return routers(4).server().open(kSmtp).latency(46ms);
}

wire::TcpSegment segment_in(const Bytes& packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  return std::get<wire::TcpSegment>(std::get<wire::Packet>(decoded).payload);
}

TEST(Listener, AnswersTwoSynsOfATupleAtMostWithinARoundTrip) {
  ProbingHost host(open_server());
  for (int ttl = 5; ttl < 15; ++ttl) host.syn(kSmtp, ttl, kSource, static_cast<std::uint32_t>(100 + ttl));
  EXPECT_EQ(host.after(900ms), (Answers{"syn-ack from target, back 5", "syn-ack from target, back 5"}));
  for (const Bytes& packet : host.packets()) EXPECT_EQ(segment_in(packet).options.timestamps->echo, 105U);
}

TEST(Listener, AnswersAnewOnceTheResetOfOurKernelArrived) {
  ProbingHost host(open_server());
  host.syn(kSmtp, 5, kSource, 100);
  EXPECT_EQ(host.after(160ms).size(), 1U);
  host.syn(kSmtp, 6, kSource, 101);
  EXPECT_EQ(host.after(1s).size(), 1U);
  EXPECT_EQ(segment_in(host.packets().back()).options.timestamps->echo, 101U);
}

TEST(Listener, RepeatsItsSynAckAtMostEvery500Milliseconds) {
  ProbingHost host(open_server());
  host.keeps_quiet();
  host.syn(kSmtp, 5, kSource, 100);
  host.syn(kSmtp, 5, kSource, 101);
  EXPECT_EQ(host.after(400ms).size(), 2U);
  host.syn(kSmtp, 5, kSource, 102);
  EXPECT_EQ(host.after(200ms).size(), 0U);
  host.syn(kSmtp, 5, kSource, 103);
  EXPECT_EQ(host.after(200ms).size(), 1U);
  EXPECT_EQ(segment_in(host.packets().back()).options.timestamps->echo, 100U);
}

TEST(Listener, SendsItsSynAckAgainWhileNothingAnswersIt) {
  ProbingHost host(open_server());
  host.keeps_quiet();
  host.syn(kSmtp, 5, kSource, 100);
  EXPECT_EQ(host.after(900ms).size(), 1U);
  EXPECT_EQ(host.after(1s).size(), 1U);
  EXPECT_EQ(host.after(2s).size(), 1U);
  EXPECT_EQ(host.after(4s).size(), 1U);
  EXPECT_EQ(host.after(100s).size(), 2U);
}

TEST(Listener, AnswersAFallingTimestampWithAPlainAck) {
  ProbingHost host(open_server());
  host.syn(kSmtp, 5, kSource, 100);
  host.syn(kSmtp, 5, kSource, 99);
  EXPECT_EQ(host.after(900ms), (Answers{"syn-ack from target, back 5", "ack from target, back 5"}));
}

TEST(Listener, ThatUsesCookiesAnswersEachSynByItself) {
  ProbingHost host(routers(4).server().open(kSmtp).habits({.uses_syn_cookies = true}));
  for (std::uint32_t timestamp = 100; timestamp < 103; ++timestamp) host.syn(kSmtp, 5, kSource, timestamp);
  host.after(900ms);
  ASSERT_EQ(host.packets().size(), 3U);
  EXPECT_EQ(segment_in(host.packets().front()).options.timestamps->echo, 100U);
  EXPECT_EQ(segment_in(host.packets().back()).options.timestamps->echo, 102U);
}

TEST(Listener, ThatHearsNoResetsKeepsTheFirstSyn) {
  ProbingHost host(routers(4).server().open(kSmtp).habits({.hears_resets = false}));
  host.syn(kSmtp, 5, kSource, 100);
  EXPECT_EQ(host.after(160ms).size(), 1U);
  host.syn(kSmtp, 5, kSource, 101);
  EXPECT_EQ(host.after(160ms).size(), 1U);
  EXPECT_EQ(segment_in(host.packets().back()).options.timestamps->echo, 100U);
}

TEST(Listener, ThatIgnoresTheFirstSynsOfATupleAnswersTheNext) {
  ProbingHost host(routers(4).server().open(kSmtp).habits({.ignored_syns = 2}));
  host.syn(kSmtp, 5, kSource, 100);
  host.syn(kSmtp, 5, kSource, 101);
  host.syn(kSmtp, 5, Port{40002}, 100);
  EXPECT_TRUE(host.after(900ms).empty());
  host.syn(kSmtp, 5, kSource, 102);
  EXPECT_EQ(host.after(900ms), (Answers{"syn-ack from target, back 5"}));
}

TEST(Listener, SendsNoTimestampsWhereTheServerHasNone) {
  ProbingHost host(routers(4).server().open(kSmtp).timestamps(false));
  host.syn(kSmtp, 5);
  host.after(900ms);
  ASSERT_EQ(host.packets().size(), 1U);
  EXPECT_FALSE(segment_in(host.packets().front()).options.timestamps);
}

TEST(Listener, SynAckLooksLikeThatOfLinux) {
  ProbingHost host(open_server());
  host.syn(kSmtp, 5);
  host.after(900ms);
  ASSERT_EQ(host.packets().size(), 1U);
  const wire::TcpSegment segment = segment_in(host.packets().front());
  EXPECT_EQ(segment.acknowledgment, 5001U);
  EXPECT_EQ(segment.window, 65160);
  EXPECT_EQ(segment.options.mss, 1460);
  EXPECT_EQ(segment.options.window_scale, 7);
  EXPECT_TRUE(segment.options.sack_permitted);
}

TEST(Listener, ResetOfAClosedPortAcknowledgesTheSynAndHasNoOptions) {
  ProbingHost host(routers(4));
  host.syn(kSmtp, 5);
  host.after(900ms);
  ASSERT_EQ(host.packets().size(), 1U);
  const wire::TcpSegment segment = segment_in(host.packets().front());
  EXPECT_EQ(segment.flags, (wire::TcpFlags{.rst = true, .ack = true}));
  EXPECT_EQ(segment.acknowledgment, 5001U);
  EXPECT_EQ(segment.sequence, 0U);
  EXPECT_EQ(segment.window, 0);
  EXPECT_EQ(segment.options, wire::TcpOptions{});
}

}  // namespace
}  // namespace smtpath::test
