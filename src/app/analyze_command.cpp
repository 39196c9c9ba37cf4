#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "app/commands.h"
#include "app/complain.h"
#include "app/outputs.h"
#include "app/replay.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

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
    auto& run = std::get<report::RunReport>(replayed);
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
  return static_cast<ExitStatus>(report::exit_status_of(*whole));
}

}  // namespace smtpath::app
