// What the quote of an ICMP error has otherwise than the probe that drew it, and whether it still counts as its quote.

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;

constexpr std::size_t kIp = 20;
constexpr std::size_t kShortestQuote = kIp + 8;
constexpr std::size_t kUpToOptions = kIp + 20;

struct OneProbe {
  Conversation talk;
  Bytes probe = talk.syn({.number = 1, .ttl = Ttl{3}});
  explicit OneProbe(Family family = Family::Ipv4) : talk(family) { talk.hears(probe); }

  std::vector<QuoteChange> changes_of(const Bytes& quoted, std::size_t length = 548) {
    if (!talk.hears(talk.error(3, quoted, length))) return {};
    return talk.probe(1).replies.at(0).icmp->changes;
  }
  /// The TCP options of the probe begin here: MSS, SACK permitted, timestamps, no operation, window scale.
  static constexpr std::size_t kMss = kIp + 22;
};

Bytes with(Bytes packet, std::size_t at, std::initializer_list<unsigned> bytes) {
  for (const unsigned byte : bytes) packet.at(at++) = static_cast<std::byte>(byte);
  return packet;
}

std::vector<QuotedField> fields_of(const std::vector<QuoteChange>& changes) {
  std::vector<QuotedField> fields;
  for (const QuoteChange& change : changes) fields.push_back(change.field);
  return fields;
}

TEST(QuoteChanges, AreNoneWhereTheProbeArrivedAsSent) {
  for (const std::size_t length : {kShortestQuote, kUpToOptions, std::size_t{548}}) {
    OneProbe sent;
    EXPECT_TRUE(sent.changes_of(sent.probe, length).empty()) << length;
    ASSERT_EQ(sent.talk.probe(1).replies.size(), 1U);
  }
}

TEST(QuoteChanges, AreNoneInAnIpv6QuoteAsSent) {
  OneProbe sent(Family::Ipv6);
  EXPECT_TRUE(sent.changes_of(sent.probe).empty());
  EXPECT_EQ(sent.talk.probe(1).replies.size(), 1U);
}

TEST(QuoteChanges, TellHowMuchWasQuoted) {
  for (const auto& [length, depth] : {std::pair{kShortestQuote, QuoteDepth::Ports},
                                      {kUpToOptions, QuoteDepth::Window},
                                      {std::size_t{60}, QuoteDepth::Options}}) {
    OneProbe sent;
    sent.changes_of(sent.probe, length);
    EXPECT_EQ(sent.talk.probe(1).replies.at(0).icmp->depth, depth) << length;
  }
}

TEST(QuoteChanges, ShowATranslatedSource) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(with(sent.probe, 12, {203, 0, 113, 7}), kIp, {0xee, 0x49}), kShortestQuote);
  ASSERT_EQ(fields_of(changes), (std::vector{QuotedField::SourceAddress, QuotedField::SourcePort}));
  EXPECT_EQ(changes[0].sent, FieldValue{sent.talk.host()});
  EXPECT_EQ(changes[0].quoted, FieldValue{*IpAddress::parse("203.0.113.7")});
  EXPECT_EQ(changes[1].sent, FieldValue{std::uint32_t{40001}});
  EXPECT_EQ(changes[1].quoted, FieldValue{std::uint32_t{61001}});
  EXPECT_FALSE(sent.talk.probe(1).replies[0].icmp->translated_to);
}

TEST(QuoteChanges, ShowATranslatedDestination) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(sent.probe, 16, {10, 0, 9, 9, 0x9c, 0x41, 0x0a, 0x19}), kShortestQuote);
  ASSERT_EQ(fields_of(changes), (std::vector{QuotedField::DestinationAddress, QuotedField::DestinationPort}));
  EXPECT_EQ(changes[1].quoted, FieldValue{std::uint32_t{2585}});
  EXPECT_EQ(sent.talk.probe(1).replies[0].icmp->translated_to, IpAddress::parse("10.0.9.9"));
}

TEST(QuoteChanges, ShowServiceClassAndCongestionBitsApart) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(sent.probe, 1, {(46U << 2U) | 1U}), kShortestQuote);
  ASSERT_EQ(fields_of(changes), (std::vector{QuotedField::Dscp, QuotedField::Ecn}));
  EXPECT_EQ(changes[0].quoted, FieldValue{std::uint32_t{46}});
  EXPECT_EQ(changes[1].quoted, FieldValue{std::uint32_t{1}});
}

TEST(QuoteChanges, ShowAClampedSegmentSize) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(sent.probe, OneProbe::kMss, {0x05, 0x78}));
  ASSERT_EQ(fields_of(changes), std::vector{QuotedField::Mss});
  EXPECT_EQ(changes[0].quoted, FieldValue{std::uint32_t{1400}});
}

