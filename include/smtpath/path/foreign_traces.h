#pragma once

// Finds traces that somebody else made, in the packets of a capture: SYNs of one host to one port with rising TTLs, as
// traceroute -T, tcptraceroute, mtr, scamper, nmap and their like send them, and the replies that prove to answer them.
// Nothing is known of such a trace beforehand: it is recognised by what it looks like, and rather overlooked than made
// up. Hops are counted from where the capture was taken. One pass over the packets, in bounded memory.

#include <cstdint>
#include <memory>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

/// One host's trace of one address: ports that were probed one after the other, and echo requests, make one.
struct FoundTrace {
  /// What it seems to have set out to ask; every port was probed.
  TargetPlan plan;
  PathTrace trace;
  /// When the first and the last probe were seen.
  Time first;
  Time last;
};

struct ForeignTraceCounters {
  /// SYNs and echo requests that may belong to a trace.
  std::uint64_t probes = 0;
  /// Of those, the ones that came past the bound on what is kept.
  std::uint64_t left_out = 0;
  /// Beginnings that were forgotten to make room for others.
  std::uint64_t evicted = 0;
};

class ForeignTraces {
 public:
  /// A trace of none of `subjects` is of no interest; in a trace of one of them, other ports are controls.
  explicit ForeignTraces(std::vector<Port> subjects);
  ForeignTraces(ForeignTraces&&) noexcept;
  ForeignTraces& operator=(ForeignTraces&&) noexcept;
  ~ForeignTraces();

  /// `now` never goes back.
  void handle_packet(Time now, const wire::Packet& packet);

  /// Whether this SYN has been taken for the probe of a trace: what came of it is no failed connection. The answer may
  /// change as long as packets come.
  bool is_probe(const IpAddress& source, Port source_port, const IpAddress& destination, Port destination_port) const;

  /// After the last packet, and once: what was found, in the order in which it began.
  std::vector<FoundTrace> finish();

  ForeignTraceCounters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::path
