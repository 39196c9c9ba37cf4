#pragma once

// One run of a declared path, from tracer to verdicts, and the same frames judged again.

#include <optional>
#include <vector>

#include "smtpath/path/plan.h"
#include "smtpath/verdict/diagnose.h"
#include "support/network_path.h"
#include "support/simulation.h"

namespace smtpath::test {

struct Traced {
  path::TargetPlan target;
  Simulation run;
  verdict::Diagnosis diagnosis;

  /// Fails the test where the port was not judged.
  verdict::Verdict verdict_of(Port port) const;
  /// Distinct source ports of the SYNs to `port` that the trace has.
  std::size_t source_ports_of(Port port) const;
};

struct TraceSettings {
  std::vector<path::PortPlan> ports;
  ThisHost host{};
  /// Decides which packets are lost.
  std::uint64_t seed = 1;
};

/// With the usual mail ports and anchors. Fails the test where the run does not end, or where its frames lead to
/// another diagnosis when they are replayed.
Traced trace(const NetworkPath& path);
Traced trace(const NetworkPath& path, const TraceSettings& settings);

/// The TTL of a hop that may be absent.
std::optional<int> ttl_of(const std::optional<verdict::HopReference>& hop);

/// Fails the test unless the location lies between the two.
void expect_between(const verdict::Verdict& verdict, int last_reached, std::optional<int> first_missed);

}  // namespace smtpath::test
