#pragma once

// What stands in the braces of nft's sets and verdict maps, and what verdicts lead to.

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "io/nft_tokens.h"
#include "io/rule_table.h"

namespace smtpath::io {

/// "25", "25-30", "1.2.3.4 . 25", "*"; in a verdict map with what it leads to, unless that does not stop a packet.
struct NftElement {
  std::string_view key;
  std::optional<RuleAction> action{};
};

struct NftElements {
  std::vector<NftElement> list{};
  /// Whether these are all.
  bool is_complete = true;
};

/// The named sets and verdict maps of a table.
class NftSets {
 public:
  void add(std::string_view name, NftElements elements) { sets_[name] = std::move(elements); }
  /// Without elements when they are not known.
  const NftElements& find(std::string_view name);
  /// Whether one was looked for whose elements are not known, or that has none.
  bool is_lacking() const { return is_lacking_; }

 private:
  std::map<std::string_view, NftElements> sets_;
  bool is_lacking_ = false;
};

/// `group` begins and ends with the braces.
NftElements read_elements(NftTokens group);

/// The values joined by dots that `tokens` begin with; moves `tokens` past them.
std::string_view take_key(NftTokens& tokens);

/// The effect of a verdict, or the chain that it leads to; none for those that do not stop a packet. Moves `tokens`
/// past it; `reach` loses what a reject does not answer.
std::optional<RuleAction> take_verdict(NftTokens& tokens, Reach& reach);

}  // namespace smtpath::io
