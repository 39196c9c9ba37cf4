#pragma once

// Which probe of a flow a reply answers, when the reply itself does not say; and whether it says anything new.

#include <cstdint>
#include <vector>

#include "smtpath/path/trace.h"

namespace smtpath::path {

/// The probe of that number, or null.
Probe* find_probe(FlowTrace& flow, std::uint16_t number);

/// The probe that an answer without a name must be for: the last one sent, when all probes of the flow had one TTL.
/// Null when probes of several TTLs could have drawn it, or one that the capture never showed.
Probe* only_candidate(FlowTrace& flow);

/// False for what the same sender said before (a retransmission, a frame seen on two interfaces) and past the bound on
/// replies kept.
bool adds_something(const std::vector<Reply>& known, const Reply& reply);

}  // namespace smtpath::path
