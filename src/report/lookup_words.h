#pragma once

// How a name led to an address, for a person: what is odd, and on demand every step.

#include <string>
#include <vector>

#include "smtpath/facts/lookup.h"

namespace smtpath::report {

/// Sentences and steps, not escaped. Without `verbose` only what is odd: mostly nothing.
std::vector<std::string> lines_on(const facts::TargetLookup& lookup, bool verbose);

}  // namespace smtpath::report
