#pragma once

// Tells the probes of a plan from every other SYN: by sequence number, IP ID and timestamp, never by addresses or the
// port they leave from.

#include <cstdint>
#include <optional>

#include "path/flow_table.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

struct OwnProbe {
  PlannedFlow flow;
  std::uint16_t number = 0;
};

/// A probe number that the marks of a flow yield, if it is one that a flow can have.
std::optional<std::uint16_t> probe_number(std::uint32_t timestamp, const FlowMark& mark);

/// A probe that somebody sends back to us is no probe of ours, where the capture tells directions.
bool comes_from_elsewhere(const wire::Packet& packet);

/// Which probe of the plan this SYN is; absent: somebody else's.
std::optional<OwnProbe> own_probe(const FlowTable& table, const wire::Packet& packet, const wire::TcpSegment& syn);

}  // namespace smtpath::path
