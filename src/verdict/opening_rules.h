#pragma once

// Rules for connections that never opened. See outcome_rules.h.

#include <optional>
#include <string>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> opening_refused(const SessionCase& evidence);
std::optional<Ruling> opening_rejected(const SessionCase& evidence);
std::optional<Ruling> opening_unanswered(const SessionCase& evidence);

/// SYNs of a traceroute rather than of a client: they were meant to expire on the way.
bool is_tracing(const session::Session& session);

/// What tells that they are, as a sentence.
std::string tracing_words(const session::Session& session);

/// The ICMP error that says no to a connection, or tells most of why it fails.
const session::IcmpNote* telling_icmp(const session::Session& session);

}  // namespace smtpath::verdict
