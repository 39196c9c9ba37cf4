#pragma once

// The networks that bench_trace measures in, and the bars that smtpath has to meet there.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::bench {

struct Bars {
  /// Of traceroute's time to smtpath's.
  std::optional<double> least_ratio_to_traceroute{};
  std::optional<double> most_seconds{};
  std::optional<int> most_probes{};
  /// To any one port, as they arrive at the server.
  int most_syns_at_a_port = 24;
};

struct Situation {
  std::string name;
  std::string about;
  io::LabSpec network;
  std::vector<Port> ports;
  /// Of smtpath.
  int expected_status = 0;
  Bars bars{};
};

std::vector<Situation> situations();

}  // namespace smtpath::bench
