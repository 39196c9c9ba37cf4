#pragma once

// The plan of a run with the names that it came from, as an evidence file carries it: enough for a replay to make the
// same report. It tells what was asked and nothing of what came back.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/local_host.h"
#include "smtpath/facts/lookup.h"
#include "smtpath/facts/port_route.h"
#include "smtpath/facts/target_error.h"
#include "smtpath/facts/vantage.h"
#include "smtpath/path/plan.h"

namespace smtpath::report {

struct RunOptions {
  Ttl first_ttl{1};
  Ttl max_ttl{30};
  /// The owner of the sending sockets.
  std::string user;
  friend bool operator==(const RunOptions&, const RunOptions&) = default;
};

/// One target that the user named, with one of its addresses.
struct PlannedTarget {
  std::string target;
  std::optional<IpAddress> address;
  std::optional<facts::TargetError> error;
  std::optional<facts::Vantage> source;
  /// Of the ports that the kernel routes apart from the others.
  std::vector<facts::PortRoute> routes;
  /// Where `plan.targets` has it; absent when it could not be tried.
  std::optional<std::size_t> index;
  /// Absent for an address that needed none.
  std::optional<facts::TargetLookup> lookup{};
};

struct RunPlan {
  std::string version;
  Time started;
  RunOptions options;
  path::Plan plan;
  /// In the order of the report.
  std::vector<PlannedTarget> targets;
  /// Of its rules, those that could act on a port of the plan.
  facts::LocalHost local_host;
};

}  // namespace smtpath::report
