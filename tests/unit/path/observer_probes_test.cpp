// Which SYNs are probes of ours.

#include <gtest/gtest.h>

#include <cerrno>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;
using test::size_of;

TEST(ObserverOfProbes, RecognisesASynByItsMarks) {
  Conversation talk;
  EXPECT_TRUE(talk.sends(1, Ttl{30}));
  ASSERT_EQ(talk.trace().flows.size(), 1U);
  EXPECT_EQ(talk.flow().slot, 0);
  EXPECT_EQ(talk.flow().source_port, Port{40001});
  EXPECT_EQ(talk.flow().destination_port, Port{25});
  ASSERT_EQ(talk.flow().probes.size(), 1U);
  EXPECT_EQ(talk.probe(1).ttl, Ttl{30});
  EXPECT_FALSE(talk.probe(1).refused);
}

TEST(ObserverOfProbes, SaysWhichTargetWasTouched) {
  Conversation talk;
  const Bytes syn = talk.syn({});
  Frame frame;
  frame.link = LinkType::Raw;
  frame.bytes = syn;
  EXPECT_EQ(talk.observer().handle_frame(frame), std::optional<std::size_t>(0));
}

TEST(ObserverOfProbes, KeepsTheFlowsOfAPortApart) {
  Conversation talk;
  talk.hears(talk.syn({.number = 1, .source_port = Port{40001}}));
  talk.hears(talk.syn({.number = 1, .source_port = Port{40002}}));
  talk.hears(talk.syn({.number = 1, .source_port = Port{40001}, .destination_port = Port{587}}));
  ASSERT_EQ(talk.trace().flows.size(), 3U);
  EXPECT_EQ(talk.trace().flows[1].slot, 1);
  EXPECT_EQ(talk.trace().flows[2].destination_port, Port{587});
}

TEST(ObserverOfProbes, IgnoresTheSynsOfTheHostsOwnMailServer) {
  Conversation talk;
  wire::TcpSegment syn{
      .source_port = Port{40001}, .destination_port = Port{25}, .sequence = 99, .flags = {.syn = true}};
  syn.options.timestamps = {.value = talk.mark().timestamp_base + 1, .echo = 0};
  const wire::IpHeader ip{.source = talk.host(), .destination = talk.target(), .ttl = Ttl{64}, .identification = 1};
  EXPECT_FALSE(talk.hears(test::tcp_packet(ip, syn)));
  EXPECT_TRUE(talk.trace().flows.empty());
  EXPECT_EQ(talk.counters().strays, 1U);
}

TEST(ObserverOfProbes, NeedsTimestampAndIdentificationToAgree) {
  Conversation talk;
  wire::TcpSegment syn{.source_port = Port{40001},
                       .destination_port = Port{25},
                       .sequence = talk.mark().sequence,
                       .flags = {.syn = true}};
  const auto with_id = [&](std::uint16_t id) {
    return wire::IpHeader{.source = talk.host(), .destination = talk.target(), .ttl = Ttl{30}, .identification = id};
  };
  EXPECT_FALSE(talk.hears(test::tcp_packet(with_id(1), syn))) << "no timestamp";
  for (const std::uint32_t number : {0U, 0x10000U, 0xffffffffU}) {
    syn.options.timestamps = {.value = talk.mark().timestamp_base + number, .echo = 0};
    EXPECT_FALSE(talk.hears(test::tcp_packet(with_id(static_cast<std::uint16_t>(number)), syn))) << number;
  }
  syn.options.timestamps = {.value = talk.mark().timestamp_base + 1, .echo = 0};
  EXPECT_FALSE(talk.hears(test::tcp_packet(with_id(2), syn))) << "another identification";
  EXPECT_EQ(size_of(talk.trace()), size_of(PathTrace{}));
  EXPECT_TRUE(talk.hears(test::tcp_packet(with_id(1), syn)));
}

TEST(ObserverOfProbes, RecognisesAnIpv6SynByItsTimestamp) {
  Conversation talk(Family::Ipv6);
  EXPECT_TRUE(talk.sends(3, Ttl{7}));
  EXPECT_EQ(talk.probe(3).ttl, Ttl{7});
}

TEST(ObserverOfProbes, CountsASynSeenOnTwoInterfacesOnce) {
  Conversation talk;
  EXPECT_TRUE(talk.sends(1));
  EXPECT_FALSE(talk.sends(1));
  EXPECT_EQ(talk.flow().probes.size(), 1U);
}

TEST(ObserverOfProbes, MatchesAProbeWhoseSourceOurOwnMasqueradeRewrote) {
  Conversation talk;
  const IpAddress outer = *IpAddress::parse("192.0.2.77");
  EXPECT_TRUE(talk.hears(talk.syn({.number = 1, .shown_source = outer, .shown_source_port = Port{1234}})));
  EXPECT_EQ(talk.flow().source_port, Port{40001});

  wire::TcpSegment answer = talk.answer(true, false, true);
  answer.options.timestamps = {.value = 7, .echo = talk.mark().timestamp_base + 1};
  EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), answer))) << "the plan's tuple was never on the wire";
  wire::IpHeader ip = talk.from_target();
  ip.destination = outer;
  answer.destination_port = Port{1234};
  EXPECT_TRUE(talk.hears(test::tcp_packet(ip, answer)));
  ASSERT_EQ(talk.probe(1).replies.size(), 1U);
  EXPECT_EQ(talk.probe(1).replies[0].kind, ReplyKind::SynAck);
}

TEST(ObserverOfProbes, MatchesRepliesOnBothSidesOfOurOwnMasquerade) {
  Conversation talk;
  const IpAddress outer = *IpAddress::parse("192.0.2.77");
  EXPECT_TRUE(talk.sends(1));
  EXPECT_FALSE(talk.hears(talk.syn({.number = 1, .shown_source = outer, .shown_source_port = Port{1234}})));
  wire::IpHeader ip = talk.from_target();
  wire::TcpSegment answer = talk.answer(false, true, true);
  ip.destination = outer;
  answer.destination_port = Port{1234};
  EXPECT_TRUE(talk.hears(test::tcp_packet(ip, answer)));
  EXPECT_FALSE(talk.hears(talk.rst())) << "the same reset after the translation back";
  EXPECT_EQ(talk.probe(1).replies.size(), 1U);
  EXPECT_EQ(talk.counters().repeated, 1U);
}

TEST(ObserverOfProbes, KeepsTheErrnoOfARefusedSend) {
  Conversation talk;
  EXPECT_TRUE(talk.is_refused(talk.syn({.number = 1}), EPERM));
  EXPECT_EQ(talk.probe(1).refused, std::optional<int>(EPERM));
  EXPECT_TRUE(talk.sends(2));
  EXPECT_FALSE(talk.probe(2).refused);
}

TEST(ObserverOfProbes, TimeNeverRunsBackwards) {
  Conversation talk;
  const Time late{std::chrono::seconds(1'800'000'000)};
  talk.hears_at(late, talk.syn({.number = 1}));
  talk.hears_at(late - std::chrono::hours(1), talk.syn({.number = 2}));
  talk.hears_at(late - std::chrono::hours(2), talk.syn_ack(2));
  EXPECT_EQ(talk.probe(2).sent, late);
  EXPECT_EQ(talk.probe(2).replies.at(0).at, late);
}

}  // namespace
}  // namespace smtpath::path
