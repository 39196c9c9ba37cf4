#pragma once

// The same run again, from its evidence file: the frames go to the same observer and the same judge as they did live.

#include <optional>
#include <string>
#include <variant>

#include "app/exit_status.h"
#include "app/outputs.h"
#include "smtpath/base/result.h"
#include "smtpath/io/capture_file.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

struct Replayed {
  report::RunEnding ending;
  /// What the reader of the report must know of the file: that it was cut, and where.
  std::optional<std::string> remark;
};

struct ReplayFailure {
  Error error;
  ExitStatus status = ExitStatus::BadData;
};

/// Whether the file, which was looked into, is one that a live run wrote.
bool is_evidence(const io::CaptureFile& capture);

/// Of an evidence file from its beginning. Targets go to the outputs where the run judged them, and to the tally. A
/// file that was cut gives what it holds. Failures: cannot be read; its plan is no plan.
std::variant<Replayed, ReplayFailure> replay(io::CaptureFile& capture, Outputs& outputs, report::RunTally& tally);

}  // namespace smtpath::app
