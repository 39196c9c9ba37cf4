#include "netns/scenario_test.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace smtpath::test {

void PrintTo(const Scenario& scenario, std::ostream* stream) {
  *stream << scenario.name;
}

namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;

/// Of the one that runs.
std::unique_ptr<TracedScenarios>& traces_of_suite() {
  static std::unique_ptr<TracedScenarios> all;
  return all;
}

std::string name_of(const std::string& scenario, Family family) {
  std::string name = scenario + "-" + std::string(to_string(family));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// The scenarios of the tests that were asked for.
std::vector<Scenario> selected(const std::vector<Scenario>& all) {
  const testing::TestSuite& suite = *testing::UnitTest::GetInstance()->current_test_suite();
  const auto is_wanted = [&](const Scenario& scenario, Family family) {
    for (int i = 0; i < suite.total_test_count(); ++i) {
      const testing::TestInfo& info = *suite.GetTestInfo(i);
      const std::string test = info.name();
      if (info.should_run() && test.ends_with("/" + name_of(scenario.name, family))) return true;
    }
    return false;
  };
  std::vector<Scenario> chosen;
  for (const Scenario& scenario : all) {
    if (is_wanted(scenario, Family::Ipv4) || is_wanted(scenario, Family::Ipv6)) chosen.push_back(scenario);
  }
  return chosen;
}

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

// What is lost on the way may hide the hops next to the one that acts; it does not make it another one.
void expect_to_contain(const json& location, const ExpectedLocation& truth) {
  EXPECT_LE(location.at("last_reached").at("ttl"), truth.last_reached->ttl);
  const json& first_missed = location.at("first_missed");
  if (!first_missed.is_null()) {
    EXPECT_GE(first_missed.at("ttl"), truth.first_missed->ttl);
  }
}

void expect_subject(const json& port, const Scenario& scenario, const Traced& traced) {
  const std::string verdict = port.at("verdict");
  if (scenario.is_lossy && scenario.location) {
    EXPECT_THAT(verdict, AnyOf(scenario.verdict, "inconclusive"));
    expect_to_contain(port.at("location"), *scenario.location);
  } else {
    EXPECT_EQ(verdict, scenario.verdict);
    EXPECT_EQ(port.at("location"), location_json(scenario.location, traced));
  }
  if (scenario.confidence) {
    EXPECT_EQ(port.at("confidence"), *scenario.confidence);
  }
  if (scenario.reason) {
    EXPECT_EQ(port.at("reason"), *scenario.reason);
  }
  constexpr int kInconclusive = 2;
  EXPECT_EQ(traced.live.status, verdict == "open" ? 0 : verdict == "inconclusive" ? kInconclusive : 1);
}

}  // namespace

void ScenarioTest::start(const std::vector<Scenario>& all) {
  if (geteuid() == 0) traces_of_suite() = std::make_unique<TracedScenarios>(selected(all));
}

void ScenarioTest::TearDownTestSuite() {
  traces_of_suite().reset();
}

void ScenarioTest::SetUp() {
  if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
}

void ScenarioTest::TearDown() {
  if (HasFailure() && traces_of_suite()) traces_of_suite()->keep_evidence();
}

void ScenarioTest::expect_truth() const {
  const auto& [scenario, family] = GetParam();
  const Traced& run = traces_of_suite()->of(scenario.name, family);
  ASSERT_EQ(run.live.errors, "");
  const json report = parse_json(run.live.output);
  const json& target = report.at("targets").at(0);
  const json& subject = port_of(target, 25);
  const testing::ScopedTrace shown(__FILE__, __LINE__,
                                   "evidence in " + run.evidence + "\n" + subject.at("evidence").dump(1));

  expect_subject(subject, scenario, run);
  for (const auto& [port, verdict] : scenario.others) {
    EXPECT_EQ(port_of(target, port).at("verdict"), verdict) << port << ": " << port_of(target, port).at("evidence");
  }
  if (!scenario.is_lossy) {
    EXPECT_EQ(target.at("distance"), scenario.distance ? json(*scenario.distance) : json());
  }
  if (scenario.noted) {
    EXPECT_THAT(target.at("notes").dump(), HasSubstr(to_string(*scenario.noted, family)));
  }

  ASSERT_EQ(run.replayed.errors, "");
  EXPECT_EQ(parse_json(run.replayed.output).at("targets"), report.at("targets"));
}

std::string test_name(const testing::TestParamInfo<std::tuple<Scenario, Family>>& tested) {
  return name_of(std::get<0>(tested.param).name, std::get<1>(tested.param));
}

}  // namespace smtpath::test
