#pragma once

// What rules are made of: a verdict from its parts, and what kind of answer a case has.

#include <optional>
#include <string>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

/// With one piece of evidence, whose rule is the caller's to name.
Verdict found(Kind kind, Confidence confidence, std::optional<Location> location, std::string why);

/// Inconclusive, where silence begins.
Verdict undecided(Reason reason, const Case& evidence, std::string why);

bool is_syn_ack(const Case& evidence);
bool is_reset(const Case& evidence);
bool is_unreachable(const Case& evidence);

/// The codes that speak of the host or its network and not of a policy or a port.
bool speaks_of_host(const path::Reply& reply);

/// The farthest hop that a router answered this port's probes from; 0: none did.
Ttl last_router(const Case& evidence);

}  // namespace smtpath::verdict
