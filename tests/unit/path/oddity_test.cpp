#include "smtpath/path/oddity.h"

#include <gtest/gtest.h>

#include "unit/path/trace_builder.h"

namespace smtpath::path {
namespace {

using test::TraceBuilder;

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

IpAddress router(int hop) {
  return TraceBuilder::router(hop);
}

template <class T>
std::vector<T> found(const PathTrace& trace) {
  std::vector<T> all;
  for (const Oddity& oddity : oddities_in(trace)) {
    if (const auto* one = std::get_if<T>(&oddity)) all.push_back(*one);
  }
  return all;
}

Reply& last_reply(PathTrace& trace) {
  return trace.flows.at(0).probes.back().replies.back();
}

TEST(Oddities, AreNoneOnAPlainPath) {
  EXPECT_TRUE(oddities_in(TraceBuilder().port(25).routers(1, 5).syn_ack(6).port(587).routers(1, 5).echo_at(6)).empty());
}

TEST(Oddities, AreNoneWhereAPathSplitsByFlow) {
  TraceBuilder builder;
  builder.port(25).routers(1, 1).time_exceeded(2, router(21)).flow(1).routers(1, 1).time_exceeded(2, router(22));
  EXPECT_TRUE(oddities_in(builder).empty());
}

TEST(Oddities, LeaveOpenWhatTwoAnswersOfOneFlowCannotTell) {
  TraceBuilder builder;
  builder.port(25).routers(1, 1).time_exceeded(2, router(21)).time_exceeded(2, router(22));
  const auto several = found<SeveralRouters>(builder);
  ASSERT_EQ(several.size(), 1U);
  EXPECT_EQ(several[0].ttl, Ttl{2});
  EXPECT_EQ(several[0].routers, (std::vector{router(21), router(22)}));
  EXPECT_EQ(several[0].alternation, Alternation::Unclear);
}

TEST(Oddities, CallItBackAndForthOnceTheFirstRouterIsBack) {
  TraceBuilder builder;
  builder.port(25).time_exceeded(2, router(21)).time_exceeded(2, router(22)).time_exceeded(2, router(21));
  builder.time_exceeded(3, router(31)).time_exceeded(3, router(32));
  const auto several = found<SeveralRouters>(builder);
  ASSERT_EQ(several.size(), 2U);
  EXPECT_EQ(several[0].alternation, Alternation::BackAndForth);
  EXPECT_EQ(several[1].alternation, Alternation::BackAndForth);
}

TEST(Oddities, CallItAChangeWhenManyAnswersAgreeOnTheMoment) {
  TraceBuilder builder;
  builder.port(25);
  for (const int offset : {0, 10}) {
    for (int round = 0; round < 3; ++round) {
      for (const int ttl : {2, 3}) builder.time_exceeded(ttl, router(ttl * 20 + offset));
    }
  }
  const auto several = found<SeveralRouters>(builder);
  ASSERT_EQ(several.size(), 2U);
  EXPECT_EQ(several[0].alternation, Alternation::Once);
  EXPECT_EQ(several[1].alternation, Alternation::Once);
}

TEST(Oddities, CallItNoChangeWhenTtlsDisagreeOnTheMoment) {
  TraceBuilder builder;
  builder.port(25);
  const auto ask = [&](int ttl, int offset, int times) {
    for (int i = 0; i < times; ++i) builder.time_exceeded(ttl, router(ttl * 20 + offset));
  };
  ask(2, 0, 4);
  ask(2, 10, 4);
  ask(3, 0, 4);
  ask(3, 10, 4);
  for (const SeveralRouters& each : found<SeveralRouters>(builder)) {
    EXPECT_EQ(each.alternation, Alternation::Unclear);
  }
}

TEST(Oddities, ShowOneProbeThatSeveralAddressesAnswered) {
  TraceBuilder builder;
  builder.port(25).router_answers(3).and_time_exceeded(router(99));
  const auto several = found<SeveralErrors>(builder);
  ASSERT_EQ(several.size(), 1U);
  EXPECT_EQ(several[0].from, (std::vector{router(3), router(99)}));
}

TEST(Oddities, ShowTheTargetsAddressOnTheWayOnlyIfARouterLiesBeyond) {
  TraceBuilder builder;
  builder.port(25).routers(1, 2).time_exceeded(3, TraceBuilder::target());
  EXPECT_TRUE(found<TargetOnTheWay>(builder).empty());
  builder.routers(4, 4);
  EXPECT_EQ(found<TargetOnTheWay>(builder),
            (std::vector<TargetOnTheWay>{{.ttl = Ttl{3}, .beyond = {.ttl = Ttl{4}, .address = router(4)}}}));
}

TEST(Oddities, ShowZeroTtlForwardingOnlyIfTheSameRouterAnswersAgain) {
  for (const bool is_again : {true, false}) {
    TraceBuilder builder;
    builder.port(25).routers(1, 2).time_exceeded(3, router(4));
    PathTrace trace = builder.trace();
    last_reply(trace).icmp->quoted_ttl = Ttl{0};
    PathTrace next = TraceBuilder().port(25).time_exceeded(4, router(is_again ? 4 : 5)).trace();
    trace.flows[0].probes.push_back(next.flows[0].probes[0]);
    EXPECT_EQ(found<ZeroTtlForwarding>(trace).size(), is_again ? 1U : 0U);
  }
}

TEST(Oddities, TakeARouterThatAlwaysQuotesZeroForNoForwarder) {
  PathTrace trace = TraceBuilder().port(25).time_exceeded(3, router(4)).time_exceeded(4, router(4)).trace();
  for (Probe& probe : trace.flows[0].probes) probe.replies[0].icmp->quoted_ttl = Ttl{0};
  EXPECT_TRUE(found<ZeroTtlForwarding>(trace).empty());
}

TEST(Oddities, ShowHopsThatTheQuotedHeaderDidNotCount) {
  PathTrace trace = TraceBuilder().port(25).routers(1, 3).trace();
  last_reply(trace).icmp->quoted_ttl = Ttl{2};
  EXPECT_EQ(found<UncountedHops>(trace),
            (std::vector<UncountedHops>{{.hop = {.ttl = Ttl{3}, .address = router(3)}, .quoted = Ttl{2}}}));
}

TEST(Oddities, ShowAPrivateAddressOnlyBehindOneThatIsRouted) {
  TraceBuilder builder;
  builder.port(25).time_exceeded(1, address("192.168.1.1")).time_exceeded(2, address("62.1.2.3"));
  EXPECT_TRUE(oddities_in(builder).empty());
  builder.time_exceeded(3, address("172.31.0.1"));
  const auto unrouted = found<UnroutedAddress>(builder);
  ASSERT_EQ(unrouted.size(), 1U);
  EXPECT_EQ(unrouted[0].range, AddressRange::Private);
  EXPECT_EQ(unrouted[0].behind.ttl, Ttl{2});
}

TEST(Oddities, StayWithinTheirBoundHoweverManyAddressesAreForged) {
  TraceBuilder builder;
  builder.port(25).time_exceeded(1, address("62.1.2.3"));
  for (int ttl = 2; ttl < 30; ++ttl)
    builder.time_exceeded(ttl, IpAddress::v4(std::array{std::byte{10}, std::byte{0}, std::byte{0}, std::byte(ttl)}));
  EXPECT_EQ(oddities_in(builder).size(), kMostOddities);
}

TEST(AddressRanges, EndWhereTheirDocumentsSay) {
  const auto range = [](const char* text) { return range_of(address(text)); };
  EXPECT_EQ(range("172.15.255.255"), std::nullopt);
  EXPECT_EQ(range("172.16.0.0"), AddressRange::Private);
  EXPECT_EQ(range("172.31.255.255"), AddressRange::Private);
  EXPECT_EQ(range("172.32.0.0"), std::nullopt);
  EXPECT_EQ(range("100.63.255.255"), std::nullopt);
  EXPECT_EQ(range("100.64.0.0"), AddressRange::Shared);
  EXPECT_EQ(range("100.128.0.0"), std::nullopt);
  EXPECT_EQ(range("169.254.3.4"), AddressRange::LinkLocal);
  EXPECT_EQ(range("198.19.255.255"), AddressRange::Benchmarking);
  EXPECT_EQ(range("198.20.0.0"), std::nullopt);
  EXPECT_EQ(range("8.8.8.8"), std::nullopt);
  EXPECT_EQ(range("fd00::1"), AddressRange::UniqueLocal);
  EXPECT_EQ(range("fe80::1"), AddressRange::LinkLocal);
  EXPECT_EQ(range("fec0::1"), std::nullopt);
  EXPECT_EQ(range("2001:db8::1"), AddressRange::Documentation);
  EXPECT_EQ(range("2001:db9::1"), std::nullopt);
  EXPECT_EQ(range("3fff:fff::1"), AddressRange::Documentation);
  EXPECT_EQ(range("3fff:1000::1"), std::nullopt);
  EXPECT_EQ(range("2a00::1"), std::nullopt);
}

}  // namespace
}  // namespace smtpath::path
