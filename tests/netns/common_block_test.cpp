// Several hosts in one run: what their blocks have in common, as text and as JSON, live and judged again from the
// evidence.
//
//   client – router 1 – router 2 – router 3 – server (10.9.4.0/24)
//                          │  └ node 6 (10.9.101.0/24) └ node 7 (10.9.102.0/24)
//                        node 5 (10.9.100.0/24)

#include <gmock/gmock.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr Port kMail{25};
constexpr Port kSubmission{587};
constexpr int kServer = 4;
const std::vector<int> kHosts{kServer, 5, 6, 7};

// Routers near by answer as many probes as they are asked: what they leave unanswered is tested by itself.
io::LabSpec network(std::vector<io::LabRule> rules) {
  io::LabSpec spec{.routers = 3,
                   .open_ports = {kMail, kSubmission},
                   .rules = std::move(rules),
                   .side_nodes = 3,
                   .side_cables = {{2, 5}, {2, 6}, {3, 7}},
                   .limits_icmp = false};
  for (const int host : {5, 6, 7}) {
    spec.listeners.push_back({host, kMail});
    spec.listeners.push_back({host, kSubmission});
  }
  return spec;
}

struct Told {
  std::string text;
  json report;
  json line;
  json replayed;
  std::string replayed_text;
};

class CommonBlockTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  Told trace(const io::LabSpec& spec, Family family = Family::Ipv4, const std::vector<int>& hosts = kHosts) const {
    const io::Lab lab = build(spec);
    std::vector<std::string> argv{kProgram, "trace", "--no-mail", "-n"};
    for (const std::string option : {"--json", "--jsonl", "--write"}) {
      argv.insert(argv.end(), {option, folder_.file(option.substr(2))});
    }
    for (const int host : hosts) argv.push_back(to_string(lab.address_of(host, family)));
    const io::LabOutcome live = run_in(lab, argv);
    EXPECT_EQ(live.errors, "");
    const std::string evidence = folder_.file("write");
    const std::string lines = content_of(folder_.file("jsonl"));
    const std::size_t last = lines.rfind('\n', lines.size() - 2);
    return {.text = live.output,
            .report = parse_json(content_of(folder_.file("json"))),
            .line = parse_json(lines.substr(last + 1)),
            .replayed = parse_json(run_here({kProgram, "analyze", "--json", "-", evidence}).output),
            .replayed_text = run_here({kProgram, "analyze", evidence}).output};
  }

  Folder folder_;
};

const json& only_finding(const Told& told) {
  const json& findings = told.report.at("summary").at("findings");
  if (findings.size() != 1) throw std::runtime_error("findings: " + findings.dump(1) + told.text);
  return findings.front();
}

void expect_the_same_everywhere(const Told& told) {
  EXPECT_EQ(told.replayed.at("summary"), told.report.at("summary"));
  EXPECT_EQ(told.replayed_text, told.text);
  EXPECT_EQ(told.line.at("findings"), told.report.at("summary").at("findings"));
  EXPECT_EQ(told.line.at("uncounted"), 0);
}

