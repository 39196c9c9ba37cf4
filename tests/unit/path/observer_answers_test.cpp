// Which TCP segments answer a probe, and which probe.

#include <gtest/gtest.h>

#include <variant>

#include "support/simulation.h"
#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;
using test::size_of;

TEST(ObserverOfAnswers, NamesTheProbeOfASynAckByItsTimestampEcho) {
  Conversation talk;
  talk.sends(1, Ttl{9});
  talk.sends(2, Ttl{30});
  EXPECT_TRUE(talk.hears(talk.syn_ack(1)));
  ASSERT_EQ(talk.probe(1).replies.size(), 1U);
  const Reply& reply = talk.probe(1).replies[0];
  EXPECT_EQ(reply.kind, ReplyKind::SynAck);
  EXPECT_EQ(reply.from, talk.target());
  EXPECT_EQ(reply.ttl, Ttl{55});
  ASSERT_TRUE(reply.tcp);
  EXPECT_EQ(reply.tcp->acknowledgment, talk.mark().sequence + 1);
  EXPECT_FALSE(reply.icmp);
  EXPECT_TRUE(talk.probe(2).replies.empty());
}

TEST(ObserverOfAnswers, LeavesASynAckWithoutTimestampsToNoProbeOfSeveralTtls) {
  Conversation talk;
  talk.sends(1, Ttl{9});
  talk.sends(2, Ttl{30});
  EXPECT_TRUE(talk.hears(test::tcp_packet(talk.from_target(), talk.answer(true, false, true))));
  EXPECT_EQ(talk.flow().unattributed.size(), 1U);
}

TEST(ObserverOfAnswers, GivesAResetToTheLastProbeOfAFlowWithOneTtl) {
  Conversation talk;
  talk.sends(1, Ttl{30});
  talk.sends(2, Ttl{30});
  EXPECT_TRUE(talk.hears(talk.rst()));
  EXPECT_TRUE(talk.probe(1).replies.empty());
  EXPECT_EQ(talk.probe(2).replies.size(), 1U);
}

TEST(ObserverOfAnswers, GivesAResetToNoProbeOfAFlowWithSeveralTtls) {
  Conversation talk;
  talk.sends(1, Ttl{30});
  talk.sends(2, Ttl{4});
  EXPECT_TRUE(talk.hears(talk.rst()));
  EXPECT_TRUE(talk.probe(1).replies.empty());
  EXPECT_TRUE(talk.probe(2).replies.empty());
  ASSERT_EQ(talk.flow().unattributed.size(), 1U);
  EXPECT_EQ(talk.flow().unattributed[0].kind, ReplyKind::Rst);
}

// As Linux 6 does: of these only the first breaks off a connect().
TEST(ObserverOfAnswers, TakesNoResetThatAClientIgnoresForAnAnswerAndCountsIt) {
  for (const std::uint32_t beyond : {1U, 0U}) {
    for (const bool has_ack : {true, false}) {
      Conversation talk;
      talk.sends(1);
      wire::TcpSegment reset = talk.answer(false, true, has_ack);
      reset.acknowledgment = talk.mark().sequence + beyond;
      const bool is_heeded = beyond == 1 && has_ack;
      EXPECT_EQ(talk.hears(test::tcp_packet(talk.from_target(), reset)), is_heeded) << beyond << has_ack;
      EXPECT_EQ(talk.probe(1).replies.size(), is_heeded ? 1U : 0U);
      EXPECT_EQ(talk.flow().ignored_resets, is_heeded ? 0U : 1U);
    }
  }
}

TEST(ObserverOfAnswers, TakesNoSynAckThatEchoesATimestampNeverSent) {
  Conversation talk;
  talk.sends(1);
  wire::TcpSegment answer = talk.answer(true, false, true);
  answer.options.timestamps = wire::TcpTimestamps{.value = 7, .echo = talk.mark().timestamp_base - 1};
  EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), answer)));
  answer.options.timestamps->echo = 0;  // nothing is said by that
  EXPECT_TRUE(talk.hears(test::tcp_packet(talk.from_target(), answer)));
  EXPECT_EQ(talk.probe(1).replies.size(), 1U);
}

TEST(ObserverOfAnswers, CountsHowOftenAnAnswerWithoutProbeCameAgain) {
  Conversation talk;
  talk.sends(1, Ttl{30});
  talk.sends(2, Ttl{4});
  for (int i = 0; i < 3; ++i) talk.hears(talk.rst());
  EXPECT_EQ(talk.flow().unattributed.size(), 1U);
  EXPECT_EQ(talk.flow().unattributed_repeats, 2U);
}

