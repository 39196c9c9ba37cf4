#pragma once

// Rules for connections that never opened. See outcome_rules.h.

#include <optional>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> opening_refused(const SessionCase& evidence);
std::optional<Ruling> opening_rejected(const SessionCase& evidence);
std::optional<Ruling> opening_unanswered(const SessionCase& evidence);

/// The ICMP error that says no to a connection, or tells most of why it fails.
const session::IcmpNote* telling_icmp(const session::Session& session);

}  // namespace smtpath::verdict
