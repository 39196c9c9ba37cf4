#pragma once

// The firewall rules of this host that stop packets by themselves, as its own tools list them: those that may have
// stopped a SYN on its way out or an answer on its way in. Read once, before the first probe. Nobody works out here
// which of them did it: a rule may also ask for addresses, owners or marks, and its text shows that to the reader.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::facts {

/// Where in this host's packet path a rule stands, in the words of nftables. What leaves passes Output, Postrouting and
/// Egress; what arrives passes Ingress, Prerouting and Input.
enum class Hook : std::uint8_t { Output, Postrouting, Egress, Ingress, Prerouting, Input };

/// "output", "postrouting", "egress", "ingress", "prerouting", "input".
std::string_view to_string(Hook hook);

/// What a rule does: Reject answers with an ICMP unreachable, Reset with a TCP reset.
enum class Effect : std::uint8_t { Drop, Reject, Reset };

/// "drop", "reject", "reset".
std::string_view to_string(Effect effect);

enum class RuleTool : std::uint8_t { Nft, Iptables, Ip6tables };

/// "nft", "iptables", "ip6tables".
std::string_view to_string(RuleTool tool);

/// Both ends included.
struct PortRange {
  Port first;
  Port last;

  friend bool operator==(const PortRange&, const PortRange&) = default;
};

struct LocalRule {
  Hook hook = Hook::Output;
  Effect effect = Effect::Drop;
  RuleTool tool = RuleTool::Nft;
  /// "table inet filter, chain output".
  std::string where;
  /// By which nft names the rule.
  std::optional<std::uint64_t> handle;
  /// As the tool printed it: one line without control characters, at most 200 bytes. Somebody else wrote it.
  std::string text;
  /// Only packets of this family; else of both.
  std::optional<Family> family;
  /// The ports of the other host that it acts on, rising and apart; empty: it names none, and acts on all.
  std::vector<PortRange> ports;
  /// Not a rule but what its chain does with packets that no rule decided on.
  bool is_policy = false;

  friend bool operator==(const LocalRule&, const LocalRule&) = default;
};

/// "nft, table inet filter, chain output, handle 5: tcp dport 25 drop".
std::string describe(const LocalRule& rule);

struct LocalRules {
  /// Only such as can act on TCP with other hosts. A rule that several hooks lead to is there once for each, one that
  /// acts on other ports of IPv4 than of IPv6 once for either.
  std::vector<LocalRule> rules;
  /// False when there may be others: nothing was asked, or a tool failed, took too long, or said too much.
  bool is_complete = false;

  friend bool operator==(const LocalRules&, const LocalRules&) = default;
};

/// Whether a rule could act on SYNs to that port of another host, or on its answers.
bool could_act_on(const LocalRule& rule, Port port, Family family);

/// The rules of these hooks that could act on that port, in the order listed.
std::vector<LocalRule> candidates(const LocalRules& rules, const std::vector<Hook>& hooks, Port port, Family family);

}  // namespace smtpath::facts
