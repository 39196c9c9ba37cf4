// The program in ordinary life: hosts with firewalls and routes of their own, houses with more than one host, and what
// stands between.

#include "netns/scenario_test.h"
#include "support/situations.h"

namespace smtpath::test {
namespace {

class SituationTest : public ScenarioTest {
 public:
  static void SetUpTestSuite() { start(situations()); }
};

TEST_P(SituationTest, SaysWhatHappensToThePortAndWhere) {
  expect_truth();
}

INSTANTIATE_TEST_SUITE_P(Situations, SituationTest,
                         testing::Combine(testing::ValuesIn(situations()), testing::Values(Family::Ipv4, Family::Ipv6)),
                         test_name);

}  // namespace
}  // namespace smtpath::test
