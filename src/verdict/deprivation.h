#pragma once

// How far the probes of a port come while its SYNs draw nothing, for ports that are answered now and then.

#include "verdict/case.h"
#include "verdict/fares.h"

namespace smtpath::verdict {

/// Between the farthest router that answers such probes and the next that does not.
Location where_deprived(const Case& evidence, const Fares& fares);

}  // namespace smtpath::verdict
