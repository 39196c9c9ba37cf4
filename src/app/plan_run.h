#pragma once

// From the words of the command line to the plan of a run: names are resolved, routes asked for, a key drawn.

#include <string>
#include <vector>

#include "app/options.h"
#include "smtpath/base/result.h"
#include "smtpath/io/resolver.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

struct PlanInputs {
  const TraceOptions& options;
  /// Those of the options and of the list that they name.
  const std::vector<std::string>& targets;
  io::Resolver& resolver;
  const std::vector<Port>& source_ports;
  /// The user in force.
  std::string user;
  const facts::LocalHost& local_host;
  Time started;
};

/// Targets that cannot be tried are in it with their errors. Error: the system could not be asked at all.
Result<report::RunPlan> plan_run(const PlanInputs& inputs);

/// What the capture has to let through for the plan, in pcap-filter syntax.
std::string capture_filter(const report::RunPlan& plan);

}  // namespace smtpath::app
