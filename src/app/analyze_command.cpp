#include <fmt/format.h>

#include <string>
#include <variant>

#include "app/commands.h"
#include "app/complain.h"
#include "app/outputs.h"
#include "app/replay.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

namespace {

/// Unlike a live run, which has to say whether the port can be used, an analysis says whether anything failed.
ExitStatus status_of(const report::RunTally& tally, const report::RunEnding& run) {
  if (run.capture.packets == 0) return ExitStatus::Inconclusive;
  const auto status = static_cast<ExitStatus>(tally.exit_status());
  return status == ExitStatus::Trouble ? status : ExitStatus::Success;
}

void add(report::RunEnding& whole, const report::RunEnding& run) {
  whole.elapsed += run.elapsed;
  whole.capture.packets += run.capture.packets;
  whole.capture.dropped += run.capture.dropped;
  for (const auto& [reason, count] : run.capture.undecodable) whole.capture.undecodable[reason] += count;
}

}  // namespace

ExitStatus analyze(const AnalyzeOptions& options) {
  auto outputs = Outputs::open(options.output);
  if (!outputs) return complain(outputs.error(), ExitStatus::OutputFailed);
  report::RunTally tally;
  report::RunEnding whole;
  for (const std::string& file : options.files) {
    const auto replayed = replay(file, outputs.value(), tally);
    if (const auto* failure = std::get_if<ReplayFailure>(&replayed)) {
      outputs.value().abandon();
      return complain(failure->error, failure->status);
    }
    const auto& [ending, remark] = std::get<Replayed>(replayed);
    if (remark) complain(Error{*remark}, ExitStatus::Success);
    add(whole, ending);
  }
  outputs.value().end(tally, whole);
  const auto written = outputs.value().finish();
  if (!written) return complain(written.error(), ExitStatus::OutputFailed);
  return status_of(tally, whole);
}

}  // namespace smtpath::app
