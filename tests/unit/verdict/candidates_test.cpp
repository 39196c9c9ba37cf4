// The rules of this host that may be behind a verdict: listed, and called the rule only when there is just one.

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "unit/verdict/judgement.h"

namespace smtpath::test {
namespace {

using facts::Effect;
using facts::Hook;

facts::LocalRule rule(Hook hook, Effect effect, std::vector<facts::PortRange> ports, std::string text) {
  facts::LocalRule rule;
  rule.hook = hook;
  rule.effect = effect;
  rule.tool = facts::RuleTool::Nft;
  rule.where = "table inet filter, chain out";
  rule.text = std::move(text);
  rule.ports = std::move(ports);
  return rule;
}

facts::LocalRule drop_25() {
  return rule(Hook::Output, Effect::Drop, {{Port{25}, Port{25}}}, "tcp dport 25 drop");
}

facts::LocalHost host_with(std::vector<facts::LocalRule> rules, bool is_complete = true) {
  facts::LocalHost host;
  host.rules = {.rules = std::move(rules), .is_complete = is_complete};
  return host;
}

std::string said_of_rules(const facts::LocalHost& host) {
  const auto verdict = judge(TraceBuilder().port(25).refused(EPERM).host(host));
  EXPECT_EQ(rule_of(verdict), "send-refused");
  if (verdict.evidence.size() < 2) return {};
  EXPECT_EQ(verdict.evidence[1].rule, "rules-of-this-host");
  return verdict.evidence[1].text;
}

TEST(Candidates, TheOnlyOneIsTheRule) {
  const auto others = {drop_25(), rule(Hook::Output, Effect::Drop, {{Port{26}, Port{30}}}, "another port"),
                       rule(Hook::Input, Effect::Drop, {}, "on the way in"),
                       rule(Hook::Output, Effect::Reject, {}, "does otherwise")};
  EXPECT_EQ(said_of_rules(host_with(others)), "The rule: nft, table inet filter, chain out: tcp dport 25 drop.");
}

TEST(Candidates, SeveralAreListed) {
  const auto both = {drop_25(), rule(Hook::Postrouting, Effect::Drop, {}, "drop")};
  EXPECT_EQ(
      said_of_rules(host_with(both)),
      "It may be one of these rules: nft, table inet filter, chain out: tcp dport 25 drop; nft, table inet filter, "
      "chain out: drop.");
}

TEST(Candidates, TheOnlyOneKnownIsNotTheRuleWhereOthersMayBe) {
  EXPECT_EQ(said_of_rules(host_with({drop_25()}, false)).find("It may be"), 0U);
}

TEST(Candidates, MoreThanAFewAreCounted) {
  const std::string text = said_of_rules(host_with(std::vector<facts::LocalRule>(7, drop_25())));
  EXPECT_NE(text.find("; and 3 more."), std::string::npos) << text;
}

TEST(Candidates, NoneIsSaidOnlyWhereAllAreKnown) {
  EXPECT_EQ(said_of_rules(host_with({})), "No rule that nft or iptables list here does that to this port.");
  EXPECT_EQ(said_of_rules(host_with({}, false)), "");
}

TEST(Candidates, AFullConnectionTableComesBeforeRules) {
  facts::LocalHost host = host_with({drop_25()});
  host.connections = facts::ConnectionTable{.count = 65536, .limit = 65536};
  EXPECT_EQ(said_of_rules(host), "The table of tracked connections is full (65536 of 65536).");
  host.connections->count = 65535;
  EXPECT_EQ(said_of_rules(host).find("The rule:"), 0U);
}

}  // namespace
}  // namespace smtpath::test
