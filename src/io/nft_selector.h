#pragma once

// What a match of an nft rule looks at: "tcp dport", "ip daddr . tcp dport" (nft(8), "payload expressions" and "meta
// expressions").

#include <cstdint>
#include <vector>

#include "io/nft_tokens.h"
#include "io/rule_table.h"

namespace smtpath::io {

enum class NftField : std::uint8_t { SourcePort, DestinationPort, Protocol, Family, EtherType, Input, Output, Other };

struct NftSelector {
  NftField field = NftField::Other;
  /// That it looks there at all says this.
  Reach implied{};
};

/// The selectors that `tokens` begin with, more than one when joined by dots; moves `tokens` past them. None: it begins
/// with something else.
std::vector<NftSelector> take_selectors(NftTokens& tokens);

}  // namespace smtpath::io
