// Which rules of this host can have stopped a port, and how they are called.

#include "smtpath/facts/local_rules.h"

#include <gtest/gtest.h>

namespace smtpath::facts {
namespace {

LocalRule rule_of(Hook hook, std::vector<PortRange> ports, std::optional<Family> family = std::nullopt) {
  LocalRule rule;
  rule.hook = hook;
  rule.ports = std::move(ports);
  rule.family = family;
  return rule;
}

TEST(LocalRules, ARuleActsOnThePortsThatItNames) {
  const LocalRule rule = rule_of(Hook::Output, {{Port{25}, Port{25}}, {Port{465}, Port{587}}});
  for (const int port : {25, 465, 500, 587}) {
    EXPECT_TRUE(could_act_on(rule, Port{static_cast<std::uint16_t>(port)}, Family::Ipv4)) << port;
  }
  for (const int port : {0, 24, 26, 464, 588, 2525, 65535}) {
    EXPECT_FALSE(could_act_on(rule, Port{static_cast<std::uint16_t>(port)}, Family::Ipv6)) << port;
  }
}

TEST(LocalRules, ARuleThatNamesNoPortActsOnAll) {
  for (const int port : {0, 25, 65535}) {
    EXPECT_TRUE(could_act_on(rule_of(Hook::Output, {}), Port{static_cast<std::uint16_t>(port)}, Family::Ipv6)) << port;
  }
}

TEST(LocalRules, ARuleOfOneFamilyLeavesTheOtherAlone) {
  const LocalRule rule = rule_of(Hook::Output, {}, Family::Ipv6);
  EXPECT_TRUE(could_act_on(rule, Port{25}, Family::Ipv6));
  EXPECT_FALSE(could_act_on(rule, Port{25}, Family::Ipv4));
}

TEST(LocalRules, CandidatesAreThoseOfTheHooksInTheOrderListed) {
  LocalRules rules;
  rules.rules = {rule_of(Hook::Egress, {}), rule_of(Hook::Input, {}), rule_of(Hook::Output, {{Port{25}, Port{25}}}),
                 rule_of(Hook::Output, {{Port{587}, Port{587}}}), rule_of(Hook::Output, {}, Family::Ipv6)};
  const auto found = candidates(rules, {Hook::Output, Hook::Egress}, Port{25}, Family::Ipv4);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], rules.rules[0]);
  EXPECT_EQ(found[1], rules.rules[2]);
  EXPECT_TRUE(candidates(rules, {}, Port{25}, Family::Ipv4).empty());
}

TEST(LocalRules, ARuleIsCalledByItsPlaceAndItsText) {
  LocalRule rule;
  rule.where = "table inet filter, chain output";
  rule.handle = 5;
  rule.text = "tcp dport 25 drop";
  EXPECT_EQ(describe(rule), "nft, table inet filter, chain output, handle 5: tcp dport 25 drop");

  rule.tool = RuleTool::Ip6tables;
  rule.where = "table filter, chain OUTPUT";
  rule.handle.reset();
  rule.text = "-A OUTPUT -p tcp -m tcp --dport 25 -j DROP";
  EXPECT_EQ(describe(rule), "ip6tables, table filter, chain OUTPUT: -A OUTPUT -p tcp -m tcp --dport 25 -j DROP");
}

TEST(LocalRules, NothingReadIsNotComplete) {
  EXPECT_FALSE(LocalRules{}.is_complete);
}

}  // namespace
}  // namespace smtpath::facts
