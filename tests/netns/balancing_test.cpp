// The program behind a real router that balances load: what it says of each flow is the fate of the branch that took
// the flow, as the branches themselves saw it, and what stands before or behind the branches is found as without them.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "netns/balanced.h"
#include "netns/program.h"
#include "netns/side_by_side.h"
#include "netns/told.h"
#include "support/situation_parts.h"

namespace smtpath::test {
namespace {

using io::LabAction;
using io::LabHook;
using nlohmann::json;
using testing::HasSubstr;

/// Something done to port 25 by some of the branches.
struct Balanced {
  std::string name;
  int branches = 2;
  /// Which of them do it, and what.
  std::set<int> blocking{};
  LabAction action = LabAction::Drop;
  /// Instead, on the chain: what is said of it without balancing.
  std::optional<Scenario> unbalanced{};
};

std::vector<Balanced> on_branches() {
  return {
      {.name = "two-ways-open"},
      {.name = "two-ways-one-drops", .blocking = {1}},
      {.name = "two-ways-the-other-drops", .blocking = {0}},
      {.name = "two-ways-one-resets", .blocking = {1}, .action = LabAction::Reset},
      {.name = "two-ways-one-rejects", .blocking = {1}, .action = LabAction::AdminProhibited},
      {.name = "two-ways-both-drop", .blocking = {0, 1}},
      {.name = "two-ways-both-reset", .blocking = {0, 1}, .action = LabAction::Reset},
      {.name = "four-ways-open", .branches = 4},
      {.name = "four-ways-one-drops", .branches = 4, .blocking = {2}},
      {.name = "four-ways-three-drop", .branches = 4, .blocking = {0, 1, 3}},
      {.name = "four-ways-one-resets", .branches = 4, .blocking = {3}, .action = LabAction::Reset},
      {.name = "four-ways-one-rejects", .branches = 4, .blocking = {2}, .action = LabAction::AdminProhibited},
  };
}

std::vector<Balanced> before_or_behind() {
  std::vector<Balanced> all;
  for (const Scenario& scenario : {drop_after(1), drop_after(5), rst_forged_after(1), rst_forged_after(5)}) {
    all.push_back({.name = "two-ways-" + scenario.name, .unbalanced = scenario});
  }
  all.push_back({.name = "four-ways-" + drop_after(5).name, .branches = 4, .unbalanced = drop_after(5)});
  return all;
}

void PrintTo(const Balanced& balanced, std::ostream* stream) {
  *stream << balanced.name;
}

struct BalancedTrace {
  Told told;
  FlowsSeen seen;
};
using BothFamilies = std::map<Family, BalancedTrace>;

io::Lab build(const Balanced& balanced) {
  io::LabSpec spec = open_everywhere().network;
  if (balanced.unbalanced) spec.rules = balanced.unbalanced->network.rules;
  for (const int branch : balanced.blocking) {
    spec.rules.push_back(io::lab_rule(node_of_branch(branch), LabHook::Forward, kSubject, balanced.action));
  }
  // Rejections that are rationed would leave flows without the fate of their branch.
  spec.limits_icmp = balanced.action == LabAction::Drop || balanced.action == LabAction::Reset;
  balance(spec, balanced.branches);
  return test::build(spec);
}

class BalancingTest : public testing::TestWithParam<std::tuple<Balanced, Family>> {
 public:
  static void TearDownTestSuite() {
    folder_.reset();
    traces_.clear();
  }

 protected:
  static void start(const std::vector<Balanced>& all) {
    if (geteuid() != 0) return;
    folder_ = std::make_unique<Folder>();
    std::vector<BothFamilies> traces(all.size());
    constexpr std::size_t kAtOnce = 6;
    side_by_side(all.size(), kAtOnce, [&](std::size_t i) { traces[i] = trace(all[i]); });
    for (std::size_t i = 0; i < all.size(); ++i) traces_[all[i].name] = std::move(traces[i]);
  }

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }
  void TearDown() override {
    if (HasFailure() && folder_) folder_->keep();
  }

  static const Balanced& balanced() { return std::get<0>(GetParam()); }
  static Family family() { return std::get<1>(GetParam()); }
  static const BalancedTrace& traced() { return traces_.at(balanced().name).at(family()); }
  static const Told& told() { return traced().told; }
  static const json& subject() { return port_of(told().target, 25); }

 private:
  static BalancedTrace trace(const io::Lab& lab, const Balanced& balanced, Family family) {
    Told told = trace_server(lab, family, *folder_, balanced.name);
    return {.told = std::move(told), .seen = flows_seen(lab, balanced.branches, family)};
  }
  static BothFamilies trace(const Balanced& balanced) {
    const io::Lab lab = build(balanced);
    auto ipv6 = std::async(std::launch::async, [&] { return trace(lab, balanced, Family::Ipv6); });
    BothFamilies both;
    both[Family::Ipv4] = trace(lab, balanced, Family::Ipv4);
    both[Family::Ipv6] = ipv6.get();
    return both;
  }

