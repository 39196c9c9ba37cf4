#pragma once

// Rules for what was said in the clear. See outcome_rules.h.

#include <optional>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> message_accepted(const SessionCase& evidence);
std::optional<Ruling> message_refused(const SessionCase& evidence);
std::optional<Ruling> credentials_refused(const SessionCase& evidence);
std::optional<Ruling> ended_in_order(const SessionCase& evidence);
std::optional<Ruling> starttls_masked(const SessionCase& evidence);
std::optional<Ruling> starttls_refused(const SessionCase& evidence);

}  // namespace smtpath::verdict
