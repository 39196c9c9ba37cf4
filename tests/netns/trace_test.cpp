// The program against real routers and real firewalls: rules that stand anywhere on the chain.

#include "netns/scenario_test.h"

namespace smtpath::test {
namespace {

class TraceTest : public ScenarioTest {
 public:
  static void SetUpTestSuite() { start(scenarios()); }
};

TEST_P(TraceTest, SaysWhatHappensToThePortAndWhere) {
  expect_truth();
}

INSTANTIATE_TEST_SUITE_P(Scenarios, TraceTest,
                         testing::Combine(testing::ValuesIn(scenarios()), testing::Values(Family::Ipv4, Family::Ipv6)),
                         test_name);

}  // namespace
}  // namespace smtpath::test
