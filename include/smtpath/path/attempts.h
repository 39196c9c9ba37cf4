#pragma once

// SYNs that go as far as the host, and what came of each: how a port answers from one try to the next. Asker and judge
// read the same list.

#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/path/port_path.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

struct Attempt {
  const FlowTrace* flow = nullptr;
  const Probe* probe = nullptr;
  /// The final answer that it drew; null: none.
  const Reply* reply = nullptr;
};

/// The probes with TTL `reach` or more that left this host, in the order in which they did; without those that follow
/// an answer of their own flow, since hosts seldom answer again what they have answered. An answer that names no probe
/// is that of the last before it.
std::vector<Attempt> attempts_of(const PortPath& path, Ttl reach);

}  // namespace smtpath::path
