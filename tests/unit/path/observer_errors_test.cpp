// Which ICMP errors answer a probe, and which probe.

#include <gtest/gtest.h>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;
using test::size_of;

constexpr std::size_t kShortestQuote = 20 + 8;

/// Two probes of one flow with TTLs that differ, so that a reply must name the one it answers.
struct TwoProbes {
  Conversation talk;
  Bytes first = talk.syn({.number = 1, .ttl = Ttl{3}});
  Bytes second = talk.syn({.number = 2, .ttl = Ttl{4}});
  explicit TwoProbes(Family family = Family::Ipv4) : talk(family) {
    talk.hears(first);
    talk.hears(second);
  }
};

TEST(ObserverOfErrors, NamesTheProbeOfAQuoteOfEightBytesByItsIdentification) {
  TwoProbes sent;
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(3, sent.first, kShortestQuote)));
  ASSERT_EQ(sent.talk.probe(1).replies.size(), 1U);
  const Reply& reply = sent.talk.probe(1).replies[0];
  EXPECT_EQ(reply.kind, ReplyKind::TimeExceeded);
  EXPECT_EQ(reply.from, sent.talk.router(3));
  EXPECT_EQ(reply.icmp->type, 11);
  EXPECT_EQ(reply.icmp->quoted_ttl, Ttl{1});
  EXPECT_FALSE(reply.tcp);
}

TEST(ObserverOfErrors, NamesTheProbeOfALongerQuoteByItsTimestamp) {
  TwoProbes sent;
  Bytes rewritten = sent.second;  // a router on the way gave it another identification
  rewritten[4] = std::byte{0x7f};
  rewritten[5] = std::byte{0x01};
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(4, rewritten)));
  EXPECT_EQ(sent.talk.probe(2).replies.size(), 1U);
  EXPECT_TRUE(sent.talk.probe(1).replies.empty());
}

TEST(ObserverOfErrors, NamesTheProbeOfAnIpv6QuoteByItsTimestamp) {
  TwoProbes sent(Family::Ipv6);
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(4, sent.second)));
  EXPECT_EQ(sent.talk.probe(2).replies.size(), 1U);
}

TEST(ObserverOfErrors, LetsAShortIpv6QuoteNameNoProbeOfSeveralTtls) {
  TwoProbes sent(Family::Ipv6);
  sent.talk.hears(sent.talk.error(4, sent.second, 40 + 8));
  EXPECT_TRUE(sent.talk.probe(1).replies.empty());
  EXPECT_TRUE(sent.talk.probe(2).replies.empty());
}

TEST(ObserverOfErrors, KeepsTypeCodeQuotedTtlAndLabelsOfAnUnreachable) {
  TwoProbes sent;
  const std::array labels{wire::MplsLabel{.label = 16001, .traffic_class = 0, .bottom_of_stack = true, .ttl = 1}};
  const wire::IpHeader ip{.source = sent.talk.router(3), .destination = sent.talk.host(), .ttl = Ttl{62}};
  EXPECT_TRUE(sent.talk.hears(test::icmp_error_packet(
      ip, {.type = 3, .code = 13, .original = sent.second, .quoted_ttl = Ttl{2}, .mpls = labels})));
  ASSERT_EQ(sent.talk.probe(2).replies.size(), 1U);
  const Reply& reply = sent.talk.probe(2).replies[0];
  EXPECT_EQ(reply.kind, ReplyKind::Unreachable);
  EXPECT_EQ(reply.icmp->type, 3);
  EXPECT_EQ(reply.icmp->code, 13);
  EXPECT_EQ(reply.icmp->quoted_ttl, Ttl{2});
  ASSERT_EQ(reply.mpls.size(), 1U);
  EXPECT_EQ(reply.mpls[0].label, 16001U);
}

TEST(ObserverOfErrors, TakesNoQuoteWithAnotherSequenceNumber) {
  TwoProbes sent;
  const std::size_t before = size_of(sent.talk.trace());
  Bytes other = sent.first;
  other[20 + 4] ^= std::byte{1};
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(3, other, kShortestQuote)));
  EXPECT_EQ(size_of(sent.talk.trace()), before);
  EXPECT_EQ(sent.talk.counters().unproven, 1U);
}

