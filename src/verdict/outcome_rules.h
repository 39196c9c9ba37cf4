#pragma once

// The rules for outcomes, in their order of precedence. Each looks at one connection and either decides it or passes;
// the first that decides wins. docs/outcomes.md tells the same in the same order.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/verdict/outcome.h"
#include "verdict/session_case.h"

namespace smtpath::verdict {

/// What a rule says of a connection that it decides.
struct Ruling {
  /// One or more sentences.
  std::string text;
  /// Where it ended, if not where the case says.
  std::optional<Stage> stage{};
  /// If not as the outcome has it.
  std::optional<bool> has_failed{};
  bool is_probe = false;
};

struct OutcomeRule {
  std::string_view name;
  Outcome outcome;
  std::optional<Ruling> (*decide)(const SessionCase& evidence);
};

/// The last one decides whatever comes to it.
std::span<const OutcomeRule> outcome_rules();

}  // namespace smtpath::verdict
