#pragma once

// Rules for what TLS records show without keys. See outcome_rules.h.

#include <optional>

#include "verdict/outcome_rules.h"

namespace smtpath::verdict {

std::optional<Ruling> both_hellos_then_opaque(const SessionCase& evidence);
std::optional<Ruling> tls_stalled(const SessionCase& evidence);
std::optional<Ruling> tls_ended_by_alert(const SessionCase& evidence);
std::optional<Ruling> tls_not_spoken(const SessionCase& evidence);
std::optional<Ruling> tls_closed_in_handshake(const SessionCase& evidence);

}  // namespace smtpath::verdict