  static std::unique_ptr<Folder> folder_;
  static std::map<std::string, BothFamilies> traces_;
};

std::unique_ptr<Folder> BalancingTest::folder_;
std::map<std::string, BothFamilies> BalancingTest::traces_;

std::string kind_of(LabAction action) {
  if (action == LabAction::Drop) return "none";
  return action == LabAction::Reset ? "rst" : "icmp-unreachable";
}

std::string verdict_of(LabAction action) {
  if (action == LabAction::Drop) return "dropped";
  return action == LabAction::Reset ? "reset-injected" : "rejected";
}

class BranchesTest : public BalancingTest {
 public:
  static void SetUpTestSuite() { start(on_branches()); }

 protected:
  /// Behind the router of a blocking branch. Behind it flows of other branches show the way only if it is the same.
  static void expect_place() {
    const json& location = subject().at("location");
    EXPECT_EQ(location.at("place"), "path");
    EXPECT_EQ(location.at("last_reached").at("ttl"), kBranchHop);
    std::set<json> blocking{nullptr};
    for (const int branch : balanced().blocking) blocking.insert(address_of_branch(branch, family()));
    EXPECT_EQ(blocking.count(location.at("last_reached").at("address")), 1U);
    if (!location.at("first_missed").is_null()) {
      EXPECT_GE(location.at("first_missed").at("ttl"), kMeeting);
    }
  }
};

TEST_P(BranchesTest, EachFlowKeepsToOneBranchAndSharesItsFate) {
  SCOPED_TRACE(shown(told()));
  const FlowsSeen& seen = traced().seen;
  ASSERT_FALSE(seen.far_going.empty());
  for (const json& flow : subject().at("flows")) {
    const int port = flow.at("source_port");
    if (!seen.far_going.contains(port)) continue;
    ASSERT_EQ(seen.branches.at(port).size(), 1U) << port;
    const int branch = *seen.branches.at(port).begin();
    const bool is_blocked = balanced().blocking.contains(branch);
    EXPECT_EQ(flow.at("kind"), is_blocked ? kind_of(balanced().action) : "syn-ack") << port << " on branch " << branch;
  }
}

TEST_P(BranchesTest, TheVerdictIsThatOfTheFlows) {
  SCOPED_TRACE(shown(told()));
  std::map<bool, int> flows;
  for (const int port : traced().seen.far_going) {
    ++flows[balanced().blocking.contains(*traced().seen.branches.at(port).begin())];
  }
  const bool do_differ = flows.size() == 2;
  const bool is_blocked = flows[false] == 0;
  // A single exception may be chance.
  constexpr int kFew = 2;
  if (do_differ && std::min(flows[true], flows[false]) <= kFew && subject().at("verdict") == "inconclusive") return;
  const std::string verdict = do_differ ? "intermittent" : is_blocked ? verdict_of(balanced().action) : "open";
  EXPECT_EQ(subject().at("verdict"), verdict);
  EXPECT_EQ(subject().at("cause"), do_differ ? json("path-dependent") : json());
  EXPECT_EQ(subject().at("location").is_null(), verdict == "open");
  EXPECT_THAT(told().text, HasSubstr(verdict));
  if (verdict != "open") expect_place();
  for (const auto& [port, expected] : others("open", "refused")) {
    EXPECT_EQ(port_of(told().target, port).at("verdict"), expected) << port;
  }
}

TEST_P(BranchesTest, TheEvidenceAloneLeadsToTheSameReport) {
  EXPECT_EQ(told().replayed, told().target);
}

class BeforeOrBehindTest : public BalancingTest {
 public:
  static void SetUpTestSuite() { start(before_or_behind()); }
};

json hop_of(const std::optional<ExpectedHop>& hop, Family family) {
  if (!hop) return nullptr;
  return {{"ttl", hop->ttl}, {"address", to_string(LabHost{hop->ttl, 1}, family)}};
}

TEST_P(BeforeOrBehindTest, IsFoundAsWithoutBalancing) {
  SCOPED_TRACE(shown(told()));
  const Scenario& scenario = *balanced().unbalanced;
  EXPECT_EQ(subject().at("verdict"), scenario.verdict);
  EXPECT_EQ(subject().at("location").at("place"), scenario.location->place);
  for (const auto& [field, hop] :
       {std::pair("last_reached", scenario.location->last_reached),
        std::pair("first_missed", scenario.location->first_missed), std::pair("suspect", scenario.location->suspect)}) {
    EXPECT_EQ(subject().at("location").at(field), hop_of(hop, family())) << field;
  }
  for (const auto& [port, verdict] : scenario.others) {
    EXPECT_EQ(port_of(told().target, port).at("verdict"), verdict) << port;
  }
  EXPECT_EQ(told().replayed, told().target);
}

std::string name_of(const testing::TestParamInfo<std::tuple<Balanced, Family>>& tested) {
  std::string name = std::get<0>(tested.param).name + "-" + std::string(to_string(std::get<1>(tested.param)));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Paths, BranchesTest,
                         testing::Combine(testing::ValuesIn(on_branches()),
                                          testing::Values(Family::Ipv4, Family::Ipv6)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Paths, BeforeOrBehindTest,
                         testing::Combine(testing::ValuesIn(before_or_behind()),
                                          testing::Values(Family::Ipv4, Family::Ipv6)),
                         name_of);

}  // namespace
}  // namespace smtpath::test
