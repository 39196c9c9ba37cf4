#pragma once

// The traces of other programs, played over a simulated path: how each numbers and paces its SYNs as packets of the
// real ones show it, and none of what it makes of the answers.

#include <cstdint>
#include <string_view>
#include <vector>

#include "smtpath/base/time.h"
#include "support/network.h"
#include "support/simulation.h"

namespace smtpath::test {

struct ForeignTool {
  std::string_view name;
  int tries = 3;
  /// Probes that wait for answers side by side.
  int side_by_side = 1;
  Duration patience = std::chrono::seconds(3);
  /// Time between two probes at least.
  Duration gap = std::chrono::milliseconds(10);
  int max_ttl = 30;
  /// Ends after so many hops in a row that said nothing.
  int most_silent = 255;
  bool keeps_port = false;
  bool keeps_sequence = false;
  bool keeps_identification = false;
  bool has_timestamps = false;
  /// Begins behind the host and comes nearer.
  bool descends = false;
};

/// traceroute -T, tcptraceroute, mtr -T, scamper, nmap --traceroute, hping3 --traceroute, scapy.
const std::vector<ForeignTool>& foreign_tools();
const ForeignTool& foreign_tool(std::string_view name);

/// Traces the target of the network's path from `start` on; the frames that the host sees, its own SYNs among them.
std::vector<RecordedFrame> trace_as(const ForeignTool& tool, Network& network, Port port, Time start = kStart);

}  // namespace smtpath::test
