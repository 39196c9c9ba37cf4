#pragma once

// Where errors show that somebody on the way changes the destination of probes.

#include <optional>
#include <span>

#include "smtpath/path/trace.h"

namespace smtpath::path {

/// The least TTL from which on errors quote these probes as bound for another address; absent: nowhere. Who translates
/// does so to all that passes: errors that name several addresses, or are contradicted by one from there or beyond,
/// are forged, and one to a probe that drew something else too counts for nothing.
std::optional<Ttl> translated_from(std::span<const FlowTrace* const> flows);

}  // namespace smtpath::path