TEST(ObserverOfErrors, KnowsARewrittenSequenceNumberOnceATimestampHasProvedIt) {
  TwoProbes sent;
  Bytes other = sent.first;
  other[20 + 4] ^= std::byte{1};
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(4, other, kShortestQuote)));
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(3, other)));
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(4, other, kShortestQuote)));
  ASSERT_EQ(sent.talk.probe(1).replies.size(), 2U);
  EXPECT_EQ(sent.talk.probe(1).replies[1].from, sent.talk.router(4));
  EXPECT_EQ(sent.talk.counters().unproven, 1U);
  other[20 + 4] ^= std::byte{2};
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(5, other, kShortestQuote)));
}

TEST(ObserverOfErrors, TakesNoQuoteOfSomebodyElsesSyn) {
  TwoProbes sent;
  const std::size_t before = size_of(sent.talk.trace());
  Bytes other = sent.first;
  other[20 + 1] ^= std::byte{1};  // source port
  other[20 + 4] ^= std::byte{1};  // sequence number
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(3, other, kShortestQuote)));
  EXPECT_EQ(size_of(sent.talk.trace()), before);
  EXPECT_EQ(sent.talk.counters().strays, 1U);
}

TEST(ObserverOfErrors, MatchesATranslatedQuoteBySequenceAndIdentification) {
  TwoProbes sent;
  Bytes translated = sent.second;
  translated[20] = std::byte{0x12};  // source port
  translated[15] = std::byte{0x63};  // source address
  EXPECT_TRUE(sent.talk.hears(sent.talk.error(5, translated, kShortestQuote)));
  EXPECT_EQ(sent.talk.probe(2).replies.size(), 1U);
}

TEST(ObserverOfErrors, TakesNoTranslatedQuoteWhoseNumberWasNeverSent) {
  TwoProbes sent;
  const std::size_t before = size_of(sent.talk.trace());
  Bytes translated = sent.second;
  translated[20] = std::byte{0x12};
  translated[4] = std::byte{0x7f};  // identification
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(5, translated, kShortestQuote)));
  EXPECT_EQ(size_of(sent.talk.trace()), before);
  EXPECT_EQ(sent.talk.counters().unproven, 1U);
}

TEST(ObserverOfErrors, TakesNoQuoteOfAFlowThatNeverSent) {
  Conversation talk;
  EXPECT_FALSE(talk.hears(talk.error(3, talk.syn({.number = 1, .ttl = Ttl{3}}))));
  EXPECT_TRUE(talk.trace().flows.empty());
}

TEST(ObserverOfErrors, PinsNoProbeOnAnIdentificationThatWasNeverSent) {
  TwoProbes sent;
  Bytes other = sent.first;
  other[4] = std::byte{0x7f};
  sent.talk.hears(sent.talk.error(3, other, kShortestQuote));
  EXPECT_TRUE(sent.talk.probe(1).replies.empty());
  EXPECT_TRUE(sent.talk.probe(2).replies.empty());
}

TEST(ObserverOfErrors, TakesOtherErrorsForNoReply) {
  TwoProbes sent;
  const std::size_t before = size_of(sent.talk.trace());
  const wire::IpHeader ip{.source = sent.talk.router(3), .destination = sent.talk.host(), .ttl = Ttl{62}};
  // Fragmentation needed, reassembly time exceeded, source quench, redirect, parameter problem.
  for (const auto& [type, code] : {std::pair{3, 4}, {11, 1}, {4, 0}, {5, 1}, {12, 0}}) {
    EXPECT_FALSE(sent.talk.hears(test::icmp_error_packet(
        ip,
        {.type = static_cast<std::uint8_t>(type), .code = static_cast<std::uint8_t>(code), .original = sent.first})));
  }
  EXPECT_EQ(size_of(sent.talk.trace()), before);
}

TEST(ObserverOfErrors, DoesNotCareWhoSentTheError) {
  TwoProbes sent;
  const wire::IpHeader ip{.source = sent.talk.target(), .destination = sent.talk.host(), .ttl = Ttl{62}};
  EXPECT_TRUE(sent.talk.hears(test::icmp_error_packet(ip, {.type = 11, .original = sent.first})));
  EXPECT_EQ(sent.talk.probe(1).replies.at(0).from, sent.talk.target());
}

}  // namespace
}  // namespace smtpath::path
