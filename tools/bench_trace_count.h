#pragma once

// Counts what a program in the lab's client sends, whichever kind of socket it sends through: nftables counters on the
// first router, before anything there can drop, and on the server.

#include <cstdint>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"

namespace smtpath::bench {

struct Count {
  std::uint64_t syns = 0;
  /// All that asks for an answer: what left the client but for resets, which its kernel sends by itself.
  std::uint64_t probes = 0;
  /// At the server, of the port that got most.
  std::uint64_t syns_at_a_port = 0;
};

/// Adds the counters to the lab that is going to be built.
void add_counters(io::LabSpec& spec, const std::vector<Port>& ports);

/// Since the last time.
Result<Count> take_count(const io::Lab& lab);

}  // namespace smtpath::bench
