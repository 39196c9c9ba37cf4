// The driver between a tracer and a simulated network.

#include "support/simulation.h"

#include <gtest/gtest.h>

#include "support/network_builder.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};

Simulation simulate(const NetworkPath& path, std::uint64_t seed) {
  Network network(path, seed);
  const path::Plan plan = plan_for(path, {{.port = kSmtp, .role = path::Role::Subject}});
  return run(plan, network, {}, Recording::On);
}

TEST(Simulation, IsTheSameForTheSameSeed) {
  const NetworkPath path = routers(6).at(2).loses(0.1, 0.1).server().open(kSmtp);
  const Simulation a = simulate(path, 7);
  const Simulation b = simulate(path, 7);
  EXPECT_TRUE(a.finished);
  ASSERT_EQ(a.frames.size(), b.frames.size());
  for (std::size_t i = 0; i < a.frames.size(); ++i) {
    EXPECT_EQ(a.frames[i].time, b.frames[i].time);
    EXPECT_EQ(a.frames[i].bytes, b.frames[i].bytes);
  }
}

TEST(Simulation, ShowsTheObserverEachProbeAndEachReply) {
  const Simulation simulation = simulate(routers(3).server().open(kSmtp), 1);
  EXPECT_EQ(simulation.observer.counters().frames, simulation.frames.size());
  EXPECT_EQ(simulation.statistics.received, simulation.frames.size());
  std::size_t probes = simulation.observer.trace(0).echo.probes.size();
  for (const path::FlowTrace& flow : simulation.observer.trace(0).flows) probes += flow.probes.size();
  EXPECT_EQ(probes, simulation.probes);
}

TEST(Simulation, RecordedFramesReplayToTheSameTrace) {
  const NetworkPath path = routers(3).server().open(kSmtp);
  const Simulation live = simulate(path, 1);
  path::Observer replay(plan_for(path, {{.port = kSmtp, .role = path::Role::Subject}}));
  for (const RecordedFrame& frame : live.frames) replay.handle_frame(frame.frame());
  replay.finish(live.end, live.statistics);
  ASSERT_EQ(replay.trace(0).flows.size(), live.observer.trace(0).flows.size());
  for (std::size_t i = 0; i < replay.trace(0).flows.size(); ++i) {
    EXPECT_EQ(replay.trace(0).flows[i].probes.size(), live.observer.trace(0).flows[i].probes.size());
  }
}

TEST(Simulation, CountsSynsAtTheServerAndTheirPeak) {
  Simulation simulation{.observer = path::Observer(path::Plan{})};
  for (const auto at : {0ms, 300ms, 900ms, 1000ms, 2500ms}) simulation.syn_arrivals.push_back({kSmtp, kStart + at});
  simulation.syn_arrivals.push_back({Port{587}, kStart + 3s});
  EXPECT_EQ(simulation.syns_at_server(kSmtp), 5U);
  EXPECT_EQ(simulation.peak_syns_a_second(kSmtp), 3U);
  EXPECT_EQ(simulation.peak_syns_a_second(Port{465}), 0U);
}

}  // namespace
}  // namespace smtpath::test
