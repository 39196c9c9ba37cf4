#include "io/nft_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/nft_branches.h"
#include "io/nft_elements.h"
#include "io/nft_tokens.h"
#include "io/rule_text.h"

namespace smtpath::io {

namespace {

constexpr std::string_view kLoopback = "lo";

/// None: not on the way of this host's own packets.
std::optional<facts::Hook> hook_named(std::string_view name) {
  constexpr std::array kHooks{facts::Hook::Output,  facts::Hook::Postrouting, facts::Hook::Egress,
                              facts::Hook::Ingress, facts::Hook::Prerouting,  facts::Hook::Input};
  for (const facts::Hook hook : kHooks) {
    if (to_string(hook) == name) return hook;
  }
  return std::nullopt;
}

/// None: no table of such a family sees packets of ours.
std::optional<Reach> reach_of_table(std::string_view family) {
  if (family == "ip") return Reach::of_family(Family::Ipv4);
  if (family == "ip6") return Reach::of_family(Family::Ipv6);
  if (family == "inet" || family == "netdev" || family == "bridge") return Reach{};
  return std::nullopt;
}

bool has_word(NftTokens tokens, std::string_view word) {
  return std::any_of(tokens.begin(), tokens.end(), [word](const NftToken& token) { return token.is_word(word); });
}

/// The token after `word`; none.
const NftToken* after(NftTokens tokens, std::string_view word) {
  const auto found =
      std::find_if(tokens.begin(), tokens.end(), [&](const NftToken& each) { return each.is_word(word); });
  return found == tokens.end() || found + 1 == tokens.end() ? nullptr : &*(found + 1);
}

/// "# handle 5" at the end of a rule, and the rule without it.
std::optional<std::uint64_t> take_handle(NftTokens& rule) {
  if (rule.empty() || rule.back().kind != NftToken::Kind::Comment) return std::nullopt;
  std::string_view comment = rule.back().content;
  rule = rule.first(rule.size() - 1);
  constexpr std::string_view kHandle = " handle ";
  if (!comment.starts_with(kHandle)) return std::nullopt;
  comment.remove_prefix(kHandle.size());
  std::uint64_t handle = 0;
  const auto read = std::from_chars(comment.data(), comment.data() + comment.size(), handle);
  return read.ec == std::errc{} ? std::optional(handle) : std::nullopt;
}

std::string text_of(NftTokens rule) {
  const char* const begin = rule.front().raw.data();
  const std::string_view last = rule.back().raw;
  return one_line({begin, static_cast<std::size_t>(last.data() + last.size() - begin)});
}

class Listing {
 public:
  explicit Listing(std::string_view text) : reader_(text) {}

  Ruleset read() {
    while (!is_at_end()) {
      if (reader_.peek().is_word("table")) {
        reader_.take();
        read_table();
      } else if (const NftToken::Kind kind = reader_.take().kind;
                 kind != NftToken::Kind::Newline && kind != NftToken::Kind::Comment) {
        ruleset_.is_complete = false;
      }
    }
    return std::move(ruleset_);
  }

 private:
  bool is_at_end() const { return reader_.peek().kind == NftToken::Kind::End; }

  /// Whether there is more before the brace that closes a block; takes that. The listing must not end within a block.
  bool is_in_block() {
    if (reader_.peek().is_mark('}')) {
      reader_.take();
      return false;
    }
    if (is_at_end()) ruleset_.is_complete = false;
    return !is_at_end();
  }

  void read_table() {
    const std::string_view family = reader_.take().content;
    const std::string_view name = reader_.take().content;
    if (!reader_.take().is_mark('{')) {
      ruleset_.is_complete = false;
      return;
    }
    RuleTable table{.tool = facts::RuleTool::Nft,
                    .family = std::string(family),
                    .name = std::string(name),
                    .title = "table " + std::string(family) + " " + std::string(name)};
    bool is_dormant = false;
    sets_ = {};
    while (is_in_block()) {
      const NftToken kind = reader_.peek();
      if (kind.is_word("chain")) {
        table.chains.push_back(read_chain());
      } else if (kind.is_word("set") || kind.is_word("map")) {
        read_set();
      } else {
        const NftStatement statement = reader_.take_statement();
        is_dormant |= kind.is_word("flags") && says_dormant(statement.tokens);
      }
    }
    const auto reach = reach_of_table(family);
    if (!reach || is_dormant) return;
    ruleset_.lacks_sets |= sets_.is_lacking();
    table.reach = *reach;
    ruleset_.tables.push_back(std::move(table));
  }

  static bool says_dormant(NftTokens flags) {
    return std::any_of(flags.begin(), flags.end(),
                       [](const NftToken& token) { return token.content.find("dormant") != std::string_view::npos; });
  }

  /// Past "set NAME {": the name; none when it is something else.
  std::optional<std::string_view> take_heading() {
    reader_.take();
    const std::string_view name = reader_.take().content;
    if (!reader_.peek().is_mark('{')) return std::nullopt;
    reader_.take();
    return name;
  }

  void read_set() {
    const auto name = take_heading();
    if (!name) return;
    NftElements set;
    while (is_in_block()) {
      const NftStatement statement = reader_.take_statement();
      const NftTokens tokens = statement.tokens;
      constexpr std::size_t kBeforeGroup = 2;  // "elements ="
      if (tokens.size() <= kBeforeGroup || !tokens[0].is_word("elements")) continue;
      set = read_elements(tokens.subspan(kBeforeGroup));
      set.is_complete &= !statement.is_cut;
    }
    sets_.add(*name, std::move(set));
  }

  RuleChain read_chain() {
    const auto name = take_heading();
    RuleChain chain{.name = std::string(name.value_or(""))};
    while (name && is_in_block()) {
      const NftStatement statement = reader_.take_statement();
      if (statement.is_cut) ruleset_.is_complete = false;
      if (statement.tokens.empty()) continue;
      const NftTokens tokens = statement.tokens;
      if (tokens[0].is_word("type")) {
        chain.entry = entry_of(tokens);
      } else if (tokens[0].is_word("policy")) {
        if (chain.entry && has_word(tokens, "drop")) chain.entry->drop_policy = "policy drop";
      } else if (!tokens[0].is_word("comment") && !tokens[0].is_word("flags")) {
        add_rule(chain, tokens);
      }
    }
    return chain;
  }

  /// "type filter hook egress device "eth0" priority filter"
  static ChainEntry entry_of(NftTokens declaration) {
    ChainEntry entry;
    if (const NftToken* hook = after(declaration, "hook")) entry.hook = hook_named(hook->content);
    if (const NftToken* device = after(declaration, "device"); device != nullptr && device->content == kLoopback) {
      entry.reach.goes_outside = false;
      entry.reach.comes_from_outside = false;
    }
    return entry;
  }

  void add_rule(RuleChain& chain, NftTokens tokens) {
    const auto handle = take_handle(tokens);
    if (tokens.empty()) return;
    std::vector<RuleBranch> branches = read_branches(tokens, sets_);
    if (branches.empty()) return;
    chain.rules.push_back({.branches = std::move(branches), .text = text_of(tokens), .handle = handle});
  }

  NftTokenReader reader_;
  /// Of the table that is being read.
  NftSets sets_;
  Ruleset ruleset_;
};

}  // namespace

Ruleset parse_nft_ruleset(std::string_view listing) {
  return Listing(listing).read();
}

}  // namespace smtpath::io