TEST_F(CommonBlockTest, OfARouterNearbyIsTheNetworksPolicy) {
  const Told told = trace(network({io::lab_rule(2, io::LabHook::Forward, kMail, io::LabAction::Drop)}));
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("ports"), json::array({25}));
  EXPECT_EQ(finding.at("verdict"), "dropped");
  EXPECT_EQ(finding.at("judgement"), "outgoing-policy");
  EXPECT_EQ(finding.at("targets"), 4);
  EXPECT_EQ(finding.at("networks"), 4);
  EXPECT_EQ(finding.at("location").at("last_reached"), (json{{"ttl", 2}, {"address", "10.9.2.1"}}));
  EXPECT_EQ(finding.at("location").at("suspect"), nullptr) << "silence leaves two candidates";
  EXPECT_EQ(finding.at("location").at("first_missed"), nullptr) << "the next hops differ";
  EXPECT_EQ(finding.at("text"),
            "Port 25 ends after hop 2 (10.9.2.1) for all 4 hosts (4 networks); 587 passes: this is probably the "
            "network's outgoing policy, not the servers'.");
  EXPECT_THAT(told.text, HasSubstr("\n4 targets together\n"
                                   "- Port 25 ends after hop 2 (10.9.2.1) for all 4 hosts (4 networks); 587 passes:\n"
                                   "  this is probably the network's outgoing policy, not the servers'.\n\n"));
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, OfARouterThatRejectsNamesIt) {
  const Told told = trace(network({io::lab_rule(2, io::LabHook::Forward, kMail, io::LabAction::AdminProhibited)}));
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("verdict"), "rejected");
  EXPECT_EQ(finding.at("judgement"), "outgoing-policy");
  EXPECT_EQ(finding.at("location").at("suspect"), (json{{"ttl", 2}, {"address", "10.9.2.1"}}));
  EXPECT_EQ(finding.at("text"),
            "Port 25 is rejected at hop 2 (10.9.2.1) for all 4 hosts (4 networks); 587 passes: this is the network's "
            "outgoing policy, not the servers'.");
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, MayBeThatOfHostsWhoseRoutersStaySilent) {
  // To the probes of node 6 it says nothing.
  const Told told = trace(network({io::lab_rule(2, io::LabHook::Forward, kMail, io::LabAction::Drop),
                                   {2,
                                    "table ip quiet { chain output { type filter hook output priority filter; "
                                    "icmp type time-exceeded @th,192,32 0x0a096601 drop; }; }"}}));
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("targets"), 3);
  EXPECT_EQ(finding.at("may_share"), 1);
  EXPECT_EQ(finding.at("text"),
            "Port 25 ends after hop 2 (10.9.2.1) for 3 of 4 hosts (3 networks) and perhaps 1 more; 587 passes: this is "
            "probably the network's outgoing policy, not the servers'.");
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, OfTheOutputFilterIsOfThisHost) {
  const Told told = trace(network({io::lab_rule(0, io::LabHook::Output, kMail, io::LabAction::Drop)}));
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("judgement"), "this-host");
  EXPECT_EQ(finding.at("text"),
            "Port 25 is stopped on this host for all 4 hosts (4 networks); 587 passes: this host does it, not the "
            "network or the servers.");
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, BehindARouterThatLetsOthersPassIsNoRuleForAll) {
  const Told told = trace(network({{2,
                                    "table ip part { chain forward { type filter hook forward priority filter; "
                                    "ip daddr { 10.9.100.0/24, 10.9.101.0/24 } tcp dport 25 drop; }; }"}}));
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("judgement"), "mixed");
  EXPECT_EQ(finding.at("targets"), 2);
  EXPECT_EQ(finding.at("asked"), 4);
  EXPECT_EQ(finding.at("passed_there"), 2);
  EXPECT_EQ(finding.at("text"),
            "Port 25 ends after hop 2 (10.9.2.1) for 2 of 4 hosts (2 networks); 587 passes; for 2 other hosts it gets "
            "past the same router.");
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, OfHostsOfOneNetworkAccusesNobodyElse) {
  const Told told = trace(network({io::lab_rule(2, io::LabHook::Forward, kMail, io::LabAction::Drop)}), Family::Ipv6);
  SCOPED_TRACE(told.text + told.report.at("summary").dump(1));
  const json& finding = only_finding(told);
  EXPECT_EQ(finding.at("networks"), 1) << "all of the lab is one /48";
  EXPECT_EQ(finding.at("judgement"), "unknown");
  EXPECT_EQ(finding.at("text"),
            "Port 25 ends after hop 2 (fd09:0:0:2::1) for all 4 IPv6 hosts (one network); 587 passes: hosts of one "
            "network leave open whose it is.");
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, IsNoneWhereCausesDiffer) {
  const Told told = trace(network({io::lab_rule(5, io::LabHook::Input, kMail, io::LabAction::Drop),
                                   io::lab_rule(6, io::LabHook::Input, kMail, io::LabAction::PortUnreachable),
                                   io::lab_rule(3, io::LabHook::Forward, kMail, io::LabAction::Reset)}),
                          Family::Ipv4, {5, 6, 7});
  EXPECT_EQ(told.report.at("summary").at("findings"), json::array()) << told.text;
  EXPECT_THAT(told.text, Not(HasSubstr("together")));
  expect_the_same_everywhere(told);
}

TEST_F(CommonBlockTest, OfASingleTargetIsNotSpokenOf) {
  const Told told =
      trace(network({io::lab_rule(2, io::LabHook::Forward, kMail, io::LabAction::Drop)}), Family::Ipv4, {kServer});
  EXPECT_EQ(told.report.at("summary"), nullptr);
  EXPECT_THAT(told.text, Not(HasSubstr("together")));
  expect_the_same_everywhere(trace(network({}), Family::Ipv4, {5, 6}));
}

}  // namespace
}  // namespace smtpath::test
