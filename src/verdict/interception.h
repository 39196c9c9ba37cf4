#pragma once

// Rules and remarks on SYN-ACKs that somebody gives in the host's name although no TTL gives him away: he accepts for
// addresses that nobody can have, or answers unlike the host's other ports.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> answered_from_nowhere(const Case& evidence);

/// The accepted port is not like any of the host's other ports that are accepted where it is.
bool is_unlike_others(const Case& evidence);

/// Adds in what a SYN-ACK differs from those of other ports, and that nobody answered from nowhere.
void tell_of_interception(const Case& evidence, Verdict& verdict);

}  // namespace smtpath::verdict
