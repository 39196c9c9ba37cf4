#pragma once

// The targets of a run: those of the command line, then those of a list, each once. A list has one target a line; empty
// lines and what follows a # are comments; lines may end with CR LF.

#include <string>
#include <variant>
#include <vector>

#include "app/exit_status.h"
#include "app/options.h"
#include "smtpath/base/result.h"

namespace smtpath::app {

struct TargetListFailure {
  Error error;
  ExitStatus status = ExitStatus::BadData;
};

/// Failures: a list that cannot be read (NoInput); a line that is no target, named with its number; no target in the
/// list; more targets than a run can have.
std::variant<std::vector<std::string>, TargetListFailure> read_targets(const TraceOptions& options);

}  // namespace smtpath::app
