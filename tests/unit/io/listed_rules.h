#pragma once

// Rules as a test expects them: one line each, "output drop 25,465-587 ipv4: tcp dport … drop".

#include <string>
#include <string_view>
#include <vector>

#include "smtpath/facts/local_rules.h"

namespace smtpath::test {

/// "25,465-587", or "any" for a rule that names none.
std::string ports_of(const facts::LocalRule& rule);

/// Hook, effect, ports and, where it is limited to one, the family.
std::string effect_of(const facts::LocalRule& rule);

std::vector<std::string> effects_of(const facts::LocalRules& rules);
/// With the text of each.
std::vector<std::string> lines_of(const facts::LocalRules& rules);

/// A recorded listing, by its file name in tests/unit/io/listings.
std::string recorded(std::string_view name);

}  // namespace smtpath::test
