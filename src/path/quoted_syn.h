#pragma once

// Which probe of a plan an ICMP error quotes. What came through a translator looks like nobody's SYN, and what somebody
// made up looks like ours. So two marks must fit that the probe bore, one of them the sequence number or the timestamp,
// which only who saw the probe can know:
//
//   tuple and sequence number      the quote is as sent; it need not name a probe
//   tuple and timestamp            the sequence number was rewritten; what took its place is a mark of the flow as well
//   sequence number and a probe    the tuple was translated; timestamp or IP ID name the probe
//   timestamp and IP ID, agreeing  both were; the destination is still the target

#include <optional>
#include <span>

#include "path/flow_table.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

struct QuotedSyn {
  /// Absent: it is nobody's that the plan knows of.
  std::optional<PlannedFlow> flow;
  /// Null: the marks do not prove that it was sent.
  FlowTrace* trace = nullptr;
  /// Null: it could be several.
  Probe* probe = nullptr;
};

/// `traces` are those of the plan's targets.
QuotedSyn recognise(const wire::IpHeader& ip, const wire::QuotedTcp& quoted, const FlowTable& table,
                    std::span<PathTrace> traces);

}  // namespace smtpath::path
