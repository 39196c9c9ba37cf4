#include "io/nft_elements.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace smtpath::io {

namespace {

/// Enough for a list of ports; longer ones are of addresses.
constexpr std::size_t kMostElements = 128;

/// What an element leads to.
std::optional<RuleAction> action_in(NftTokens tokens) {
  Reach reach;
  return tokens.empty() ? std::nullopt : take_verdict(tokens, reach);
}

/// After "reject": "with tcp reset", "with icmp host-unreachable", …
facts::Effect take_answer(NftTokens& tokens, Reach& reach) {
  if (tokens.size() < 2 || !tokens[0].is_word("with")) return facts::Effect::Reject;
  const NftToken& with = tokens[1];
  tokens = tokens.subspan(2);
  if (with.is_word("tcp")) return facts::Effect::Reset;
  if (with.is_word("icmp")) reach = reach & Reach::of_family(Family::Ipv4);
  if (with.is_word("icmpv6")) reach = reach & Reach::of_family(Family::Ipv6);
  return facts::Effect::Reject;
}

}  // namespace

const NftElements& NftSets::find(std::string_view name) {
  const NftElements& found = sets_[name];
  is_lacking_ |= found.list.empty();
  return found;
}

NftElements read_elements(NftTokens group) {
  NftElements elements;
  NftTokens rest = group.subspan(std::min<std::size_t>(1, group.size()));
  const auto is_end = [](const NftToken& token) { return token.is_mark(',') || token.is_mark('}'); };
  while (!rest.empty()) {
    if (is_end(rest[0]) || rest[0].kind == NftToken::Kind::Newline) {
      rest = rest.subspan(1);
      continue;
    }
    if (elements.list.size() == kMostElements) {
      elements.is_complete = false;
      break;
    }
    NftElement element{.key = take_key(rest)};
    const auto end = std::find_if(rest.begin(), rest.end(), is_end);
    const auto colon = std::find_if(rest.begin(), end, [](const NftToken& token) { return token.is_word(":"); });
    if (colon != end) element.action = action_in({colon + 1, end});
    elements.list.push_back(std::move(element));
    rest = {end, rest.end()};
  }
  return elements;
}

std::string_view take_key(NftTokens& tokens) {
  const char* const begin = tokens[0].raw.data();
  std::string_view last = tokens[0].raw;
  tokens = tokens.subspan(1);
  while (tokens.size() >= 2 && tokens[0].is_word(".")) {
    last = tokens[1].raw;
    tokens = tokens.subspan(2);
  }
  return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

std::optional<RuleAction> take_verdict(NftTokens& tokens, Reach& reach) {
  if (tokens.empty()) return std::nullopt;
  const NftToken verdict = tokens[0];
  if (verdict.is_word("drop")) {
    tokens = tokens.subspan(1);
    return facts::Effect::Drop;
  }
  if (verdict.is_word("reject")) {
    tokens = tokens.subspan(1);
    return take_answer(tokens, reach);
  }
  if ((verdict.is_word("jump") || verdict.is_word("goto")) && tokens.size() > 1) {
    ChainCall call{.chain = std::string(tokens[1].content)};
    tokens = tokens.subspan(2);
    return call;
  }
  return std::nullopt;
}

}  // namespace smtpath::io
