#pragma once

// The commands, each from its options to its exit status. They print what the user asked for, and errors as one line.

#include "app/exit_status.h"
#include "app/options.h"

namespace smtpath::app {

ExitStatus trace(const TraceOptions& options);
ExitStatus analyze(const AnalyzeOptions& options);
ExitStatus demo(const DemoOptions& options);

}  // namespace smtpath::app
