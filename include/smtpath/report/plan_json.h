#pragma once

// A run's plan as one line of JSON, schema "smtpath-plan/1", and back: the section comment of an evidence file. A
// reader has to take it for hostile text; parse_run_plan checks every field, and the indices between them.

#include <string>
#include <string_view>

#include "smtpath/base/result.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::report {

/// Without a final newline.
std::string to_json(const RunPlan& plan);

/// Whether the text begins as a plan of any version does.
bool is_run_plan(std::string_view text);

/// Error: not JSON, another schema, a field that is missing, of another type or out of range. Fields that it does not
/// know are passed over.
Result<RunPlan> parse_run_plan(std::string_view json);

}  // namespace smtpath::report
