#pragma once

// The reports of traces that somebody else made and a capture shows: judged as those of a run of ours.

#include "smtpath/path/capture_loss.h"
#include "smtpath/path/foreign_traces.h"
#include "smtpath/report/report.h"

namespace smtpath::app {

/// `loss` is that of the capture. A note says whose trace it is.
report::TargetReport report_found(const path::FoundTrace& found, const path::CaptureLoss& loss);

}  // namespace smtpath::app
