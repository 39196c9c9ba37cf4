#include "io/nft_branches.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "io/nft_match.h"

namespace smtpath::io {

namespace {

/// Of chains without a name in each other.
constexpr int kDeepestChain = 8;

bool ends_statement(const NftToken& token) {
  return token.kind == NftToken::Kind::Newline || token.is_mark(';');
}

class Branches {
 public:
  explicit Branches(NftSets& sets) : sets_(sets) {}

  void read(NftTokens tokens, Reach reach, int depth) {
    while (!tokens.empty()) {
      const auto selectors = take_selectors(tokens);
      if (!tokens.empty() && tokens[0].is_word("vmap")) {
        tokens = tokens.subspan(1);
        read_map(selectors, tokens, reach);
      } else if (!selectors.empty()) {
        reach = reach & take_comparison(selectors, tokens, sets_);
      } else if (is_call(tokens[0]) && tokens.size() > 1 && tokens[1].is_mark('{')) {
        read_chain(take_group(tokens, 1), reach, depth);
      } else if (const auto action = take_verdict(tokens, reach)) {
        found_.push_back({reach, *action});
      } else if (tokens[0].is_mark('{')) {
        take_group(tokens, 0);
      } else {
        tokens = tokens.subspan(1);
      }
    }
  }

  std::vector<RuleBranch> take() { return std::move(found_); }

 private:
  static bool is_call(const NftToken& token) { return token.is_word("jump") || token.is_word("goto"); }

  /// The group that begins at `start`, with its braces.
  static NftTokens take_group(NftTokens& tokens, std::size_t start) {
    const NftTokens group = tokens.subspan(start).first(length_of_group(tokens.subspan(start)));
    tokens = tokens.subspan(start + group.size());
    return group;
  }

  void read_map(const std::vector<NftSelector>& selectors, NftTokens& tokens, const Reach& reach) {
    if (tokens.empty()) return;
    if (tokens[0].is_mark('{')) {
      add_map(selectors, read_elements(take_group(tokens, 0)), reach);
    } else if (const std::string_view name = tokens[0].content; name.starts_with('@')) {
      add_map(selectors, sets_.find(name.substr(1)), reach);
      tokens = tokens.subspan(1);
    }
  }

  void add_map(const std::vector<NftSelector>& selectors, const NftElements& map, const Reach& reach) {
    for (const NftElement& element : map.list) {
      if (element.action) found_.push_back({reach & reach_of_element(selectors, element.key), *element.action});
    }
  }

  void read_chain(NftTokens group, const Reach& reach, int depth) {
    if (depth == kDeepestChain || group.size() < 2) return;
    NftTokens body = group.subspan(1, group.size() - 2);
    while (!body.empty()) {
      std::size_t end = 0;
      while (end < body.size() && !ends_statement(body[end])) {
        end += body[end].is_mark('{') ? length_of_group(body.subspan(end)) : 1;
      }
      read(body.first(end), reach, depth + 1);
      body = body.subspan(std::min(end + 1, body.size()));
    }
  }

  NftSets& sets_;
  std::vector<RuleBranch> found_;
};

}  // namespace

std::vector<RuleBranch> read_branches(NftTokens statement, NftSets& sets) {
  Branches branches(sets);
  branches.read(statement, {}, 0);
  return branches.take();
}

}  // namespace smtpath::io
