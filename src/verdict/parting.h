#pragma once

// Which flows of a port come farther than others, where all are answered by one kind of answer. Nothing is parted where
// some probe was answered twice: then somebody adds answers of its own.

#include "verdict/branch.h"
#include "verdict/case.h"
#include "verdict/fares.h"

namespace smtpath::verdict {

/// Answers of one kind, of which some begin short of the host: by how far they travelled.
Parting parting_by_distance(const Fares& fares, const Case& evidence);

/// A router answers probes of some flows where, or beyond where, others are answered in the host's name: those do not
/// come as far.
Parting parting_by_expiry(const Case& evidence);

}  // namespace smtpath::verdict
