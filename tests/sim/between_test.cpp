// What stands between this host and the server, and in the server's own house, beside plain filters.

#include <gtest/gtest.h>

#include "support/network_builder.h"
#include "support/usual_paths.h"
#include "traced.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using verdict::Kind;
using verdict::Place;

constexpr Port kSmtp{25};
constexpr Port kSubmission{587};
constexpr Port kClosed{465};
constexpr int kDistance = 6;

// client - 1 - 2 - 3 - 4 - 5 - server at 6; 25 and 587 are open, 465 and 2525 closed
NetworkBuilder usual_server() {
  return routers(kDistance - 1).server().open(kSmtp).open(kSubmission);
}

void expect_others_unharmed(const Traced& traced) {
  EXPECT_EQ(traced.verdict_of(kSubmission).kind, Kind::Open);
  EXPECT_EQ(traced.verdict_of(kClosed).kind, Kind::Refused);
  EXPECT_EQ(traced.verdict_of(Port{2525}).kind, Kind::Refused);
}

TEST(ServersHouse, PassesAPortOnToAContainer) {
  const Traced traced = trace(routers(kDistance - 1).server().open(kSmtp).forwards(kSubmission));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Open);
  expect_others_unharmed(traced);
  ASSERT_TRUE(traced.diagnosis.distance);
  EXPECT_EQ(traced.diagnosis.distance->ttl, Ttl{kDistance});
}

TEST(ServersHouse, PassesEveryOpenPortOnAndRefusesOthers) {
  for (const bool echo : {true, false}) {
    const Traced traced = trace(routers(kDistance - 1).server().forwards(kSmtp).forwards(kSubmission).echo(echo));
    EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Open);
    expect_others_unharmed(traced);
  }
}

TEST(ServersHouse, PassesAPortOnToAContainerWhereItIsClosed) {
  const Traced traced = trace(usual_server().forwards_closed(Port{2525}));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Open);
  expect_others_unharmed(traced);
}

TEST(Between, AHostNearerAnswersForAPort) {
  for (const bool translated : {true, false}) {
    const Traced traced = trace(usual_server().at(2).leads_elsewhere(kSmtp, 3).translates_errors(translated));
    EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Intercepted);
    EXPECT_EQ(traced.verdict_of(kSmtp).location->place, Place::Path);
    expect_others_unharmed(traced);
  }
}

TEST(Between, AHostEquallyFarAnswersForAPort) {
  const Traced plain = trace(usual_server().at(2).leads_elsewhere(kSmtp, kDistance).translates_errors(false));
  EXPECT_EQ(plain.verdict_of(kSmtp).kind, Kind::Open);
  EXPECT_EQ(plain.verdict_of(kSmtp).confidence, verdict::Confidence::Medium);
  expect_others_unharmed(plain);

  const Traced translated = trace(usual_server().at(2).leads_elsewhere(kSmtp, kDistance));
  EXPECT_EQ(translated.verdict_of(kSmtp).kind, Kind::Intercepted);
  EXPECT_FALSE(translated.verdict_of(kSmtp).location->suspect);
  expect_others_unharmed(translated);
}

TEST(Between, AHostFartherAnswersForAPort) {
  for (const bool translated : {true, false}) {
    const Traced traced =
        trace(usual_server().at(2).leads_elsewhere(kSmtp, kDistance + 2).translates_errors(translated));
    const verdict::Verdict verdict = traced.verdict_of(kSmtp);
    EXPECT_EQ(verdict.kind, Kind::Intercepted) << translated;
    EXPECT_EQ(verdict.location->place, Place::Path) << translated;
    EXPECT_FALSE(verdict.location->first_missed && !translated);
    EXPECT_FALSE(verdict.location->suspect) << translated;
    expect_others_unharmed(traced);
  }
}

TEST(Between, ASynProxyStandsBeforeAPort) {
  const Traced traced = trace(usual_server().at(3).proxies_syns(kSmtp));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Intercepted);
  expect_between(traced.verdict_of(kSmtp), 3, 4);
  EXPECT_EQ(ttl_of(traced.verdict_of(kSmtp).location->suspect), 3);
  expect_others_unharmed(traced);
}

TEST(Between, ARouterTakesAPortOver) {
  const Traced traced = trace(usual_server().at(3).redirects(kSmtp));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Intercepted);
  expect_between(traced.verdict_of(kSmtp), 2, 3);
  expect_others_unharmed(traced);
}

TEST(Between, ADeviceInjectsResetsIntoWhatItCopies) {
  const Traced traced = trace(usual_server().at(3).injects_resets(kSmtp));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::ResetInjected);
  EXPECT_LE(int{traced.verdict_of(kSmtp).location->last_reached.ttl.hops}, 3);
  EXPECT_GE(ttl_of(traced.verdict_of(kSmtp).location->first_missed).value_or(kDistance), 3);
  expect_others_unharmed(traced);
}

