#pragma once

// Reads what iptables-save and ip6tables-save print (iptables-save(8), iptables-extensions(8)): which rules drop,
// reject or call other chains, and what is known of the packets that get there. Any text will do; what it does not
// understand it passes over.

#include <string_view>

#include "io/rule_table.h"

namespace smtpath::io {

Ruleset parse_iptables_save(std::string_view listing, Family family);

/// Whether the listing shows nf_tables, so that nft shows the same rules in its own words.
bool is_view_of_nft(std::string_view iptables_listing);

/// Leaves out of nft's ruleset the chains of iptables that `iptables` shows in the words that they were written in.
void leave_out_what_iptables_shows(Ruleset& nft, const Ruleset& iptables);

}  // namespace smtpath::io
