#include "app/mail_stage.h"

#include <algorithm>
#include <utility>

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

/// Targets visited at a time: each has a file for every port.
constexpr std::size_t kMostAtWork = 64;
/// What the capture still holds of a connection that was closed.
constexpr Duration kAfterglow = 30ms;

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

void MailStage::add(std::size_t index, std::vector<VisitPlan> plans) {
  waiting_.push_back({index, std::move(plans)});
}

std::optional<std::size_t> MailStage::begin_next(Time now) {
  if (waiting_.empty() || at_work_.size() >= kMostAtWork) return std::nullopt;
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  AtWork& work = at_work_[next.index];
  for (VisitPlan& plan : next.plans) work.visits.emplace_back(std::move(plan), now);
  return next.index;
}

void MailStage::add_files(std::vector<pollfd>& files) const {
  for (const auto& [index, work] : at_work_) {
    for (const MailVisit& visit : work.visits) {
      if (visit.descriptor() < 0) continue;
      const int events = POLLIN | (visit.wants_to_write() ? POLLOUT : 0);
      files.push_back({.fd = visit.descriptor(), .events = static_cast<short>(events), .revents = 0});
    }
  }
}

std::optional<Time> MailStage::next() const {
  std::optional<Time> next;
  for (const auto& [index, work] : at_work_) {
    if (work.done) next = earlier(next, *work.done + kAfterglow);
    for (const MailVisit& visit : work.visits) next = earlier(next, visit.next_timeout());
  }
  return next;
}

std::vector<std::size_t> MailStage::advance(const io::Clock& clock) {
  std::vector<std::size_t> done;
  for (auto& [index, work] : at_work_) {
    for (MailVisit& visit : work.visits) visit.advance(clock.now());
    const Time now = clock.now();
    const bool is_done =
        std::all_of(work.visits.begin(), work.visits.end(), [](auto& visit) { return visit.is_done(); });
    if (is_done && !work.done) work.done = now;
    if (!work.done || now < *work.done + kAfterglow) continue;
    for (const MailVisit& visit : work.visits) done_[index].push_back(visit.facts());
    done.push_back(index);
  }
  for (const std::size_t index : done) at_work_.erase(index);
  return done;
}

std::vector<std::size_t> MailStage::interrupt(Time now) {
  std::vector<std::size_t> done;
  for (auto& [index, work] : at_work_) {
    for (MailVisit& visit : work.visits) {
      visit.interrupt(now);
      done_[index].push_back(visit.facts());
    }
    done.push_back(index);
  }
  for (const Waiting& waiting : waiting_) done.push_back(waiting.index);
  at_work_.clear();
  waiting_.clear();
  return done;
}

std::vector<verdict::MailFacts> MailStage::take(std::size_t index) {
  const auto found = done_.find(index);
  if (found == done_.end()) return {};
  std::vector<verdict::MailFacts> facts = std::move(found->second);
  done_.erase(found);
  return facts;
}

}  // namespace smtpath::app
