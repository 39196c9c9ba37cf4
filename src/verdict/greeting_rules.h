#pragma once

// Rules for connections that do not come past the greeting. See outcome_rules.h.

#include <optional>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> greeting_refused(const SessionCase& evidence);
std::optional<Ruling> greeting_temporary(const SessionCase& evidence);
std::optional<Ruling> first_bytes_no_reply(const SessionCase& evidence);
std::optional<Ruling> closed_before_greeting(const SessionCase& evidence);
std::optional<Ruling> greeting_awaited_in_vain(const SessionCase& evidence);

}  // namespace smtpath::verdict
