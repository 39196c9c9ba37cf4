#pragma once

// Rules for connections that end without a word that tells, and for those of which too little was seen. See
// outcome_rules.h.

#include <optional>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> half_opened(const SessionCase& evidence);
std::optional<Ruling> was_reset(const SessionCase& evidence);
std::optional<Ruling> stalled(const SessionCase& evidence);
std::optional<Ruling> unfinished(const SessionCase& evidence);
std::optional<Ruling> partial(const SessionCase& evidence);

}  // namespace smtpath::verdict
