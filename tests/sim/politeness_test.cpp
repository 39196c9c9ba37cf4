// How many SYNs arrive at the host at one port, on any path: where answers come back over more hops than probes go, or
// over fewer, where routers are silent, and where packets are lost. Another seed: SMTPATH_TEST_SEED=12345.

#include <gtest/gtest.h>

#include "support/hard_path.h"
#include "support/random_path.h"
#include "support/seed.h"
#include "support/simulation.h"

namespace smtpath::test {
namespace {

constexpr std::uint64_t kUsualSeed = 2'000'000;
constexpr std::uint64_t kPaths = 1000;
constexpr std::size_t kMostASecond = 8;
/// Where it is explored how flows and tries differ; else 24.
constexpr std::size_t kMostInAll = 64;
constexpr std::size_t kMostUnexplored = 24;

TEST(Politeness, HoldsWhereverTheHostIsAndWhicheverWayItAnswers) {
  const std::uint64_t first = first_seed(kUsualSeed);
  std::size_t most = 0;
  for (std::uint64_t seed = first; seed < first + kPaths; ++seed) {
    const RandomPath random = random_path(seed);
    Network network(random.path, random.seed);
    const Simulation simulation = run(random.plan, network);
    for (const path::PortPlan& asked : random.plan.targets.front().ports) {
      ASSERT_LE(simulation.peak_syns_a_second(asked.port), kMostASecond)
          << asked.port.number << " of " << to_string(random);
      ASSERT_LE(simulation.syns_at_server(asked.port), kMostInAll) << asked.port.number << " of " << to_string(random);
      most = std::max(most, simulation.syns_at_server(asked.port));
    }
  }
  EXPECT_GT(most, 0U) << "no SYN ever arrived";
}

TEST(Politeness, BoundsTheProbesOfARunHoweverMuchThereIsToExplore) {
  constexpr std::uint64_t kHardPaths = 500;
  constexpr std::size_t kMostProbes = 400;
  const std::uint64_t first = first_seed(kUsualSeed);
  std::size_t most = 0;
  for (std::uint64_t seed = first; seed < first + kHardPaths; ++seed) {
    const RandomPath random = hard_path(seed);
    Network network(random.path, random.seed);
    const Simulation simulation = run(random.plan, network);
    ASSERT_TRUE(simulation.finished) << to_string(random);
    ASSERT_LE(simulation.probes, kMostProbes) << to_string(random);
    for (const path::PortPlan& asked : random.plan.targets.front().ports) {
      ASSERT_LE(simulation.peak_syns_a_second(asked.port), kMostASecond) << to_string(random);
      ASSERT_LE(simulation.syns_at_server(asked.port), kMostInAll) << to_string(random);
    }
    most = std::max(most, simulation.probes);
  }
  EXPECT_GT(most, kMostProbes / 2) << "no path was explored";
}

// A limit swallows the probes of the TTL right below the one that is answered: they count as arrived.
TEST(Politeness, DoesNotTakeALimitForRoutersThatKeepSilent) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    NetworkPath path = plain_path(6, Family::Ipv4);
    path.server.open = {Port{25}};
    path.server.answers_echo = false;
    for (Device& device : path.devices) device.is_silent = true;
    path.devices.back().rules.push_back({.port = Port{25}, .action = LimitRate{.burst = 1, .per_second = 2}});
    Network network(path, seed);
    const Simulation simulation = run(plan_for(path, {{.port = Port{25}, .role = path::Role::Subject}}), network);
    EXPECT_LE(simulation.syns_at_server(Port{25}), kMostUnexplored) << "seed " << seed;
  }
}

// client - 1 ... 11 - server at 12, and back over five hops more or three fewer
TEST(Politeness, DoesNotTakeTheWayBackForTheWayOut) {
  for (const int extra : {-3, 5}) {
    NetworkPath path = plain_path(11, Family::Ipv4);
    path.server.open = {Port{25}};
    for (Device& device : path.devices) device.extra_return_hops = extra;
    Network network(path, 1);
    const path::Plan plan = plan_for(path, {{.port = Port{25}, .role = path::Role::Subject}});
    const Simulation simulation = run(plan, network);
    EXPECT_LE(simulation.peak_syns_a_second(Port{25}), kMostASecond) << extra;
    EXPECT_LE(simulation.syns_at_server(Port{25}), kMostUnexplored) << extra;
    EXPECT_LT(simulation.duration(), std::chrono::milliseconds(1500)) << extra;
  }
}

}  // namespace
}  // namespace smtpath::test
