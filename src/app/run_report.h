#pragma once

// From what the packets say of a target to its report, by way of the judge. Live runs, replays and traces that were
// found in captures end here alike.

#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/path/observer.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_plan.h"
#include "smtpath/verdict/diagnose.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::app {

/// Of one target of the plan, with what visits to its mail ports came to.
report::TargetReport report_target(const report::PlannedTarget& target, const report::RunPlan& plan,
                                   const path::Observer& observer,
                                   const std::vector<verdict::JudgedVisit>& visits = {});

/// `report` with what the judge says of the trace: distance, ports, conclusion.
report::TargetReport judge_into(report::TargetReport report, const path::PathTrace& trace, const path::TargetPlan& plan,
                                const verdict::Circumstances& circumstances);

report::RunBeginning report_beginning(const report::RunPlan& plan, report::Mode mode);

/// Once the observer has finished. `end` is capture time.
report::RunEnding report_ending(const report::RunPlan& plan, const path::Observer& observer, Time end);

}  // namespace smtpath::app
