#pragma once

// Judges targets one by one, hands each report to the outputs as soon as they take it, and lets the observer forget the
// target. Text and JSON want the order of the plan: a report that comes early waits for those before it. Live runs and
// replays end here alike.

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "app/outputs.h"
#include "smtpath/path/observer.h"
#include "smtpath/report/report.h"
#include "smtpath/report/run_plan.h"
#include "smtpath/report/run_status.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::app {

class Reporter {
 public:
  /// All are lent for the reporter's life. `tally` may have counted other runs before.
  Reporter(const report::RunPlan& plan, path::Observer& observer, Outputs& outputs, report::RunTally& tally);

  /// First of all: the targets that could not be tried.
  void report_untried();

  /// The target at `index` among those of the plan that are asked, of which all is known that will be. A second time
  /// it means nothing, nor does an index that the plan does not have.
  /// `visits` are those to its mail ports.
  void judge(std::size_t index, const std::vector<verdict::JudgedVisit>& visits = {});
  void judge_rest();

  /// Reports that wait for those before them.
  std::size_t waiting() const { return waiting_.size(); }

 private:
  void write_what_is_next();

  const report::RunPlan& plan_;
  path::Observer& observer_;
  Outputs& outputs_;
  report::RunTally& tally_;
  /// Where the plan's list of names has each target that is asked; absent once it was judged.
  std::vector<std::optional<std::size_t>> places_;
  std::map<std::size_t, report::TargetReport> waiting_;
  std::size_t next_ = 0;
};

}  // namespace smtpath::app
