#pragma once

// What marks the probes of a flow as ours. Asker and observer draw the same marks from the key of the run, so neither
// has to tell the other what was sent. A flow's initial sequence number is constant: to every stateful firewall its
// probes are retransmissions of one SYN.

#include <cstdint>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/plan.h"

namespace smtpath::path {

struct FlowMark {
  std::uint32_t sequence = 0;
  /// The TCP timestamp value of probe n is this plus n (modulo 2^32), so that it rises in sending order.
  std::uint32_t timestamp_base = 0;
};

FlowMark mark_of(const HashKey& key, const IpAddress& target, Port source_port, Port destination_port);

/// Of the echo requests to a target, never 0.
std::uint16_t echo_identifier(const HashKey& key, const IpAddress& target);

}  // namespace smtpath::path
