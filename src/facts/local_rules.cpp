#include "smtpath/facts/local_rules.h"

#include <algorithm>
#include <iterator>

namespace smtpath::facts {

std::string_view to_string(Hook hook) {
  switch (hook) {
    case Hook::Output:
      return "output";
    case Hook::Postrouting:
      return "postrouting";
    case Hook::Egress:
      return "egress";
    case Hook::Ingress:
      return "ingress";
    case Hook::Prerouting:
      return "prerouting";
    case Hook::Input:
      return "input";
  }
  return {};
}

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::Drop:
      return "drop";
    case Effect::Reject:
      return "reject";
    case Effect::Reset:
      return "reset";
  }
  return {};
}

std::string_view to_string(RuleTool tool) {
  switch (tool) {
    case RuleTool::Nft:
      return "nft";
    case RuleTool::Iptables:
      return "iptables";
    case RuleTool::Ip6tables:
      return "ip6tables";
  }
  return {};
}

std::string describe(const LocalRule& rule) {
  const std::string handle = rule.handle ? ", handle " + std::to_string(*rule.handle) : "";
  return std::string(to_string(rule.tool)) + ", " + rule.where + handle + ": " + rule.text;
}

bool could_act_on(const LocalRule& rule, Port port, Family family) {
  if (rule.family && *rule.family != family) return false;
  return rule.ports.empty() || std::any_of(rule.ports.begin(), rule.ports.end(), [port](const PortRange& range) {
           return range.first <= port && port <= range.last;
         });
}

std::vector<LocalRule> candidates(const LocalRules& rules, const std::vector<Hook>& hooks, Port port, Family family) {
  std::vector<LocalRule> able;
  std::copy_if(rules.rules.begin(), rules.rules.end(), std::back_inserter(able), [&](const LocalRule& rule) {
    return std::find(hooks.begin(), hooks.end(), rule.hook) != hooks.end() && could_act_on(rule, port, family);
  });
  return able;
}

}  // namespace smtpath::facts
