// The program where some tries pass and others do not, whichever way they take: routers that let a few SYNs a second
// through, and a server that cannot accept as fast as it is asked. What came through is counted on the spot.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "netns/crowd.h"
#include "netns/side_by_side.h"
#include "netns/told.h"
#include "support/situation_parts.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kLimiter = 3;

struct Rationed {
  std::string name;
  /// Of nft, on SYNs to port 25: "2/second burst 2 packets".
  std::string limit{};
  int node = kLimiter;
  std::string hook = "forward";
  /// Whether so little passes in the time of a run that what stops the rest may not show.
  bool is_scarce = false;
  /// Instead, of the server.
  std::optional<Pace> pace{};
};

void PrintTo(const Rationed& rationed, std::ostream* stream) {
  *stream << rationed.name;
}

std::vector<Rationed> limits() {
  return {
      {.name = "one-a-second", .limit = "1/second burst 1 packets"},
      {.name = "two-a-second", .limit = "2/second burst 2 packets"},
      {.name = "six-a-minute", .limit = "6/minute burst 3 packets", .is_scarce = true},
      {.name = "one-a-second-before-the-ttl-check", .limit = "1/second burst 1 packets", .hook = "prerouting"},
      {.name = "two-a-second-at-the-first-router", .limit = "2/second burst 2 packets", .node = 1},
      {.name = "one-a-second-at-the-server",
       .limit = "1/second burst 1 packets",
       .node = kScenarioServer,
       .hook = "input"},
  };
}

std::vector<Rationed> crowds() {
  using std::chrono::milliseconds;
  return {
      {.name = "always-full", .pace = Pace{.full = milliseconds(1000), .free = milliseconds(0)}},
      {.name = "now-and-then", .pace = Pace{.full = milliseconds(200), .free = milliseconds(100)}},
      {.name = "seldom", .pace = Pace{.full = milliseconds(900), .free = milliseconds(300)}},
      {.name = "mostly", .pace = Pace{.full = milliseconds(100), .free = milliseconds(700)}},
  };
}

std::string in_family(Family family, const std::string& rest) {
  return "meta nfproto " + std::string(family == Family::Ipv4 ? "ipv4 " : "ipv6 ") + rest + "\n";
}

std::string counter(const std::string& name, Family family) {
  return name + (family == Family::Ipv4 ? "4" : "6");
}

constexpr const char* kSyn = "tcp dport 25 tcp flags & (syn | ack | rst) == syn ";

// A limit for each family, so that both can be traced at a time.
io::LabRule limiting(const Rationed& rationed) {
  std::string counters;
  std::string rules;
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (const char* const name : {"let", "stopped"}) counters += "  counter " + counter(name, family) + " {}\n";
    rules += in_family(family,
                       kSyn + ("limit rate " + rationed.limit) + " counter name " + counter("let", family) + " accept");
    rules += in_family(family, kSyn + ("counter name " + counter("stopped", family)) + " drop");
  }
  return {rationed.node, "table inet rations {\n" + counters + "  chain only {\n    type filter hook " + rationed.hook +
                             " priority 0\n" + rules + "  }\n}\n"};
}

// What comes to the server, and what it accepts of that.
io::LabRule counting() {
  std::string counters;
  std::string in;
  std::string out;
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (const char* const name : {"come", "let"}) counters += "  counter " + counter(name, family) + " {}\n";
    in += in_family(family, "iifname != lo " + (kSyn + ("counter name " + counter("come", family))));
    out += in_family(family, "oifname != lo tcp sport 25 tcp flags & (syn | ack) == syn | ack counter name " +
                                 counter("let", family));
  }
  return {kScenarioServer, "table inet rations {\n" + counters +
                               "  chain in {\n    type filter hook input priority 0\n" + in +
                               "  }\n  chain out {\n    type filter hook output priority 0\n" + out + "  }\n}\n"};
}

std::map<std::string, int> counts(const io::Lab& lab, int node) {
  const auto listed = lab.run_in(node, {.argv = {"nft", "-j", "list", "counters"}, .timeout = kPatience});
  if (!listed || listed.value().status != 0) throw std::runtime_error("list what was let through");
  const json listing = parse_json(listed.value().output);
  std::map<std::string, int> packets;
  for (const json& object : listing.at("nftables")) {
    if (!object.contains("counter")) continue;
    const json& named = object.at("counter");
    packets[named.at("name")] = named.at("packets");
  }
  return packets;
}

struct RationedTrace {
  Told told;
  std::map<std::string, int> packets;
};
using BothFamilies = std::map<Family, RationedTrace>;

class RationsTest : public testing::TestWithParam<std::tuple<Rationed, Family>> {
 public:
  static void TearDownTestSuite() {
    folder_.reset();
    traces_.clear();
  }

