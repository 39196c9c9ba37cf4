#include "smtpath/path/rewriting.h"

#include <gtest/gtest.h>

#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using test::TraceBuilder;

/// One flow, and what its quotes hold.
class Quotes {
 public:
  explicit Quotes(int hops) : trace_(TraceBuilder().port(25).routers(1, hops).trace()) {
    for (Probe& probe : trace_.flows[0].probes) probe.replies[0].icmp->depth = QuoteDepth::Options;
  }

  Quotes& at(int ttl, QuotedField field, std::uint32_t sent, FieldValue quoted) {
    detail(ttl).changes.push_back({.field = field, .sent = sent, .quoted = quoted});
    return *this;
  }
  Quotes& only_ports_at(int ttl) {
    detail(ttl).depth = QuoteDepth::Ports;
    return *this;
  }
  Quotes& on_loopback_at(int ttl) {
    trace_.flows[0].probes.at(static_cast<std::size_t>(ttl - 1)).replies[0].is_on_loopback = true;
    return *this;
  }

  std::vector<Rewriting> rewritings() const {
    const std::vector<const FlowTrace*> flows{trace_.flows.data()};
    return rewritings_in(flows);
  }

 private:
  IcmpDetail& detail(int ttl) { return *trace_.flows[0].probes.at(static_cast<std::size_t>(ttl - 1)).replies[0].icmp; }

  PathTrace trace_;
};

SeenHop hop(int ttl) {
  return {.ttl = Ttl{static_cast<std::uint8_t>(ttl)}, .address = TraceBuilder::router(ttl)};
}

TEST(Rewritings, BeginAfterTheLastQuoteThatHasTheFieldAsSent) {
  const auto found = Quotes(5)
                         .at(3, QuotedField::Dscp, 0, std::uint32_t{8})
                         .at(4, QuotedField::Dscp, 0, std::uint32_t{8})
                         .at(5, QuotedField::Dscp, 0, std::uint32_t{8})
                         .rewritings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, hop(3));
  EXPECT_EQ(found[0].last_before, hop(2));
  EXPECT_EQ(found[0].last, hop(5));
  EXPECT_FALSE(found[0].is_contradicted);
}

TEST(Rewritings, TakeNoQuoteForUnchangedThatDoesNotReachTheField) {
  const auto found = Quotes(3).only_ports_at(2).at(3, QuotedField::Mss, 1460, std::uint32_t{1400}).rewritings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].last_before, hop(1));
}

TEST(Rewritings, KnowNoHopBeforeTheFirst) {
  const auto found = Quotes(1).at(1, QuotedField::Ecn, 0, std::uint32_t{2}).rewritings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].last_before, std::nullopt);
}

TEST(Rewritings, AreContradictedByALaterQuoteThatHasTheFieldAsSent) {
  const auto found = Quotes(3).at(2, QuotedField::Identification, 2, std::uint32_t{512}).rewritings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].is_contradicted);
}

TEST(Rewritings, OfOneFieldToTwoValuesAreTwo) {
  const auto found = Quotes(4)
                         .at(2, QuotedField::Mss, 1460, std::uint32_t{1400})
                         .at(3, QuotedField::Mss, 1460, std::uint32_t{1400})
                         .at(4, QuotedField::Mss, 1460, std::uint32_t{1300})
                         .rewritings();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].last, hop(3));
  EXPECT_EQ(found[1].first, hop(4));
  EXPECT_EQ(found[1].last_before, hop(3));
  EXPECT_FALSE(found[0].is_contradicted);
}

TEST(Rewritings, OfPortsToAnotherNumberEachTimeAreOne) {
  const auto found = Quotes(3)
                         .at(2, QuotedField::SourcePort, 40001, std::uint32_t{61001})
                         .at(3, QuotedField::SourcePort, 40001, std::uint32_t{61002})
                         .rewritings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].last, hop(3));
}

TEST(Rewritings, LeaveOutWhatThisHostSaid) {
  EXPECT_TRUE(Quotes(1).on_loopback_at(1).at(1, QuotedField::Dscp, 0, std::uint32_t{8}).rewritings().empty());
}

TEST(Rewritings, StayWithinTheirBoundHoweverManyValuesAreForged) {
  constexpr int kHops = 30;
  Quotes quotes(kHops);
  for (int ttl = 1; ttl <= kHops; ++ttl) quotes.at(ttl, QuotedField::Mss, 1460, static_cast<std::uint32_t>(ttl));
  EXPECT_EQ(quotes.rewritings().size(), kMostRewritings);
}

}  // namespace
}  // namespace smtpath::path
