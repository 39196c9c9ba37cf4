#pragma once

// Rules on packets that had two fates: copied on the way and answered there, or answered by two in the destination's
// name. What a forger's packets say of themselves is not believed; that they are one too many is.

#include <optional>

#include "smtpath/verdict/verdict.h"
#include "verdict/case.h"

namespace smtpath::verdict {

std::optional<Verdict> expired_and_answered(const Case& evidence);
std::optional<Verdict> accepted_and_reset(const Case& evidence);
std::optional<Verdict> answer_copies_its_probe(const Case& evidence);
std::optional<Verdict> errors_contradicted(const Case& evidence);

/// Adds what else was forged, or came to nothing, to the evidence of a verdict that does not rest on it.
void tell_of_forgeries(const Case& evidence, Verdict& verdict);

}  // namespace smtpath::verdict
