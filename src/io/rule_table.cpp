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

/// What stops packets, and the far ports of those that get there.
struct Stop {
  facts::LocalRule rule{};
  PortSet ipv4 = ~PortSet();
  PortSet ipv6 = ~PortSet();

  void add(const Reach& reach) {
    const PortSet& ports = far_ports(reach, rule.hook);
    if (reach.has_ipv4) ipv4 = ipv4 | ports;
    if (reach.has_ipv6) ipv6 = ipv6 | ports;
  }
};

/// Finds the stops of one table.
class Walk {
 public:
  explicit Walk(const RuleTable& table) : table_(table) {
    for (const RuleChain& chain : table.chains) chains_.emplace(chain.name, &chain);
  }

  void enter(const RuleChain& chain) {
    const ChainEntry& entry = *chain.entry;
    hook_ = *entry.hook;
    const Reach reach = table_.reach & entry.reach;
    visit(chain, reach, 0);
    if (!entry.drop_policy || !concerns_us(reach, hook_)) return;
    Stop& policy = append(chain, facts::Effect::Drop);
    policy.rule.text = *entry.drop_policy;
    policy.rule.is_policy = true;
    policy.add(reach);
  }

  const std::vector<Stop>& stops() const { return stops_; }
  bool is_complete() const { return is_complete_; }

 private:
  void visit(const RuleChain& chain, const Reach& reach, int depth) {
    if (depth > kDeepestCall) {
      is_complete_ = false;
      return;
    }
    for (const FirewallRule& rule : chain.rules) {
      for (const RuleBranch& branch : rule.branches) {
        if (++visits_ > kMostVisits) {
          is_complete_ = false;
          return;
        }
        const Reach common = reach & branch.reach;
        if (!concerns_us(common, hook_)) continue;
        if (const auto* call = std::get_if<ChainCall>(&branch.action)) {
          const auto callee = chains_.find(call->chain);
          if (callee != chains_.end()) visit(*callee->second, common, depth + 1);
        } else {
          stop_of(chain, rule, std::get<facts::Effect>(branch.action)).add(common);
        }
      }
    }
  }

  Stop& stop_of(const RuleChain& chain, const FirewallRule& rule, facts::Effect effect) {
    const auto [place, is_new] = places_.try_emplace({hook_, effect, &rule}, stops_.size());
    if (!is_new) return stops_[place->second];
    Stop& stop = append(chain, effect);
    stop.rule.text = rule.text;
    stop.rule.handle = rule.handle;
    return stop;
  }

  Stop& append(const RuleChain& chain, facts::Effect effect) {
    Stop& stop = stops_.emplace_back();
    stop.rule.hook = hook_;
    stop.rule.effect = effect;
    stop.rule.tool = table_.tool;
    stop.rule.where = one_line(table_.title + ", chain " + chain.name);
    return stop;
  }

  const RuleTable& table_;
  std::map<std::string_view, const RuleChain*> chains_;
  std::vector<Stop> stops_;
  /// Where a rule is in `stops_`.
  std::map<std::tuple<facts::Hook, facts::Effect, const FirewallRule*>, std::size_t> places_;
  facts::Hook hook_ = facts::Hook::Output;
  int visits_ = 0;
  bool is_complete_ = true;
};

void append(facts::LocalRules& found, facts::LocalRule rule, std::optional<Family> family, const PortSet& ports) {
  if (ports.is_empty()) return;
  if (found.rules.size() == kMostRules) {
    found.is_complete = false;
    return;
  }
  rule.family = family;
  rule.ports = ports.ranges();
  found.rules.push_back(std::move(rule));
}

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
    Walk walk(table);
    for (const RuleChain& chain : table.chains) {
      if (chain.entry && chain.entry->hook) walk.enter(chain);
    }
    found.is_complete &= walk.is_complete();
    for (const Stop& stop : walk.stops()) {
      if (stop.ipv4 == stop.ipv6) {
        append(found, stop.rule, std::nullopt, stop.ipv4);
      } else {
        append(found, stop.rule, Family::Ipv4, stop.ipv4);
        append(found, stop.rule, Family::Ipv6, stop.ipv6);
      }
    }
  }
  return found;
}

}  // namespace smtpath::io
