#pragma once

// What may be said of ports whose packets get through only some of the time: limits on SYNs, full queues, loss. A run
// is taken to send 24 SYNs in three seconds to a silent port, and 8 in one second to one that answers: what such a run
// may well miss need not be said, and what it cannot miss must be.

#include <span>

#include "support/network_path.h"
#include "support/random_path_truth.h"
#include "support/random_path_views.h"

namespace smtpath::test {

struct Rationed {
  const NetworkPath& path;
  /// Of the port.
  std::span<const View> views;
  /// The host sends something that no queue of connections stops.
  bool is_host_heard = false;
};

/// Adds what limits, queues and loss make right; takes away what they make wrong.
void allow_what_is_rationed(PortTruth& truth, const Rationed& rationed);

/// A copied reset may come after the answer of the host, or is one that clients do not care for.
bool may_be_late(const View& view, Port port);

}  // namespace smtpath::test
