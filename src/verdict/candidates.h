#pragma once

// Which rules of this host may have stopped a port: listed, and called the rule only when there is just one.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/facts/local_rules.h"
#include "verdict/case.h"

namespace smtpath::verdict {

/// Where a rule must stand, and what it must do, to have stopped this port.
struct Suspicion {
  std::vector<facts::Hook> hooks;
  facts::Effect effect = facts::Effect::Drop;
};

/// In words; absent where this host's rules are not known.
std::optional<std::string> describe_candidates(const Case& evidence, const Suspicion& suspicion);

/// Of the rules known, how many fit.
std::size_t count_candidates(const Case& evidence, const Suspicion& suspicion);

}  // namespace smtpath::verdict