TEST(ObserverOfAnswers, TakesNoResetWithAnotherAcknowledgment) {
  Conversation talk;
  talk.sends(1);
  const std::size_t before = size_of(talk.trace());
  const std::uint32_t sequence = talk.mark().sequence;
  for (const std::uint32_t acknowledged : {0U, sequence - 1, sequence + 2, ~sequence}) {
    wire::TcpSegment reset = talk.answer(false, true, true);
    reset.acknowledgment = acknowledged;
    EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), reset)));
  }
  EXPECT_EQ(size_of(talk.trace()), before);
  EXPECT_EQ(talk.counters().unproven, 4U);
}

TEST(ObserverOfAnswers, TakesNoSynAckThatAcknowledgesTheBareSequenceNumber) {
  Conversation talk;
  talk.sends(1);
  wire::TcpSegment answer = talk.answer(true, false, true);
  answer.acknowledgment = talk.mark().sequence;
  EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), answer)));
  EXPECT_EQ(talk.counters().unproven, 1U);
}

TEST(ObserverOfAnswers, KeepsAPlainAckAsAKindOfItsOwn) {
  Conversation talk;
  talk.sends(1);
  EXPECT_TRUE(talk.hears(test::tcp_packet(talk.from_target(), talk.answer(false, false, true))));
  EXPECT_EQ(talk.probe(1).replies.at(0).kind, ReplyKind::Ack);
}

TEST(ObserverOfAnswers, TakesNothingOnOtherPortsOrFromOtherAddresses) {
  Conversation talk;
  talk.sends(1);
  const std::size_t before = size_of(talk.trace());
  wire::TcpSegment other = talk.answer(true, false, true);
  other.destination_port = Port{40002};
  EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), other)));
  other = talk.answer(true, false, true);
  other.source_port = Port{465};
  EXPECT_FALSE(talk.hears(test::tcp_packet(talk.from_target(), other)));
  wire::IpHeader elsewhere = talk.from_target();
  elsewhere.source = talk.router(3);
  EXPECT_FALSE(talk.hears(test::tcp_packet(elsewhere, talk.answer(true, false, true))));
  EXPECT_EQ(size_of(talk.trace()), before);
  EXPECT_EQ(talk.counters().strays, 3U);
}

TEST(ObserverOfAnswers, TakesNoAnswerBeforeItsProbe) {
  Conversation talk;
  EXPECT_FALSE(talk.hears(talk.syn_ack(1)));
  EXPECT_FALSE(talk.hears(talk.rst()));
  EXPECT_EQ(talk.counters().strays, 2U);
}

TEST(ObserverOfAnswers, PinsNoProbeOnAnEchoedNumberThatWasNeverSent) {
  Conversation talk;
  talk.sends(1, Ttl{30});
  talk.hears(talk.syn_ack(77));
  EXPECT_TRUE(talk.probe(1).replies.empty());
  EXPECT_EQ(talk.flow().probes.size(), 1U);
}

TEST(ObserverOfAnswers, TakesNoResetOfOurOwnKernelForAReply) {
  Conversation talk;
  talk.sends(1);
  talk.hears(talk.syn_ack(1));
  const auto reset = test::kernel_answer(talk.syn_ack(1));
  ASSERT_TRUE(reset);
  const std::size_t before = size_of(talk.trace());
  EXPECT_FALSE(talk.hears(*reset));
  EXPECT_EQ(size_of(talk.trace()), before);
}

TEST(ObserverOfAnswers, TakesAnswersWithWrongChecksumsToo) {
  Conversation talk;
  talk.sends(1);
  Bytes answer = talk.syn_ack(1);
  constexpr std::size_t kTcpChecksumAt = 20 + 16;
  answer[kTcpChecksumAt] ^= std::byte{0xff};
  EXPECT_TRUE(talk.hears(answer));
}

TEST(ObserverOfAnswers, KeepsBothAnswersThatOneProbeDrew) {
  Conversation talk;
  const Bytes syn = talk.syn({.number = 1, .ttl = Ttl{3}});
  talk.hears(syn);
  EXPECT_TRUE(talk.hears(talk.error(3, syn)));
  EXPECT_TRUE(talk.hears(talk.rst()));
  EXPECT_EQ(talk.probe(1).replies.size(), 2U);
}

}  // namespace
}  // namespace smtpath::path
