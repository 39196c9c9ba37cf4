#pragma once

// Reads what `nft -a list ruleset` prints (nft(8)): which rules drop, reject or call other chains, and what is known of
// the packets that get there. Any text will do; what it does not understand it passes over.

#include <string_view>

#include "io/rule_table.h"

namespace smtpath::io {

Ruleset parse_nft_ruleset(std::string_view listing);

}  // namespace smtpath::io
