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
  if (names_ == nullptr) return hand_on(place, std::move(report));
  names_->want(report);
  unnamed_.push_back(
      {.place = place, .report = std::move(report), .until = std::chrono::steady_clock::now() + HopNames::kPatience});
  advance_names();
}

void Reporter::hand_on(std::size_t place, report::TargetReport report) {
  tally_.add(report);
  outputs_.write_early(report);
  if (!outputs_.has_order()) return;
  waiting_.emplace(place, std::move(report));
  write_what_is_next();
}

void Reporter::advance_names() {
  if (names_ == nullptr || unnamed_.empty()) return;
  names_->advance(Duration{});
  const auto now = std::chrono::steady_clock::now();
  while (!unnamed_.empty() && (names_->has_all(unnamed_.front().report) || now >= unnamed_.front().until)) {
    Unnamed next = std::move(unnamed_.front());
    unnamed_.pop_front();
    names_->add_to(next.report);
    hand_on(next.place, std::move(next.report));
  }
}

void Reporter::finish_names(bool waits) {
  constexpr auto kPiece = std::chrono::milliseconds(50);
  if (names_ == nullptr) return;
  if (!waits) {
    for (Unnamed& each : unnamed_) each.until = std::chrono::steady_clock::now();
  }
  for (advance_names(); !unnamed_.empty(); advance_names()) names_->advance(kPiece);
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