TEST(QuoteChanges, ShowAnOptionBlankedOutOnlyWhereTheWholeHeaderIsQuoted) {
  for (const auto& [length, is_shown] : {std::pair{std::size_t{60}, true}, {kUpToOptions, false}}) {
    OneProbe sent;
    const Bytes blanked = with(sent.probe, OneProbe::kMss + 2, {1, 1});  // SACK permitted
    const auto fields = fields_of(sent.changes_of(blanked, length));
    EXPECT_EQ(std::count(fields.begin(), fields.end(), QuotedField::SackPermitted), is_shown ? 1 : 0);
  }
}

TEST(QuoteChanges, ShowEveryOptionGoneWithTheHeaderMadeShorter) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(sent.probe, kIp + 12, {0x50}), kUpToOptions);
  EXPECT_EQ(fields_of(changes), (std::vector{QuotedField::Mss, QuotedField::WindowScale, QuotedField::SackPermitted,
                                             QuotedField::TimestampValue}));
}

TEST(QuoteChanges, TakeZerosThatPadAQuoteForNoOptions) {
  OneProbe sent;
  Bytes padded = sent.probe;
  std::fill(padded.begin() + kUpToOptions, padded.end(), std::byte{0});
  EXPECT_TRUE(sent.changes_of(padded).empty());
  EXPECT_EQ(sent.talk.probe(1).replies.at(0).icmp->depth, QuoteDepth::Window);
}

TEST(QuoteChanges, ShowARewrittenIdentificationWhereTheTimestampNamesTheProbe) {
  OneProbe sent;
  const auto changes = sent.changes_of(with(sent.probe, 4, {0x7f, 0x01}));
  ASSERT_EQ(fields_of(changes), std::vector{QuotedField::Identification});
  EXPECT_EQ(changes[0].sent, FieldValue{std::uint32_t{1}});
}

TEST(QuoteChanges, ShowARewrittenSequenceNumberWhereTheTimestampFits) {
  OneProbe sent;
  Bytes rewritten = sent.probe;
  rewritten[kIp + 4] ^= std::byte{1};
  EXPECT_EQ(fields_of(sent.changes_of(rewritten)), std::vector{QuotedField::Sequence});
}

TEST(QuoteChanges, ShowAddressPortAndSequenceNumberRewrittenTogether) {
  OneProbe sent;
  Bytes rewritten = with(with(sent.probe, 12, {203, 0, 113, 7}), kIp, {0xee, 0x49});
  rewritten[kIp + 4] ^= std::byte{1};
  EXPECT_EQ(fields_of(sent.changes_of(rewritten)),
            (std::vector{QuotedField::SourceAddress, QuotedField::SourcePort, QuotedField::Sequence}));
}

TEST(QuoteChanges, CountForNothingWhereTupleAndSequenceNumberAreWrongAndTheTimestampDoesNotAgree) {
  const auto is_taken = [](std::size_t also) {
    OneProbe sent;
    Bytes forged = with(with(sent.probe, 12, {203, 0, 113, 7}), kIp, {0xee, 0x49});
    forged[kIp + 4] ^= std::byte{1};
    forged[also] ^= std::byte{1};
    return sent.talk.hears(sent.talk.error(3, forged));
  };
  constexpr std::size_t kIdentification = 5;
  constexpr std::size_t kDestination = 19;
  constexpr std::size_t kTimestamp = OneProbe::kMss + 6;
  EXPECT_FALSE(is_taken(kIdentification));
  EXPECT_FALSE(is_taken(kDestination));
  EXPECT_FALSE(is_taken(kTimestamp));
}

TEST(QuoteChanges, CountForNothingWhereOnlyWhatMayBeGuessedFits) {
  OneProbe sent;
  Bytes forged = sent.probe;  // tuple and IP ID are right
  forged[kIp + 4] ^= std::byte{1};
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(3, forged, kShortestQuote)));
  forged[OneProbe::kMss + 6] ^= std::byte{1};
  EXPECT_FALSE(sent.talk.hears(sent.talk.error(3, forged)));
  EXPECT_TRUE(sent.talk.probe(1).replies.empty());
}

TEST(QuoteChanges, AreSeenInQuotesOfEchoRequests) {
  Conversation talk;
  const Bytes request = test::echo_packet({.source = talk.host(), .destination = talk.target(), .ttl = Ttl{2}},
                                          {.is_reply = false, .identifier = talk.echo_identifier(), .sequence = 1});
  ASSERT_TRUE(talk.hears(request));
  ASSERT_TRUE(talk.hears(talk.error(2, with(request, 1, {8U << 2U}))));
  const auto& changes = talk.trace().echo.probes.at(0).replies.at(0).icmp->changes;
  EXPECT_EQ(fields_of(changes), std::vector{QuotedField::Dscp});
}

}  // namespace
}  // namespace smtpath::path