 protected:
  static void start(const std::vector<Rationed>& all) {
    if (geteuid() != 0) return;
    folder_ = std::make_unique<Folder>();
    std::vector<BothFamilies> traces(all.size());
    side_by_side(all.size(), all.size(), [&](std::size_t i) { traces[i] = trace(all[i]); });
    for (std::size_t i = 0; i < all.size(); ++i) traces_[all[i].name] = std::move(traces[i]);
  }

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }
  void TearDown() override {
    if (HasFailure() && folder_) folder_->keep();
  }

  static const Rationed& rationed() { return std::get<0>(GetParam()); }
  static const Told& told() { return traces_.at(rationed().name).at(std::get<1>(GetParam())).told; }
  static const json& subject() { return port_of(told().target, 25); }
  static int count(const std::string& name) {
    return traces_.at(rationed().name).at(std::get<1>(GetParam())).packets.at(counter(name, std::get<1>(GetParam())));
  }
  static std::string circumstances() {
    std::string text = shown(told());
    for (const auto& [name, packets] : traces_.at(rationed().name).at(std::get<1>(GetParam())).packets) {
      text += "\n" + name + " " + std::to_string(packets);
    }
    return text;
  }

  static void expect_the_rest() {
    for (const auto& [port, verdict] : others("open", "refused")) {
      EXPECT_EQ(port_of(told().target, port).at("verdict"), verdict) << port;
    }
    EXPECT_EQ(told().replayed, told().target);
  }

 private:
  static BothFamilies trace(const Rationed& rationed) {
    io::LabSpec spec = open_everywhere().network;
    if (rationed.pace) {
      spec.open_ports = {Port{587}};
      spec.rules = {counting()};
      spec.scripts = {setting(kScenarioServer, "core/somaxconn", "1")};
    } else {
      spec.rules = {limiting(rationed)};
    }
    const io::Lab lab = build(spec);
    std::optional<Crowd> crowd;
    if (rationed.pace) crowd.emplace(lab, *rationed.pace);
    const auto trace_over = [&](Family family) { return trace_server(lab, family, *folder_, rationed.name); };
    auto ipv6 = std::async(std::launch::async, [&] { return trace_over(Family::Ipv6); });
    BothFamilies both;
    both[Family::Ipv4].told = trace_over(Family::Ipv4);
    both[Family::Ipv6].told = ipv6.get();
    for (auto& [family, traced] : both) traced.packets = counts(lab, rationed.pace ? kScenarioServer : rationed.node);
    return both;
  }

  static std::unique_ptr<Folder> folder_;
  static std::map<std::string, BothFamilies> traces_;
};

std::unique_ptr<Folder> RationsTest::folder_;
std::map<std::string, BothFamilies> RationsTest::traces_;

class LimitTest : public RationsTest {
 public:
  static void SetUpTestSuite() { start(limits()); }
};

TEST_P(LimitTest, IsToldFromABlockAndFromLoss) {
  SCOPED_TRACE(circumstances());
  ASSERT_GT(count("let"), 0);
  ASSERT_GT(count("stopped"), 0);
  expect_the_rest();
  if (rationed().is_scarce && subject().at("verdict") == "inconclusive") return;
  EXPECT_EQ(subject().at("verdict"), "intermittent");
  EXPECT_EQ(subject().at("cause"), "rate-limited");
  EXPECT_THAT(told().text, HasSubstr("intermittent"));
}

TEST_P(LimitTest, IsNotPlacedWhereItIsNot) {
  SCOPED_TRACE(circumstances());
  if (rationed().is_scarce && subject().at("verdict") == "inconclusive") return;
  const json& location = subject().at("location");
  ASSERT_FALSE(location.is_null());
  EXPECT_LE(location.at("last_reached").at("ttl"), rationed().node);
  if (!location.at("first_missed").is_null()) {
    EXPECT_GE(location.at("first_missed").at("ttl"), rationed().node);
  }
  EXPECT_TRUE(location.at("suspect").is_null());
}

class CrowdTest : public RationsTest {
 public:
  static void SetUpTestSuite() { start(crowds()); }
};

TEST_P(CrowdTest, IsNotTakenForABlockOnTheWay) {
  SCOPED_TRACE(circumstances());
  ASSERT_GT(count("come"), 0);
  const std::string verdict = subject().at("verdict");
  if (count("let") == 0) {
    EXPECT_EQ(verdict, "dropped");
    EXPECT_EQ(subject().at("location").at("place"), "edge");
  } else if (verdict == "intermittent") {
    EXPECT_EQ(subject().at("cause"), "overloaded");
    EXPECT_GE(subject().at("location").at("first_missed").at("ttl"), kScenarioServer);
  } else {
    EXPECT_THAT(verdict, AnyOf("open", "inconclusive"));
  }
  EXPECT_THAT(told().text, HasSubstr(verdict));
  expect_the_rest();
}

std::string name_of(const testing::TestParamInfo<std::tuple<Rationed, Family>>& tested) {
  std::string name = std::get<0>(tested.param).name + "-" + std::string(to_string(std::get<1>(tested.param)));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Servers, CrowdTest,
                         testing::Combine(testing::ValuesIn(crowds()), testing::Values(Family::Ipv4, Family::Ipv6)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Routers, LimitTest,
                         testing::Combine(testing::ValuesIn(limits()), testing::Values(Family::Ipv4, Family::Ipv6)),
                         name_of);

}  // namespace
}  // namespace smtpath::test
