// SYNs that come through now and then: limits on the way and at the server, full queues, and what they are not.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/network_builder.h"
#include "support/usual_paths.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using verdict::Cause;
using verdict::Kind;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};
constexpr int kDistance = 6;
constexpr std::uint64_t kSeeds = 40;

// client - 1 - 2 - 3 - 4 - 5 - server at 6, 20 ms away; 25 and 587 are open, 465 and 2525 closed
NetworkBuilder usual_server() {
  constexpr Duration kLink = 2ms;
  NetworkBuilder path = routers(kDistance - 1);
  for (int hop = 1; hop < kDistance; ++hop) path.at(hop).latency(kLink);
  return path.server().latency(kLink).open(kSmtp).open(kSubmission);
}

void expect_limited_at(const verdict::Verdict& verdict, int hop) {
  ASSERT_EQ(verdict.kind, Kind::Intermittent);
  EXPECT_EQ(verdict.cause, Cause::RateLimited);
  ASSERT_TRUE(verdict.location);
  EXPECT_LE(verdict.location->last_reached.ttl.hops, hop);
  ASSERT_TRUE(ttl_of(verdict.location->first_missed));
  EXPECT_GE(*ttl_of(verdict.location->first_missed), hop);
}

TEST(Limit, IsFoundWhereverItHolds) {
  for (int hop = 1; hop <= kDistance; ++hop) {
    SCOPED_TRACE(hop);
    NetworkBuilder path = usual_server();
    NetworkBuilder& limiter = hop < kDistance ? path.at(hop) : path.server();
    expect_limited_at(trace(limiter.limits(kSmtp, 1, 1)).verdict_of(kSmtp), hop);
  }
}

TEST(Limit, IsNotPlacedNearerWhereRoutersRationTheirErrors) {
  NetworkBuilder path = usual_server();
  for (int hop = 1; hop < kDistance; ++hop) path.at(hop).rate_limited(2, 1);
  const Traced traced = trace(path.server().limits(kSmtp, 1, 1));
  expect_limited_at(traced.verdict_of(kSmtp), kDistance);
}

TEST(Limit, ExplainsMoreThanBranchesThatPacketsTake) {
  const Traced traced = trace(usual_server().at(2).splits_by_packet(2).server().limits(kSmtp, 2, 2));
  expect_limited_at(traced.verdict_of(kSmtp), kDistance);
}

TEST(FullQueue, IsNoLossOfThePathWhereTheHostSendsAnythingElse) {
  for (const bool has_echo : {true, false}) {
    int overloaded = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const Traced traced =
          trace(usual_server().queue_full(0.5).echo(has_echo), {.ports = mail_ports_and_anchors(), .seed = seed});
      for (const Port port : {kSmtp, kSubmission}) {
        const verdict::Verdict verdict = traced.verdict_of(port);
        EXPECT_NE(verdict.cause, Cause::Loss) << port.number;
        if (verdict.cause == Cause::Overloaded) ++overloaded;
      }
      EXPECT_EQ(traced.verdict_of(Port{465}).kind, Kind::Refused);
    }
    EXPECT_GT(overloaded, 0);
  }
}

// How long after the first the last SYN left that goes as far as the server.
Duration span_of_tries(const Traced& traced, Port port) {
  std::vector<Time> sent;
  for (const path::FlowTrace& flow : traced.run.observer.trace(0).flows) {
    for (const path::Probe& probe : flow.probes) {
      if (flow.destination_port == port && probe.ttl >= Ttl{kDistance}) sent.push_back(probe.sent);
    }
  }
  return *std::max_element(sent.begin(), sent.end()) - *std::min_element(sent.begin(), sent.end());
}

TEST(FullQueue, IsLookedForASecondAfterTheFirstTryAtTheHostsDoorOnly) {
  const Traced at_the_door = trace(usual_server().drops(kSmtp));
  EXPECT_EQ(at_the_door.verdict_of(kSmtp).kind, Kind::Dropped);
  EXPECT_GE(span_of_tries(at_the_door, kSmtp), 1s);
  EXPECT_LT(at_the_door.run.duration(), 2s);
  EXPECT_LT(span_of_tries(trace(usual_server().at(3).drops(kSmtp)), kSmtp), 1s);
  EXPECT_LT(trace(usual_server()).run.duration(), 1s);
}

}  // namespace
}  // namespace smtpath::test
