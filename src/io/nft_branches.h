#pragma once

// One rule of nft: what it can do to which packets.

#include <vector>

#include "io/nft_elements.h"
#include "io/nft_tokens.h"
#include "io/rule_table.h"

namespace smtpath::io {

/// The branches of a statement of a chain; none for what can neither stop a packet nor call a chain. Of a chain without
/// a name within the rule, all branches are the rule's own.
std::vector<RuleBranch> read_branches(NftTokens statement, NftSets& sets);

}  // namespace smtpath::io
