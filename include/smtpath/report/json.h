#pragma once

// Reports as JSON, schema "smtpath/1" (docs/report.md). Written piece by piece into a sink, so that a run of many
// targets is never one document in memory.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "smtpath/report/connection.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"

namespace smtpath::report {

/// Takes the next piece of output.
using Sink = std::function<void(std::string_view)>;

/// The whole run as one document with a final newline: valid once it has its ending.
class JsonReport {
 public:
  JsonReport(const RunBeginning& run, Sink sink);
  JsonReport(JsonReport&&) noexcept;
  JsonReport& operator=(JsonReport&&) noexcept;
  ~JsonReport();

  /// The next connection, before any target; all of it has gone to the sink on return.
  void write(const ConnectionReport& connection);
  /// The same of a connection that is a JSON object already.
  void write_object(std::string_view connection);

  /// The next target; all of it has gone to the sink on return.
  void write(const TargetReport& target);

  /// Last of all; `tally` is over all targets of the run.
  void write(const RunTally& tally, const RunEnding& run);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One line of JSON lines, "type": "target", with a final newline.
std::string json_line_of(const TargetReport& target);

/// The last line of JSON lines, "type": "summary", with a final newline. `tally` is over all targets of the run.
std::string json_summary_line_of(const RunTally& tally, const RunEnding& run);
/// The same of an analysis, with what became of the connections.
std::string json_summary_line_of(const RunTally& tally, const ConnectionTally& connections, const RunEnding& run);

}  // namespace smtpath::report
