#pragma once

// From what the observer saw to the report of a run, by way of the judge. Live runs and replays end here alike.

#include "smtpath/base/time.h"
#include "smtpath/path/observer.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

/// Of one target of the plan.
report::TargetReport report_target(const report::PlannedTarget& target, const report::RunPlan& plan,
                                   const path::Observer& observer);

report::RunBeginning report_beginning(const report::RunPlan& plan, report::Mode mode);

/// Once the observer has finished. `end` is capture time.
report::RunEnding report_ending(const report::RunPlan& plan, const path::Observer& observer, Time end);

}  // namespace smtpath::app
