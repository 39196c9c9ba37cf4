#include "smtpath/report/remarks.h"

#include <gtest/gtest.h>

#include "unit/path/trace_builder.h"

namespace smtpath::report {
namespace {

using path::QuoteChange;
using path::QuoteDepth;
using path::QuotedField;
using test::TraceBuilder;

/// A port whose probes of TTLs 1 to 5 draw time exceeded from as many routers.
path::PathTrace five_hops() {
  return TraceBuilder().port(25).routers(1, 5).syn_ack(6).trace();
}

path::IcmpDetail& quote_at(path::PathTrace& trace, int ttl, std::size_t flow = 0) {
  return *trace.flows.at(flow).probes.at(static_cast<std::size_t>(ttl - 1)).replies.at(0).icmp;
}

QuoteChange number(QuotedField field, std::uint32_t sent, std::uint32_t quoted) {
  return {.field = field, .sent = sent, .quoted = quoted};
}

void quote_whole(path::PathTrace& trace) {
  for (path::FlowTrace& flow : trace.flows) {
    for (path::Probe& probe : flow.probes) {
      for (path::Reply& reply : probe.replies) {
        if (reply.icmp) reply.icmp->depth = QuoteDepth::Options;
      }
    }
  }
}

std::vector<std::string> texts_on(const path::PathTrace& trace) {
  std::vector<std::string> texts;
  for (const Remark& remark : remarks_on(trace)) texts.push_back(remark.text);
  return texts;
}

TEST(Remarks, AreNoneOnAPathThatChangesNothing) {
  EXPECT_TRUE(remarks_on(five_hops()).empty());
}

TEST(Remarks, SayFromWhichHopOnTheSourceIsTranslated) {
  path::PathTrace trace = five_hops();
  quote_whole(trace);
  for (const int ttl : {3, 4, 5}) {
    quote_at(trace, ttl).changes = {{.field = QuotedField::SourceAddress,
                                     .sent = *IpAddress::parse("192.0.2.2"),
                                     .quoted = *IpAddress::parse("203.0.113.7")},
                                    number(QuotedField::SourcePort, 40001, 61001)};
  }
  const auto remarks = remarks_on(trace);
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].kind, "rewritten");
  EXPECT_EQ(remarks[0].ttl, Ttl{3});
  EXPECT_EQ(
      remarks[0].text,
      "From hop 3 (198.51.100.3) on, probes carry source 203.0.113.7:61001 instead of 192.0.2.2:40001: translated "
      "between hop 2 (198.51.100.2) and hop 3.");
}

TEST(Remarks, NameBothHopsBetweenWhichTheSegmentSizeIsClamped) {
  path::PathTrace trace = five_hops();
  quote_whole(trace);
  quote_at(trace, 3).depth = QuoteDepth::Ports;
  for (const int ttl : {4, 5}) quote_at(trace, ttl).changes = {number(QuotedField::Mss, 1460, 1400)};
  EXPECT_EQ(texts_on(trace), std::vector<std::string>{"From hop 4 (198.51.100.4) on, probes carry MSS 1400 instead of "
                                                      "1460: clamped between hop 2 (198.51.100.2) and hop 4."});
}

TEST(Remarks, DoNotSpeakOfHopsBeyondWhereOnlyOneQuoteTells) {
  path::PathTrace trace = five_hops();
  quote_at(trace, 5).changes = {number(QuotedField::Dscp, 0, 8)};
  EXPECT_EQ(texts_on(trace),
            std::vector<std::string>{"Hop 5 (198.51.100.5), the last to tell, quotes probes with DSCP 8 instead of 0: "
                                     "rewritten between hop 4 (198.51.100.4) and hop 5, or quoted wrongly."});
}

TEST(Remarks, SayThatQuotesDisagree) {
  path::PathTrace trace = five_hops();
  quote_at(trace, 3).changes = {number(QuotedField::Identification, 3, 768)};
  EXPECT_EQ(texts_on(trace),
            std::vector<std::string>{"Hop 3 (198.51.100.3) quotes some probes to port 25 with IP ID 768 instead of 3; "
                                     "others are quoted there or farther on as they were sent."});
}

TEST(Remarks, NameThePortWhereOnlyItsProbesAreRewritten) {
  path::PathTrace trace = TraceBuilder().port(25).routers(1, 4).syn_ack(5).port(587).routers(1, 4).syn_ack(5).trace();
  for (const int ttl : {2, 3, 4}) {
    quote_at(trace, ttl).changes = {
        {.field = QuotedField::DestinationAddress, .sent = trace.target, .quoted = *IpAddress::parse("10.0.9.9")}};
  }
  EXPECT_EQ(texts_on(trace),
            std::vector<std::string>{"From hop 2 (198.51.100.2) on, probes to port 25 carry destination "
                                     "10.0.9.9 instead of 203.0.113.9: translated between hop 1 "
                                     "(198.51.100.1) and hop 2."});
}

TEST(Remarks, TellOptionsTakenAwayOneByOne) {
  path::PathTrace trace = five_hops();
  quote_whole(trace);
  for (const int ttl : {1, 2, 3, 4, 5}) {
    quote_at(trace, ttl).changes = {{.field = QuotedField::WindowScale, .sent = std::uint32_t{10}, .quoted = {}},
                                    {.field = QuotedField::SackPermitted, .sent = std::uint32_t{1}, .quoted = {}}};
  }
  EXPECT_EQ(texts_on(trace), std::vector<std::string>{"From hop 1 (198.51.100.1) on, probes carry no window scale, no "
                                                      "SACK option: removed between this host and hop 1."});
}

TEST(Remarks, TellOneZeroTtlForwarderOnceForAllPorts) {
  TraceBuilder builder;
  for (const std::uint16_t port : {std::uint16_t{25}, std::uint16_t{587}}) {
    builder.port(port).routers(1, 2).time_exceeded(3, TraceBuilder::router(4)).routers(4, 5);
  }
  path::PathTrace trace = builder.trace();
  for (const std::size_t flow : {0U, 1U}) quote_at(trace, 3, flow).quoted_ttl = Ttl{0};
  EXPECT_EQ(texts_on(trace), std::vector<std::string>{"Zero-TTL forwarding: hop 3 passes probes on with TTL 0, and "
                                                      "198.51.100.4 behind it answers in its stead."});
}

TEST(Remarks, NameTheRangeOfAddressesThatTheInternetDoesNotRoute) {
  TraceBuilder builder;
  builder.port(25).time_exceeded(1, *IpAddress::parse("10.0.0.1"));
  builder.time_exceeded(2, *IpAddress::parse("62.1.2.3")).time_exceeded(3, *IpAddress::parse("100.64.0.9"));
  const auto remarks = remarks_on(builder);
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].kind, "unrouted-addresses");
  EXPECT_EQ(remarks[0].text,
            "Addresses that the Internet does not route, beyond one that it does: hop 3 (100.64.0.9), shared by "
            "carriers' NATs (RFC 6598).");
}

}  // namespace
}  // namespace smtpath::report
