#include "app/reporter.h"

#include <utility>

#include "app/run_report.h"

namespace smtpath::app {

Reporter::Reporter(const report::RunPlan& plan, path::Observer& observer, Outputs& outputs, report::RunTally& tally)
    : plan_(plan), observer_(observer), outputs_(outputs), tally_(tally), places_(plan.plan.targets.size()) {
  tally_.begin_run();
  for (std::size_t place = 0; place < plan.targets.size(); ++place) {
    if (const auto index = plan.targets[place].index) places_.at(*index) = place;
  }
}

void Reporter::report_untried() {
  for (const report::PlannedTarget& target : plan_.targets) {
    if (target.index) continue;
    const report::TargetReport report = report_target(target, plan_, observer_);
    tally_.add(report);
    outputs_.write_early(report);
  }
  write_what_is_next();
}

void Reporter::judge(std::size_t index, const std::vector<verdict::JudgedVisit>& visits) {
  if (index >= places_.size() || !places_[index]) return;
  const std::size_t place = *std::exchange(places_[index], std::nullopt);
  report::TargetReport report = report_target(plan_.targets[place], plan_, observer_, visits);
  observer_.release(index);
  tally_.add(report);
  outputs_.write_early(report);
  if (!outputs_.has_order()) return;
  waiting_.emplace(place, std::move(report));
  write_what_is_next();
}

void Reporter::judge_rest() {
  for (std::size_t index = 0; index < places_.size(); ++index) judge(index);
}

void Reporter::write_what_is_next() {
  if (!outputs_.has_order()) return;
  for (; next_ < plan_.targets.size(); ++next_) {
    const report::PlannedTarget& target = plan_.targets[next_];
    if (!target.index) {
      outputs_.write_in_order(report_target(target, plan_, observer_));
      continue;
    }
    const auto waiting = waiting_.find(next_);
    if (waiting == waiting_.end()) return;
    outputs_.write_in_order(waiting->second);
    waiting_.erase(waiting);
  }
}

}  // namespace smtpath::app
