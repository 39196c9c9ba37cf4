// The frames of a run, shown to another observer, lead to the same diagnosis: live and offline are one way.

#include <gtest/gtest.h>

#include "smtpath/verdict/diagnose.h"
#include "support/random_path.h"
#include "support/simulation.h"

namespace smtpath::test {
namespace {

constexpr std::uint64_t kFirstSeed = 5'000'000;
constexpr std::uint64_t kPaths = 200;

void expect_same(const verdict::Diagnosis& live, const verdict::Diagnosis& replayed) {
  ASSERT_EQ(live.ports.size(), replayed.ports.size());
  EXPECT_EQ(live.distance.has_value(), replayed.distance.has_value());
  for (std::size_t i = 0; i < live.ports.size(); ++i) {
    EXPECT_EQ(live.ports[i].port.port, replayed.ports[i].port.port);
    EXPECT_EQ(live.ports[i].verdict, replayed.ports[i].verdict);
  }
}

TEST(Replay, OfRecordedFramesGivesTheSameVerdictsLocationsAndEvidence) {
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kPaths; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomPath random = random_path(seed);
    Network network(random.path, random.seed);
    const Simulation live = run(random.plan, network, {}, Recording::On);
    ASSERT_FALSE(live.frames.empty());

    path::Observer replayed(random.plan);
    for (const RecordedFrame& recorded : live.frames) replayed.handle_frame(recorded.frame());
    replayed.finish(live.end, live.statistics);

    const path::TargetPlan& target = random.plan.targets.front();
    expect_same(verdict::diagnose(live.observer.trace(0), target, {}),
                verdict::diagnose(replayed.trace(0), target, {}));
  }
}

}  // namespace
}  // namespace smtpath::test
