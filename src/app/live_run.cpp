#include "app/live_run.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

/// How long the loop rests at most; progress is shown and losses of the capture are noticed as often.
constexpr Duration kMostIdle = 100ms;
/// Tracers at work at a time; they and the traces that they look at are most of a run's memory.
constexpr std::size_t kMostAtWork = 1024;
/// Reports that may wait for one before them.
constexpr std::size_t kMostWaiting = 2048;
/// Sent in one go; then frames are read.
constexpr int kMostInARow = 64;

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

LiveRun::LiveRun(const report::RunPlan& plan, const probing::TracerOptions& options, int rate, LiveParts parts)
    : plan_(plan), options_(options), parts_(parts), interfaces_(plan), pacer_(rate) {
  figures_.targets = plan.plan.targets.size();
}

void LiveRun::run() {
  last_look_ = {.time = parts_.clock.now(), .statistics = parts_.capture.statistics()};
  note_statistics(last_look_);
  while (!is_finished() && !failure_ && !parts_.interrupt.arrived()) {
    send_what_is_due();
    wait();
    if (parts_.evidence != nullptr && mail_.size() > 0) parts_.evidence->hold();
    read_frames();
    look_at_capture();
    note_unseen();
    judge_finished();
    show_progress();
  }
  was_interrupted_ = !is_finished() && !failure_;
  finish();
}

void LiveRun::show_progress() {
  const Time now = parts_.clock.now();
  if (!parts_.progress.is_due(now)) return;
  std::string line = fmt::format("tracing: {} of {} done, {} probes, {} replies", figures_.finished, figures_.targets,
                                 figures_.probes, figures_.replies);
  if (mail_.size() > 0) line += fmt::format(", {} at their mail", mail_.size());
  parts_.progress.show(now, line);
}

void LiveRun::send_what_is_due() {
  has_more_to_send_ = true;
  for (int sent = 0; sent < kMostInARow; ++sent) {
    const Time now = parts_.clock.now();
    if (!pacer_.is_ready(now)) return;
    auto outgoing = tracers_.poll_transmit(now);
    while (!outgoing && begin_next(now)) outgoing = tracers_.poll_transmit(now);
    if (!outgoing) {
      has_more_to_send_ = false;
      return;
    }
    send(now, *outgoing);
  }
}

bool LiveRun::begin_next(Time now) {
  const bool has_room = tracers_.size() + mail_.size() < kMostAtWork && parts_.reporter.waiting() < kMostWaiting;
  if (!has_room || next_target_ == figures_.targets) return false;
  tracers_.add(next_target_, probing::Tracer(plan_.plan, next_target_, options_, now));
  ++next_target_;
  return true;
}

/// What the kernel refuses goes the way of all frames.
void LiveRun::send(Time now, const TracerPool::Outgoing& outgoing) {
  pacer_.note_sent(now);
  ++figures_.probes;
  const auto& [target, packet] = outgoing;
  const auto error = parts_.sender.send(packet, interfaces_.of(target, packet));
  if (!error) {
    departures_.note_sent(now, packet);
    return;
  }
  handle_frame({.time = now,
                .link = LinkType::Raw,
                .bytes = packet,
                .original_length = static_cast<std::uint32_t>(packet.size()),
                .refused = error});
}

void LiveRun::wait() {
  const Time now = parts_.clock.now();
  Time until = now + kMostIdle;
  if (has_more_to_send_) until = std::min(until, pacer_.next());
  until = std::min(until, tracers_.next().value_or(until));
  until = std::min(until, mail_.next().value_or(until));
  std::vector<pollfd> files{pollfd{.fd = parts_.capture.descriptor(), .events = POLLIN, .revents = 0},
                            pollfd{.fd = parts_.interrupt.descriptor(), .events = POLLIN, .revents = 0}};
  mail_.add_files(files);
  const timespec timeout = to_timespec(std::max(until - now, Duration{}));
  ppoll(files.data(), files.size(), &timeout, nullptr);
}

void LiveRun::read_frames() {
  const auto read = parts_.capture.read([this](const Frame& frame) {
    parts_.clock.observe(frame.time);
    handle_frame(frame);
  });
  if (!read) failure_ = read.error();
}

/// Only a change is news; it happened since the last look. What a broken capture misses nobody counts: one at least.
void LiveRun::look_at_capture() {
  Look look{.time = parts_.clock.now(), .statistics = parts_.capture.statistics()};
  if (failure_) ++look.statistics.dropped;
  if (look.statistics.dropped != last_look_.statistics.dropped) {
    note_statistics(last_look_);
    note_statistics(look);
  }
  last_look_ = look;
}

void LiveRun::note_statistics(const Look& look, std::string_view comment) {
  parts_.observer.note_statistics(look.time, look.statistics);
  if (parts_.evidence != nullptr) parts_.evidence->write(look.time, look.statistics, comment);
}

void LiveRun::note_unseen() {
  const Time now = parts_.clock.now();
  departures_.collect(now, parts_.observer, [this](const Frame& frame) { handle_frame(frame); });
}

void LiveRun::handle_frame(const Frame& frame) {
  if (parts_.evidence != nullptr) parts_.evidence->write(frame);
  mail_packets_.handle_frame(frame);
  const auto target = parts_.observer.handle_frame(frame);
  if (target) tracers_.note_news(*target);
  figures_.replies = parts_.observer.counters().frames - parts_.observer.counters().strays;
}

void LiveRun::judge_finished() {
  for (const std::size_t target : tracers_.advance(parts_.clock.now(), parts_.observer)) visit_or_judge(target);
  begin_visits();
  const std::vector<std::size_t> visited = mail_.advance(parts_.clock);
  if (parts_.evidence != nullptr) parts_.evidence->release();
  for (const std::size_t target : visited) judge(target);
}

void LiveRun::visit_or_judge(std::size_t target) {
  std::vector<VisitPlan> visits;
  if (parts_.mail != nullptr) visits = parts_.mail->visits_of(target, parts_.observer.trace(target));
  if (visits.empty()) {
    judge(target);
  } else {
    mail_.add(target, std::move(visits));
  }
}

/// A replay begins to look at their packets at the same place.
void LiveRun::begin_visits() {
  while (const auto target = mail_.begin_next(parts_.clock.now())) {
    note_statistics(last_look_, visited(*target));
    mail_packets_.begin(*target, plan_.plan);
  }
}

/// A replay judges and forgets each target at the same place.
void LiveRun::judge(std::size_t target) {
  ++figures_.finished;
  std::vector<verdict::MailFacts> visits = mail_.take(target);
  note_statistics(last_look_, judged(target, visits));
  parts_.progress.clear();
  const auto connections = mail_packets_.finish(target, last_look_.time);
  parts_.reporter.judge(target, verdict::judge_visits(std::move(visits), connections));
}

void LiveRun::finish() {
  parts_.progress.clear();
  if (!failure_) read_frames();
  look_at_capture();
  for (const std::size_t target : mail_.interrupt(parts_.clock.now())) judge(target);
  end_ = last_look_.time;
  parts_.observer.finish(end_, last_look_.statistics);
  if (parts_.evidence != nullptr) parts_.evidence->write(end_, last_look_.statistics);
  parts_.reporter.judge_rest();
}

}  // namespace smtpath::app
