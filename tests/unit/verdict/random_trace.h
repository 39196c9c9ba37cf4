#pragma once

// Traces that no network would bring about: any replies to any probes, as a hostile path could send them. What only the
// target's own flow can draw bears the target's address, since the observer accepts nothing else.

#include <cstdint>

#include "smtpath/base/frame.h"
#include "unit/path/trace_builder.h"

namespace smtpath::test {

/// The same for the same seed.
TraceBuilder random_trace(std::uint64_t seed);

/// Some packet of the trace bears this address.
bool shows(const path::PathTrace& trace, const IpAddress& address);

}  // namespace smtpath::test
