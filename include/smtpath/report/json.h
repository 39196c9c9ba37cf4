#pragma once

// Reports as JSON, schema "smtpath/1" (docs/report.md). Written piece by piece into a sink, so that a run of many
// targets is never one document in memory.

#include <functional>
#include <string>
#include <string_view>

#include "smtpath/report/report.h"

namespace smtpath::report {

/// Takes the next piece of output.
using Sink = std::function<void(std::string_view)>;

/// The whole run as one document with a final newline.
void write_json(const RunReport& run, const Sink& sink);

/// One line of JSON lines, "type": "target", with a final newline.
std::string json_line_of(const TargetReport& target);

/// The last line of JSON lines, "type": "summary", with a final newline.
std::string json_summary_line_of(const RunReport& run);

}  // namespace smtpath::report
