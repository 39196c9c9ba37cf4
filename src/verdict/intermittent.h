#pragma once

// Rules for ports of which some flows or some tries come through and others do not. See rules.h.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

/// Flows are answered by different kinds of answers.
std::optional<Verdict> flows_are_answered_differently(const Case& evidence);
/// Some tries are answered, and others draw nothing.
std::optional<Verdict> tries_come_to_nothing(const Case& evidence);

}  // namespace smtpath::verdict
