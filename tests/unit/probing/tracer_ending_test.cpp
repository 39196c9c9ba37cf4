// When a run ends, and that it does.

#include <gtest/gtest.h>

#include <cerrno>

#include "support/network_builder.h"
#include "unit/probing/hostile_run.h"
#include "unit/probing/sent_probes.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;

constexpr Port kSmtp{25};
constexpr Duration kStragglers = 3500ms;

path::Plan usual_plan() {
  return plan_for(routers(5), usual_ports());
}

TEST(TracerEnding, ComesSoonAfterTheTargetAnsweredEveryPort) {
  const auto run = trace_path(routers(6).server().open(kSmtp));
  EXPECT_TRUE(run.finished);
  EXPECT_LT(run.duration(), 600ms);
}

TEST(TracerEnding, ComesInTimeForOneDroppedPortBesideAnOpenOne) {
  const auto run = trace_path(routers(6).at(3).drops(kSmtp).server().open(Port{587}));
  EXPECT_TRUE(run.finished);
  EXPECT_LT(run.duration(), 1500ms);
}

TEST(TracerEnding, WaitsForStragglersWhereNothingCameBackFromTheHost) {
  EXPECT_GE(trace_path(routers(5).at(3).drops_everything()).duration(), kStragglers);
  EXPECT_GE(trace_path(routers(5).server().nobody()).duration(), kStragglers);
}

TEST(TracerEnding, DoesNotWaitForStragglersOfAHostThatAnswered) {
  NetworkBuilder silent_ports = routers(5).server();
  for (const path::PortPlan& asked : usual_ports()) silent_ports.drops(asked.port);
  EXPECT_LT(trace_path(silent_ports).duration(), kStragglers) << "it answered echo";
  EXPECT_LT(trace_path(routers(5).at(3).drops(kSmtp).server().echo(false)).duration(), kStragglers) << "it refused";
}

TEST(TracerEnding, HearsOfAHostThatDoesNotExist) {
  const auto run = trace_path(routers(3).server().nobody());
  bool has_heard = false;
  for (const path::FlowTrace& flow : run.observer.trace(0).flows) {
    for (const path::Probe& probe : flow.probes) {
      for (const path::Reply& reply : probe.replies) has_heard |= reply.kind == path::ReplyKind::Unreachable;
    }
  }
  EXPECT_TRUE(has_heard);
}

TEST(TracerEnding, ComesWhateverIsReplied) {
  constexpr std::uint64_t kSeeds = 120;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const HostileRun run = run_against(usual_plan(), {}, random_replies(seed));
    ASSERT_TRUE(run.finished) << "seed " << seed << ": " << to_milliseconds(run.duration) << " ms, " << run.probes
                              << " probes";
    EXPECT_LT(run.duration, 46s) << "seed " << seed;
    EXPECT_LT(run.probes, 600U) << "seed " << seed;
  }
}

TEST(TracerEnding, ComesThoughNothingIsEverReplied) {
  const HostileRun run = run_against(usual_plan(), {}, [](auto) { return std::vector<LateFrame>{}; });
  EXPECT_TRUE(run.finished);
  EXPECT_LT(run.duration, 20s);
}

TEST(TracerEnding, ComesQuicklyWhereTheKernelRefusesEverySend) {
  for (const int refusal : {EPERM, ENETUNREACH}) {
    const HostileRun run = run_against(usual_plan(), {}, {}, refusal);
    EXPECT_TRUE(run.finished);
    EXPECT_LT(run.duration, 500ms);
    EXPECT_LE(run.probes, 40U);
  }
}

TEST(TracerEnding, LeavesNothingToWaitFor) {
  const path::Plan plan = usual_plan();
  probing::Tracer tracer(plan, 0, {}, kStart);
  EXPECT_FALSE(tracer.finished());
  EXPECT_TRUE(tracer.poll_transmit(kStart));
  EXPECT_TRUE(tracer.next_timeout());
}

}  // namespace
}  // namespace smtpath::test
