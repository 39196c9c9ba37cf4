#pragma once

// One rule of iptables: what it can do to which packets.

#include <string>
#include <string_view>
#include <vector>

#include "io/rule_table.h"

namespace smtpath::io {

/// As a shell would see them: quotes and backslashes resolved.
std::vector<std::string> words_of(std::string_view line);

/// The branches of a rule in the words of iptables-save, from "-A" on; none for what can neither stop a packet nor call
/// a chain.
std::vector<RuleBranch> read_branches(const std::vector<std::string>& words);

}  // namespace smtpath::io
