// Real routers that translate and rewrite, and what the program makes of their quotes: its verdicts stay right, and it
// shows what the quotes show and no more. Linux translates the quotes of errors back that come through its NAT, so of a
// masquerade nothing is to be seen; what rules rewrite packet by packet shows from the next quote on.

#include <gmock/gmock.h>
#include <unistd.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "netns/program.h"
#include "support/situation_parts.h"

namespace smtpath::test {
namespace {

using io::LabAction;
using io::LabHook;
using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;
using Texts = std::vector<std::string>;

constexpr int kRewriter = 2;
constexpr int kCounter = 3;
constexpr int kDropper = 4;

struct Report {
  json target;
  json replayed;
  /// What the counters of the router behind the rewriter say.
  std::string counted;

  Texts remarks() const {
    Texts texts;
    for (const json& remark : target.at("remarks")) texts.push_back(remark.at("text"));
    return texts;
  }

  /// The fields that the quotes of each TTL show changed, over all ports.
  std::map<int, std::set<std::string>> changes() const {
    std::map<int, std::set<std::string>> fields;
    for (const json& port : target.at("ports")) {
      for (const json& hop : port.at("hops")) {
        for (const json& reply : hop.at("replies")) {
          for (const json& change : reply.at("changes")) fields[hop.at("ttl")].insert(change.at("field"));
        }
      }
    }
    return fields;
  }
};

class RewritingTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  /// 25 vanishes behind router 4; router 2 also does what `rules` say.
  Report trace(std::vector<io::LabRule> rules) const {
    rules.push_back(io::lab_rule(kDropper, LabHook::Forward, kSubject, LabAction::Drop));
    const io::Lab lab = build({.open_ports = {Port{25}, Port{587}}, .rules = std::move(rules)});
    const std::string evidence = folder_.file("run.pcapng");
    const io::LabOutcome live = run_in(
        lab, {kProgram, "trace", "--no-mail", "--json", "-", "--write", evidence, to_string(lab.server(GetParam()))});
    EXPECT_EQ(live.errors, "");
    const io::LabOutcome replayed = run_here({kProgram, "analyze", "--json", "-", evidence});
    auto counted = lab.run_in(kCounter, {.argv = {"nft", "list", "ruleset"}, .timeout = kPatience});
    EXPECT_TRUE(counted);
    return {.target = parse_json(live.output).at("targets").at(0),
            .replayed = parse_json(replayed.output).at("targets").at(0),
            .counted = counted ? counted.value().output : std::string()};
  }

  static void expect_right_verdicts(const Report& report) {
    const json& subject = port_of(report.target, 25);
    SCOPED_TRACE(report.target.dump(1));
    EXPECT_EQ(subject.at("verdict"), "dropped");
    EXPECT_EQ(subject.at("location").at("last_reached").at("ttl"), kDropper);
    EXPECT_EQ(subject.at("location").at("last_reached").at("address"), hop(kDropper));
    EXPECT_EQ(port_of(report.target, 465).at("verdict"), "refused");
    EXPECT_EQ(port_of(report.target, 587).at("verdict"), "open");
    EXPECT_EQ(report.target.at("distance"), 6);
    EXPECT_EQ(report.replayed, report.target);
  }

  /// Packets that the rewriter changed so came by; without any the test would be of nothing.
  static io::LabRule counting(const std::string& match) {
    return nft(kCounter, "filter", "forward", match + " counter");
  }
  static void expect_counted(const Report& report) {
    EXPECT_THAT(report.counted, testing::ContainsRegex("counter packets [1-9]"));
  }

  static std::string hop(int node) { return to_string(LabHost{node, 1}, GetParam()); }
  static std::string named(int node) { return "hop " + std::to_string(node) + " (" + hop(node) + ")"; }
  static std::string from_hop(int first, const std::string& what, const std::string& deed) {
    return "From " + named(first) + " on, probes carry " + what + ": " + deed + " between " + named(first - 1) +
           " and hop " + std::to_string(first) + ".";
  }

