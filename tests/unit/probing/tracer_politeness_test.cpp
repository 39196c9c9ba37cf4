// How gentle a run is to hosts and routers.

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "probing/politeness.h"
#include "support/network_builder.h"
#include "support/random_path.h"
#include "unit/probing/sent_probes.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

TEST(TracerPoliteness, LetsAtMostSixProbesDieAtOneRouterInTheFirstSecond) {
  // Linux answers six at once, then one a second.
  std::vector<path::PortPlan> mail_ports = usual_ports();
  mail_ports.resize(4);
  const auto run =
      trace_path(routers(6).server().open(Port{25}).open(Port{465}).open(Port{587}).open(Port{2525}), {}, mail_ports);
  std::map<Ttl, int> died;
  for (const SentProbe& probe : sent_syns(run)) {
    if (probe.at - run.start < 1s) ++died[probe.ttl];
  }
  for (const path::Probe& probe : run.observer.trace(0).echo.probes) {
    if (probe.sent - run.start < 1s) ++died[probe.ttl];
  }
  for (int hop = 1; hop <= 6; ++hop) EXPECT_LE(died[Ttl{} + hop], 6) << "hop " << hop;
}

TEST(TracerPoliteness, AsksNoMoreOnceTheTargetAnswered) {
  const auto run = trace_path(routers(6).server().open(Port{25}).open(Port{465}).open(Port{587}).open(Port{2525}));
  EXPECT_TRUE(run.finished);
  EXPECT_LT(run.duration(), 600ms);
  for (const auto port : std::to_array<std::uint16_t>({25, 465, 587, 2525}))
    EXPECT_LE(run.syns_at_server(Port{port}), 7U) << port << ": six flows, and one that looks for where answers begin";
}

TEST(TracerPoliteness, SendsNothingToAHostThatAnsweredBeyondWhatThePortsNeed) {
  const auto run = trace_path(routers(6).server().open(Port{25}), {}, {usual_ports().front()});
  constexpr std::size_t kRouters = 6;
  EXPECT_LE(run.probes, 3 * (kRouters + 4)) << "port 25, the echo and no more";
}

}  // namespace
}  // namespace smtpath::test