TEST(Between, RoutersAnswerFromSeveralAddresses) {
  const auto several = [](NetworkBuilder path) { return path.at(3).addresses(2).at(4).addresses(3); };
  const Traced open = trace(several(usual_server()));
  EXPECT_EQ(open.verdict_of(kSmtp).kind, Kind::Open);
  expect_others_unharmed(open);

  const Traced dropped = trace(several(usual_server()).at(4).drops(kSmtp));
  EXPECT_EQ(dropped.verdict_of(kSmtp).kind, Kind::Dropped);
  expect_between(dropped.verdict_of(kSmtp), 4, 5);
  expect_others_unharmed(dropped);

  const Traced reset = trace(several(usual_server()).at(4).resets(kSmtp));
  EXPECT_EQ(reset.verdict_of(kSmtp).kind, Kind::ResetInjected);
  expect_between(reset.verdict_of(kSmtp), 4, 5);
  expect_others_unharmed(reset);
}

TEST(Between, RoutersTellTheirLabels) {
  constexpr std::uint32_t kLabel = 24'001;
  NetworkBuilder path = usual_server();
  for (int hop = 2; hop <= 4; ++hop) path.at(hop).labels(kLabel);
  const Traced traced = trace(path.at(3).drops(kSmtp));
  EXPECT_EQ(traced.verdict_of(kSmtp).kind, Kind::Dropped);
  expect_between(traced.verdict_of(kSmtp), 3, 4);
  expect_others_unharmed(traced);
  std::size_t labelled = 0;
  for (const path::FlowTrace& flow : traced.run.observer.trace(0).flows) {
    for (const path::Probe& probe : flow.probes) {
      for (const path::Reply& reply : probe.replies) {
        if (!reply.mpls.empty() && reply.mpls.front().label == kLabel) ++labelled;
      }
    }
  }
  EXPECT_GT(labelled, 0U);
}

bool is_in(Kind kind, std::initializer_list<Kind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Each way: a third of all tries come to nothing, and mail suffers.
TEST(Between, ALinkLosesEveryFifthPacket) {
  constexpr double kLoss = 0.2;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TraceSettings settings{.ports = mail_ports_and_anchors(), .seed = seed};
    const Traced open = trace(usual_server().at(2).loses(kLoss, kLoss), settings);
    for (const Port port : {kSmtp, kSubmission}) {
      const Kind kind = open.verdict_of(port).kind;
      EXPECT_TRUE(is_in(kind, {Kind::Open, Kind::Intermittent, Kind::Inconclusive})) << port.number << to_string(kind);
    }
    for (const Port port : {kClosed, Port{2525}}) {
      const Kind kind = open.verdict_of(port).kind;
      EXPECT_TRUE(is_in(kind, {Kind::Refused, Kind::Intermittent, Kind::Inconclusive}))
          << port.number << to_string(kind);
    }
    const Traced dropped = trace(usual_server().at(2).loses(kLoss, kLoss).at(4).drops(kSmtp), settings);
    const verdict::Verdict verdict = dropped.verdict_of(kSmtp);
    EXPECT_TRUE(verdict.kind == Kind::Dropped || verdict.kind == Kind::Inconclusive) << to_string(verdict.kind);
    const Kind beside = dropped.verdict_of(kSubmission).kind;
    EXPECT_TRUE(is_in(beside, {Kind::Open, Kind::Intermittent, Kind::Inconclusive})) << to_string(beside);
  }
}

TEST(Between, LongDelaysChangeNothing) {
  for (const Duration round_trip : {Duration(15ms), Duration(80ms), Duration(150ms), Duration(300ms)}) {
    SCOPED_TRACE(to_milliseconds(round_trip));
    const auto delayed = [&](NetworkPath path) {
      for (Device& device : path.devices) device.link.latency = round_trip / 2 / kDistance;
      return path;
    };
    const Traced open = trace(delayed(usual_server()));
    EXPECT_EQ(open.verdict_of(kSmtp).kind, Kind::Open);
    expect_others_unharmed(open);
    const Traced dropped = trace(delayed(usual_server().at(3).drops(kSmtp)));
    EXPECT_EQ(dropped.verdict_of(kSmtp).kind, Kind::Dropped);
    expect_between(dropped.verdict_of(kSmtp), 3, 4);
    const Traced reset = trace(delayed(usual_server().at(3).resets(kSmtp)));
    EXPECT_EQ(reset.verdict_of(kSmtp).kind, Kind::ResetInjected);
    expect_between(reset.verdict_of(kSmtp), 3, 4);
  }
}

}  // namespace
}  // namespace smtpath::test
