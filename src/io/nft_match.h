#pragma once

// What the matches of nft rules let through, as far as ports, protocols, families and the loopback interface go. What
// is not understood lets everything through.

#include <string_view>
#include <vector>

#include "io/nft_elements.h"
#include "io/nft_selector.h"
#include "io/nft_tokens.h"
#include "io/rule_table.h"

namespace smtpath::io {

/// Moves `tokens` past an operator and what the selectors are compared to, where both are understood.
Reach take_comparison(const std::vector<NftSelector>& selectors, NftTokens& tokens, NftSets& sets);

/// Of an element of a verdict map; `selectors` may be none.
Reach reach_of_element(const std::vector<NftSelector>& selectors, std::string_view key);

}  // namespace smtpath::io
