#pragma once

// The rules of this host as the parsers of listings leave them, and what follows from them: which rules can stop TCP
// between this host and another. Matches that are not read (addresses, owners, marks, states) count as met.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "io/port_set.h"
#include "smtpath/facts/local_rules.h"

namespace smtpath::io {

/// Which packets a match lets through, or can get as far as a rule. There may be fewer, never more.
struct Reach {
  PortSet source{};
  PortSet destination{};
  bool has_ipv4 = true;
  bool has_ipv6 = true;
  bool has_tcp = true;
  /// Whether some come in by another interface than the loopback, or leave by another.
  bool comes_from_outside = true;
  bool goes_outside = true;

  bool has_some_tcp() const { return has_tcp && (has_ipv4 || has_ipv6); }

  static Reach of_family(Family family);
  static Reach of_other_protocols();

  /// What both let through.
  friend Reach operator&(const Reach& one, const Reach& other);
  /// What either lets through, or more.
  friend Reach operator|(const Reach& one, const Reach& other);
};

/// Jump or goto.
struct ChainCall {
  std::string chain;
};

using RuleAction = std::variant<facts::Effect, ChainCall>;

/// One thing that a rule can do, and to which packets; a verdict map has one for each element.
struct RuleBranch {
  Reach reach;
  RuleAction action;
};

struct FirewallRule {
  std::vector<RuleBranch> branches;
  /// Fit to be shown.
  std::string text;
  std::optional<std::uint64_t> handle{};
};

/// How the kernel enters a chain by itself.
struct ChainEntry {
  /// None: one that does not concern this host's own traffic.
  std::optional<facts::Hook> hook{};
  Reach reach{};
  /// When it drops what no rule decided on: how to show that.
  std::optional<std::string> drop_policy{};
};

struct RuleChain {
  std::string name;
  std::optional<ChainEntry> entry{};
  /// Those that can stop a packet or call a chain.
  std::vector<FirewallRule> rules{};
};

struct RuleTable {
  facts::RuleTool tool = facts::RuleTool::Nft;
  /// "ip", "inet", … as nft calls it.
  std::string family;
  std::string name;
  /// "table inet filter".
  std::string title;
  Reach reach{};
  std::vector<RuleChain> chains{};
};

struct Ruleset {
  std::vector<RuleTable> tables{};
  /// False when the listing was cut short or too entangled to be read to its end.
  bool is_complete = true;
  /// Whether rules may stop less, or verdict maps more, than it shows, for want of the elements of a named set.
  bool lacks_sets = false;
};

/// Follows all jumps from the chains that the kernel enters.
facts::LocalRules stopping_rules(const Ruleset& ruleset);

}  // namespace smtpath::io
