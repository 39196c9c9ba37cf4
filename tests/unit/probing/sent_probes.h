#pragma once

// Traces a simulated path and lists the SYNs as they left, read off the frames and not off what the observer made of
// them.

#include <cstdint>
#include <vector>

#include "support/simulation.h"

namespace smtpath::test {

struct SentProbe {
  Time at;
  Port source_port;
  Port port;
  Ttl ttl;
  std::uint32_t sequence = 0;
  std::uint32_t timestamp = 0;
};

/// 25 is the subject; 465, 587 and 2525 are controls, 443 and 80 anchors.
std::vector<path::PortPlan> usual_ports();

/// The usual ports, or those given; frames are recorded.
Simulation trace_path(const NetworkPath& path, const probing::TracerOptions& options = {},
                      std::vector<path::PortPlan> ports = usual_ports(), std::uint64_t seed = 1);

std::vector<SentProbe> sent_syns(const Simulation& run);
std::vector<SentProbe> sent_syns(const Simulation& run, Port port);
bool has_asked(const Simulation& run, Port port);

}  // namespace smtpath::test
