#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "app/commands.h"
#include "app/complain.h"
#include "app/outputs.h"
#include "app/replay.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

namespace {

/// Unlike a live run, which has to say whether the port can be used, an analysis says whether anything failed.
ExitStatus status_of(const report::RunReport& run) {
  if (run.capture.packets == 0) return ExitStatus::Inconclusive;
  const auto status = static_cast<ExitStatus>(report::exit_status_of(run));
  return status == ExitStatus::Trouble ? status : ExitStatus::Success;
}

}  // namespace

ExitStatus analyze(const AnalyzeOptions& options) {
  auto outputs = Outputs::open(options.output);
  if (!outputs) return complain(outputs.error(), ExitStatus::OutputFailed);
  std::optional<report::RunReport> whole;
  for (const std::string& file : options.files) {
    auto replayed = replay(file);
    if (const auto* failure = std::get_if<ReplayFailure>(&replayed)) {
      outputs.value().abandon();
      return complain(failure->error, failure->status);
    }
    auto& [run, remark] = std::get<Replayed>(replayed);
    if (remark) complain(Error{*remark}, ExitStatus::Success);
    if (!whole) {
      whole = std::move(run);
    } else {
      std::move(run.targets.begin(), run.targets.end(), std::back_inserter(whole->targets));
    }
  }
  for (const report::TargetReport& target : whole->targets) outputs.value().write_target(target);
  outputs.value().write_run(*whole);
  const auto written = outputs.value().finish();
  if (!written) return complain(written.error(), ExitStatus::OutputFailed);
  return status_of(*whole);
}

}  // namespace smtpath::app
