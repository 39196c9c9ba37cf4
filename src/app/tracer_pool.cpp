#include "app/tracer_pool.h"

namespace smtpath::app {

void TracerPool::add(std::size_t target, probing::Tracer tracer) {
  Worker& worker = workers_.emplace(target, Worker{.tracer = std::move(tracer)}).first->second;
  give_turn(target, worker);
  set_alarm(target, worker);
}

std::optional<TracerPool::Outgoing> TracerPool::poll_transmit(Time now) {
  while (!turns_.empty()) {
    const std::size_t target = turns_.front();
    turns_.pop_front();
    const auto found = workers_.find(target);
    if (found == workers_.end()) continue;
    Worker& worker = found->second;
    worker.has_turn = false;
    const auto packet = worker.tracer.poll_transmit(now);
    set_alarm(target, worker);
    if (!packet) continue;
    give_turn(target, worker);
    return Outgoing{.target = target, .packet = *packet};
  }
  return std::nullopt;
}

void TracerPool::note_news(std::size_t target) {
  const auto found = workers_.find(target);
  if (found == workers_.end() || found->second.has_news) return;
  found->second.has_news = true;
  news_.push_back(target);
}

std::vector<std::size_t> TracerPool::advance(Time now, const path::Observer& observer) {
  std::vector<std::size_t> finished;
  const auto go_on = [&](std::size_t target) {
    Worker& worker = workers_.at(target);
    set_alarm(target, worker);
    if (worker.tracer.finished()) {
      workers_.erase(target);
      finished.push_back(target);
    } else {
      give_turn(target, worker);
    }
  };
  for (const std::size_t target : std::exchange(news_, {})) {
    Worker& worker = workers_.at(target);
    worker.has_news = false;
    worker.tracer.handle_packet(now, observer.trace(target));
    go_on(target);
  }
  for (const std::size_t target : due(now)) {
    workers_.at(target).tracer.handle_timeout(now, observer.trace(target));
    go_on(target);
  }
  return finished;
}

std::optional<Time> TracerPool::next() const {
  if (!news_.empty()) return Time{};
  return alarms_.empty() ? std::nullopt : std::optional(alarms_.begin()->first);
}

void TracerPool::give_turn(std::size_t target, Worker& worker) {
  if (worker.has_turn) return;
  worker.has_turn = true;
  turns_.push_back(target);
}

void TracerPool::set_alarm(std::size_t target, Worker& worker) {
  const auto alarm = worker.tracer.next_timeout();
  if (alarm == worker.alarm) return;
  if (worker.alarm) alarms_.erase({*worker.alarm, target});
  if (alarm) alarms_.insert({*alarm, target});
  worker.alarm = alarm;
}

std::vector<std::size_t> TracerPool::due(Time now) const {
  std::vector<std::size_t> targets;
  for (const auto& [alarm, target] : alarms_) {
    if (alarm > now) break;
    targets.push_back(target);
  }
  return targets;
}

}  // namespace smtpath::app
