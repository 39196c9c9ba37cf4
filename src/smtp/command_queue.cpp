#include "smtp/command_queue.h"

#include <algorithm>

namespace smtpath::smtp {

void CommandQueue::push(Due due, std::uint32_t count) {
  if (count == 0) return;
  if (!runs_.empty() && runs_.back().due == due) {
    runs_.back().count += count;
  } else if (runs_.size() < kMostRuns) {
    runs_.push_back({.due = due, .count = count});
  } else {
    runs_.back().due = {};
    runs_.back().count += count;
  }
}

void CommandQueue::pop() {
  if (older_ > 0) --older_;
  if (--runs_.front().count == 0) runs_.erase(runs_.begin());
}

bool CommandQueue::contains(Due due) const {
  return std::any_of(runs_.begin(), runs_.end(), [due](const Run& run) { return run.due == due; });
}

std::optional<Due> CommandQueue::second() const {
  if (runs_.empty()) return {};
  if (runs_.front().count > 1) return runs_.front().due;
  if (runs_.size() == 1) return {};
  return runs_[1].due;
}

void CommandQueue::pop_until(Due due) {
  while (!runs_.empty() && runs_.front().due != due) pop();
}

void CommandQueue::drop_older_groups() {
  while (older_ > 0 && !runs_.empty()) pop();
}

std::uint32_t CommandQueue::size() const {
  std::uint32_t sum = 0;
  for (const Run& run : runs_) sum += run.count;
  return sum;
}

}  // namespace smtpath::smtp
