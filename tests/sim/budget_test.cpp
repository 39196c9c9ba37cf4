// How many packets a whole run costs, whatever becomes of them: four ports and what they need beside them.

#include <gtest/gtest.h>

#include <string>

#include "support/simulation.h"
#include "support/usual_paths.h"

namespace smtpath::test {
namespace {

constexpr std::size_t kMostProbes = 250;

TEST(ProbeBudget, HoldsForWholeRunsOnLongPaths) {
  for (const UsualPath& usual : usual_paths()) {
    Network network(usual.path, 1);
    const Simulation simulation = run(plan_for(usual.path, mail_ports_and_anchors()), network);
    EXPECT_TRUE(simulation.finished) << usual.name;
    EXPECT_GT(simulation.probes, 0U) << usual.name;
    EXPECT_LE(simulation.probes, kMostProbes) << usual.name;
    RecordProperty(std::string(usual.name), std::to_string(simulation.probes));
  }
}

}  // namespace
}  // namespace smtpath::test
