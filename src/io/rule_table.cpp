#include "io/rule_table.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "io/rule_text.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kMostRules = 4096;
/// A kernel goes 16 jumps deep; a listing may pretend to more, or to circles.
constexpr int kDeepestCall = 32;
constexpr int kMostVisits = 1 << 17;
/// The kernel gives our end of a connection none below.
constexpr std::uint16_t kFirstLocalPort = 1024;

bool is_for_leaving(facts::Hook hook) {
  switch (hook) {
    case facts::Hook::Output:
    case facts::Hook::Postrouting:
    case facts::Hook::Egress:
      return true;
    case facts::Hook::Ingress:
    case facts::Hook::Prerouting:
    case facts::Hook::Input:
      return false;
  }
  return false;
}

const PortSet& far_ports(const Reach& reach, facts::Hook hook) {
  return is_for_leaving(hook) ? reach.destination : reach.source;
}

const PortSet& near_ports(const Reach& reach, facts::Hook hook) {
  return is_for_leaving(hook) ? reach.source : reach.destination;
}

/// Whether it has packets of a connection that this host opens to another.
bool concerns_us(const Reach& reach, facts::Hook hook) {
  const bool has_outside = is_for_leaving(hook) ? reach.goes_outside : reach.comes_from_outside;
  return reach.has_some_tcp() && has_outside && !far_ports(reach, hook).is_empty() &&
         !(near_ports(reach, hook) & ~PortSet(0, kFirstLocalPort - 1)).is_empty();
}

std::optional<Family> only_family(const Reach& reach) {
  if (reach.has_ipv4 && reach.has_ipv6) return std::nullopt;
  return reach.has_ipv4 ? Family::Ipv4 : Family::Ipv6;
}

/// The stops of one table, each with all that gets there.
class Walk {
 public:
  Walk(const RuleTable& table, facts::LocalRules& found) : table_(table), found_(found) {
    for (const RuleChain& chain : table.chains) chains_.emplace(chain.name, &chain);
  }

  void enter(const RuleChain& chain) {
    const ChainEntry& entry = *chain.entry;
    hook_ = *entry.hook;
    const Reach reach = table_.reach & entry.reach;
    visit(chain, reach, 0);
    if (!entry.drop_policy || !concerns_us(reach, hook_)) return;
    facts::LocalRule policy = stop_in(chain, facts::Effect::Drop, reach);
    policy.text = *entry.drop_policy;
    policy.is_policy = true;
    append(std::move(policy));
  }

 private:
  void visit(const RuleChain& chain, const Reach& reach, int depth) {
    if (depth > kDeepestCall) {
      found_.is_complete = false;
      return;
    }
    for (const FirewallRule& rule : chain.rules) {
      for (const RuleBranch& branch : rule.branches) {
        if (++visits_ > kMostVisits) {
          found_.is_complete = false;
          return;
        }
        const Reach common = reach & branch.reach;
        if (!concerns_us(common, hook_)) continue;
        if (const auto* call = std::get_if<ChainCall>(&branch.action)) {
          const auto callee = chains_.find(call->chain);
          if (callee != chains_.end()) visit(*callee->second, common, depth + 1);
        } else {
          add(chain, rule, std::get<facts::Effect>(branch.action), common);
        }
      }
    }
  }

  void add(const RuleChain& chain, const FirewallRule& rule, facts::Effect effect, const Reach& reach) {
    const auto [place, is_new] = places_.try_emplace({hook_, effect, &rule}, found_.rules.size(), reach);
    if (is_new) {
      facts::LocalRule stop = stop_in(chain, effect, reach);
      stop.text = rule.text;
      stop.handle = rule.handle;
      append(std::move(stop));
      return;
    }
    auto& [index, whole] = place->second;
    whole = whole | reach;
    if (index < found_.rules.size()) limit(found_.rules[index], whole);
  }

  facts::LocalRule stop_in(const RuleChain& chain, facts::Effect effect, const Reach& reach) const {
    facts::LocalRule stop;
    stop.hook = hook_;
    stop.effect = effect;
    stop.tool = table_.tool;
    stop.where = one_line(table_.title + ", chain " + chain.name);
    limit(stop, reach);
    return stop;
  }

  void append(facts::LocalRule stop) {
    if (found_.rules.size() == kMostRules) {
      found_.is_complete = false;
    } else {
      found_.rules.push_back(std::move(stop));
    }
  }

  void limit(facts::LocalRule& stop, const Reach& reach) const {
    stop.family = only_family(reach);
    stop.ports = far_ports(reach, hook_).ranges();
  }

  const RuleTable& table_;
  facts::LocalRules& found_;
  std::map<std::string_view, const RuleChain*> chains_;
  /// Where in `found_` a rule's stop is, and what gets there.
  std::map<std::tuple<facts::Hook, facts::Effect, const FirewallRule*>, std::pair<std::size_t, Reach>> places_;
  facts::Hook hook_ = facts::Hook::Output;
  int visits_ = 0;
};

}  // namespace

Reach Reach::of_family(Family family) {
  Reach reach;
  reach.has_ipv4 = family == Family::Ipv4;
  reach.has_ipv6 = family == Family::Ipv6;
  return reach;
}

Reach Reach::of_other_protocols() {
  Reach reach;
  reach.has_tcp = false;
  return reach;
}

Reach operator&(const Reach& one, const Reach& other) {
  return {.source = one.source & other.source,
          .destination = one.destination & other.destination,
          .has_ipv4 = one.has_ipv4 && other.has_ipv4,
          .has_ipv6 = one.has_ipv6 && other.has_ipv6,
          .has_tcp = one.has_tcp && other.has_tcp,
          .comes_from_outside = one.comes_from_outside && other.comes_from_outside,
          .goes_outside = one.goes_outside && other.goes_outside};
}

Reach operator|(const Reach& one, const Reach& other) {
  if (!one.has_some_tcp()) return other;
  if (!other.has_some_tcp()) return one;
  return {.source = one.source | other.source,
          .destination = one.destination | other.destination,
          .has_ipv4 = one.has_ipv4 || other.has_ipv4,
          .has_ipv6 = one.has_ipv6 || other.has_ipv6,
          .has_tcp = one.has_tcp || other.has_tcp,
          .comes_from_outside = one.comes_from_outside || other.comes_from_outside,
          .goes_outside = one.goes_outside || other.goes_outside};
}

facts::LocalRules stopping_rules(const Ruleset& ruleset) {
  facts::LocalRules found{.rules = {}, .is_complete = ruleset.is_complete};
  for (const RuleTable& table : ruleset.tables) {
    Walk walk(table, found);
    for (const RuleChain& chain : table.chains) {
      if (chain.entry && chain.entry->hook) walk.enter(chain);
    }
  }
  return found;
}

}  // namespace smtpath::io
