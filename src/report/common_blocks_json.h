#pragma once

// What the targets of a run have in common, as the report has it.

#include "report/json_writer.h"
#include "smtpath/report/run_status.h"

namespace smtpath::report {

/// The members `findings` and `uncounted`, into an object that was begun.
void write_common_blocks(JsonWriter& out, const RunTally& tally);

/// The document's `summary`: null for fewer than two targets, which have nothing in common.
void write_common_summary(JsonWriter& out, const RunTally& tally);

}  // namespace smtpath::report