 private:
  Folder folder_;
};

TEST_P(RewritingTest, AMasqueradeIsNotSeenAndChangesNoVerdict) {
  const std::string ip = GetParam() == Family::Ipv4 ? "ip" : "ip6";
  const Report report = trace({nft(kRewriter, "nat", "postrouting", "meta l4proto tcp masquerade"),
                               counting("tcp flags syn " + ip + " saddr " + to_string(LabHost{3, 2}, GetParam()))});
  expect_right_verdicts(report);
  expect_counted(report);
  EXPECT_THAT(report.changes(), IsEmpty());
  EXPECT_THAT(report.remarks(), IsEmpty());
}

TEST_P(RewritingTest, AMasqueradeToOtherPortsIsNotSeenAndChangesNoVerdict) {
  const Report report =
      trace({nft(kRewriter, "nat", "postrouting", "meta l4proto tcp masquerade to :61000-61999 random"),
             counting("tcp sport 61000-61999")});
  expect_right_verdicts(report);
  expect_counted(report);
  EXPECT_THAT(report.changes(), IsEmpty());
  EXPECT_THAT(report.remarks(), IsEmpty());
}

TEST_P(RewritingTest, TwoMasqueradesOneBehindTheOtherChangeNoVerdict) {
  const Report report = trace({nft(1, "nat", "postrouting", "meta l4proto tcp masquerade to :50000-50999 random"),
                               nft(kRewriter, "nat", "postrouting", "meta l4proto tcp masquerade to :61000-61999"),
                               counting("tcp sport 61000-61999")});
  expect_right_verdicts(report);
  expect_counted(report);
  EXPECT_THAT(report.changes(), IsEmpty());
  EXPECT_THAT(report.remarks(), IsEmpty());
}

TEST_P(RewritingTest, AClampedSegmentSizeIsShownWithTheHopsAroundIt) {
  const Report report = trace({nft(kRewriter, "filter", "forward", "tcp flags syn tcp option maxseg size set 1280")});
  expect_right_verdicts(report);
  const std::string sent = GetParam() == Family::Ipv4 ? "1460" : "1440";
  EXPECT_THAT(report.remarks(), ElementsAre(from_hop(3, "MSS 1280 instead of " + sent, "clamped")));
}

TEST_P(RewritingTest, AServiceClassSetBeforeTheTtlCheckShowsInThatHopsOwnQuote) {
  const std::string ip = GetParam() == Family::Ipv4 ? "ip" : "ip6";
  const Report report = trace({nft(kRewriter, "filter", "prerouting", ip + " dscp set cs3")});
  expect_right_verdicts(report);
  EXPECT_THAT(report.remarks(), ElementsAre(from_hop(2, "DSCP 24 instead of 0", "rewritten")));
}

TEST_P(RewritingTest, AnOptionTakenOutIsMissed) {
  const Report report = trace({nft(kRewriter, "filter", "forward", "tcp flags syn reset tcp option sack-perm")});
  expect_right_verdicts(report);
  EXPECT_THAT(report.remarks(), ElementsAre(from_hop(3, "no SACK option", "removed")));
}

TEST_P(RewritingTest, ASourceTranslatedPacketByPacketIsShownFromTheNextHopOn) {
  const std::string ip = GetParam() == Family::Ipv4 ? "ip" : "ip6";
  const std::string client = to_string(LabHost{1, 2}, GetParam());
  const std::string other = to_string(LabHost{1, 77}, GetParam());
  const Report report =
      trace({nft(kRewriter, "filter", "forward", ip + " saddr " + client + " " + ip + " saddr set " + other),
             nft(kRewriter, "filter", "prerouting", ip + " daddr " + other + " " + ip + " daddr set " + client)});
  expect_right_verdicts(report);
  EXPECT_THAT(report.remarks(), ElementsAre(from_hop(3, "source " + other + " instead of " + client, "translated")));
}

TEST_P(RewritingTest, WhatRoutersOfTheFamilyKnowPacketsByIsShownRewritten) {
  const bool is_ipv4 = GetParam() == Family::Ipv4;
  const Report report =
      trace({nft(kRewriter, "filter", "forward",
                 is_ipv4 ? "ip protocol tcp ip id set 7777" : "ip6 nexthdr tcp ip6 flowlabel set 7777")});
  expect_right_verdicts(report);
  ASSERT_EQ(report.remarks().size(), 1U) << report.target.at("remarks").dump(1);
  EXPECT_THAT(report.remarks()[0], StartsWith("From " + named(3) + " on, SYNs carry " +
                                              (is_ipv4 ? "IP ID" : "flow label") + " 7777 instead of"));
}

TEST_P(RewritingTest, ADestinationTranslatedForOnePortIsToldOfThatPort) {
  const std::string ip = GetParam() == Family::Ipv4 ? "ip" : "ip6";
  const std::string server = to_string(LabHost{6, 1}, GetParam());
  const std::string other = to_string(LabHost{6, 9}, GetParam());
  const std::string to_other = ip + " daddr " + server + " tcp dport 25 " + ip + " daddr set " + other;
  const Report report = trace({nft(kRewriter, "filter", "forward", to_other)});
  EXPECT_EQ(port_of(report.target, 587).at("verdict"), "open");
  EXPECT_EQ(report.replayed, report.target);
  const std::string told = "From " + named(3) + " on, probes to port 25 carry destination " + other + " instead of " +
                           server + ": translated between " + named(2) + " and hop 3.";
  EXPECT_THAT(report.remarks(), ElementsAre(told)) << report.target.dump(1);
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, RewritingTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const testing::TestParamInfo<Family>& test) {
                           return test.param == Family::Ipv4 ? "Ipv4" : "Ipv6";
                         });

}  // namespace
}  // namespace smtpath::test
