#pragma once

// Which probe of a flow a reply answers, when the reply itself does not say; and whether it says anything new.

#include <cstdint>
#include <functional>

#include "path/flow_table.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

/// What the trace has of the flow, or null.
FlowTrace* find_flow(PathTrace& trace, const PlannedFlow& flow);

/// The probe of that number, or null.
Probe* find_probe(FlowTrace& flow, std::uint16_t number);

/// The probe that an answer without a name must be for: the last one sent, when all probes of the flow had one TTL.
/// Null when probes of several TTLs could have drawn it, or one that the capture never showed.
Probe* only_candidate(FlowTrace& flow);
/// The same among those probes of the flow that `may_be` holds of.
Probe* only_candidate(FlowTrace& flow, const std::function<bool(const Probe&)>& may_be);

/// Puts it to the probe, or to the flow where that is null. False, and nothing is kept: the same sender said so before
/// (a retransmission, a frame seen on two interfaces), or the bound on replies kept is reached.
bool keep(Reply reply, Probe* probe, FlowTrace& flow);

}  // namespace smtpath::path
