// The program against real routers and real firewalls: what it says of port 25 and where it says so, that it accuses no
// other port, and that the evidence file alone leads to the same report.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>

#include "netns/traced.h"

namespace smtpath::test {

// Without this, a failing test would print a scenario byte by byte.
void PrintTo(const Scenario& scenario, std::ostream* stream) {
  *stream << scenario.name;
}

namespace {

using nlohmann::json;

std::string name_of(const std::string& scenario, Family family) {
  std::string name = scenario + "-" + std::string(to_string(family));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class TraceTest : public testing::TestWithParam<std::tuple<Scenario, Family>> {
 public:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    traced_ = std::make_unique<TracedScenarios>(selected());
  }
  static void TearDownTestSuite() { traced_.reset(); }

 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  void TearDown() override {
    if (HasFailure() && traced_) traced_->keep_evidence();
  }

  const Scenario& scenario() const { return std::get<0>(GetParam()); }
  const Traced& traced() const { return traced_->of(scenario().name, std::get<1>(GetParam())); }

 private:
  // The scenarios of the tests that were asked for.
  static std::vector<Scenario> selected() {
    const testing::TestSuite& suite = *testing::UnitTest::GetInstance()->current_test_suite();
    std::vector<Scenario> chosen;
    for (const Scenario& scenario : scenarios()) {
      const auto is_wanted = [&](Family family) {
        for (int i = 0; i < suite.total_test_count(); ++i) {
          const testing::TestInfo& info = *suite.GetTestInfo(i);
          const std::string test = info.name();
          if (info.should_run() && test.ends_with("/" + name_of(scenario.name, family))) return true;
        }
        return false;
      };
      if (is_wanted(Family::Ipv4) || is_wanted(Family::Ipv6)) chosen.push_back(scenario);
    }
    return chosen;
  }

  static std::unique_ptr<TracedScenarios> traced_;
};

std::unique_ptr<TracedScenarios> TraceTest::traced_;

json hop_json(const std::optional<ExpectedHop>& hop, const Traced& traced) {
  if (!hop) return nullptr;
  const json address = hop->is_seen ? json(traced.addresses.at(static_cast<std::size_t>(hop->ttl))) : json(nullptr);
  return {{"ttl", hop->ttl}, {"address", address}};
}

json location_json(const std::optional<ExpectedLocation>& location, const Traced& traced) {
  if (!location) return nullptr;
  return {{"place", location->place},
          {"last_reached", hop_json(location->last_reached, traced)},
          {"first_missed", hop_json(location->first_missed, traced)},
          {"suspect", hop_json(location->suspect, traced)}};
}

TEST_P(TraceTest, SaysWhatHappensToThePortAndWhere) {
  const Traced& run = traced();
  ASSERT_EQ(run.live.errors, "");
  const json report = parse_json(run.live.output);
  const json& target = report.at("targets").at(0);
  const json& subject = port_of(target, 25);
  const std::string shown = "evidence in " + run.evidence + "\n" + subject.at("evidence").dump(1);

  EXPECT_EQ(subject.at("verdict"), scenario().verdict) << shown;
  EXPECT_EQ(subject.at("location"), location_json(scenario().location, run)) << shown;
  EXPECT_EQ(target.at("distance"), kScenarioServer) << shown;
  EXPECT_EQ(run.live.status, scenario().verdict == "open" ? 0 : 1);

  EXPECT_EQ(port_of(target, 465).at("verdict"), "refused") << shown;
  EXPECT_EQ(port_of(target, 587).at("verdict"), "open") << shown;
  EXPECT_EQ(port_of(target, 2525).at("verdict"), "refused") << shown;

  ASSERT_EQ(run.replayed.errors, "");
  EXPECT_EQ(parse_json(run.replayed.output).at("targets"), report.at("targets")) << "replayed from " << run.evidence;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, TraceTest,
                         testing::Combine(testing::ValuesIn(scenarios()), testing::Values(Family::Ipv4, Family::Ipv6)),
                         [](const auto& tested) {
                           return name_of(std::get<0>(tested.param).name, std::get<1>(tested.param));
                         });

}  // namespace
}  // namespace smtpath::test
