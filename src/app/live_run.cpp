#include "app/live_run.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace smtpath::app {

namespace {

using namespace std::chrono_literals;

/// Frames that are on their way up from the kernel when the last tracer is done.
constexpr Duration kMostIdle = 100ms;

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

LiveRun::LiveRun(const report::RunPlan& plan, const probing::TracerOptions& options, int rate, LiveParts parts)
    : parts_(parts), interfaces_(plan), is_reported_(plan.plan.targets.size()), pacer_(rate) {
  const Time start = parts_.clock.now();
  for (std::size_t i = 0; i < plan.plan.targets.size(); ++i) tracers_.emplace_back(plan.plan, i, options, start);
  figures_.targets = tracers_.size();
}

Result<Done> LiveRun::run() {
  last_look_ = {.time = parts_.clock.now(), .statistics = parts_.capture.statistics()};
  note_statistics(last_look_);
  while (!is_finished() && !parts_.interrupt.arrived()) {
    send_what_is_due();
    wait();
    if (auto read = read_frames(); !read) return read;
    look_at_statistics();
    note_unseen();
    handle_timeouts();
    parts_.progress.show(parts_.clock.now(), figures_);
  }
  was_interrupted_ = !is_finished();
  if (auto read = read_frames(); !read) return read;
  finish();
  parts_.reporter.judge_rest();
  return Done{};
}

void LiveRun::send_what_is_due() {
  is_held_back_ = false;
  while (true) {
    const Time now = parts_.clock.now();
    if (!pacer_.is_ready(now)) {
      is_held_back_ = true;
      return;
    }
    if (!send_one(now)) return;
  }
}

/// From the tracer whose turn it is, or the next that has anything to send.
bool LiveRun::send_one(Time now) {
  for (std::size_t tried = 0; tried < tracers_.size(); ++tried) {
    const std::size_t target = next_tracer_;
    next_tracer_ = (next_tracer_ + 1) % tracers_.size();
    const auto packet = tracers_[target].poll_transmit(now);
    if (!packet) continue;
    pacer_.note_sent(now);
    ++figures_.probes;
    if (const auto error = parts_.sender.send(*packet, interfaces_.of(target, *packet))) {
      note_refusal(now, target, *packet, *error);
    } else {
      departures_.note_sent(now, *packet);
    }
    return true;
  }
  return false;
}

void LiveRun::note_refusal(Time now, std::size_t target, std::span<const std::byte> packet, int error) {
  const Frame frame{.time = now,
                    .link = LinkType::Raw,
                    .bytes = packet,
                    .original_length = static_cast<std::uint32_t>(packet.size()),
                    .refused = error};
  handle_frame(frame);
  tracers_[target].handle_packet(now, parts_.observer.trace(target));
}

void LiveRun::note_unseen() {
  const Time now = parts_.clock.now();
  departures_.collect(now, parts_.observer, [this](const Frame& frame) { handle_frame(frame); });
}

/// Only a change is news; it happened since the last look.
void LiveRun::look_at_statistics() {
  const Look look{.time = parts_.clock.now(), .statistics = parts_.capture.statistics()};
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

/// A replay judges and forgets it at the same place.
void LiveRun::judge(std::size_t target) {
  note_statistics(last_look_, judged(target));
  parts_.progress.clear();
  parts_.reporter.judge(target);
}

void LiveRun::wait() {
  const Time now = parts_.clock.now();
  Time until = now + kMostIdle;
  if (is_held_back_) until = std::min(until, pacer_.next());
  for (const probing::Tracer& tracer : tracers_) until = std::min(until, tracer.next_timeout().value_or(until));
  std::array<pollfd, 2> files{pollfd{.fd = parts_.capture.descriptor(), .events = POLLIN, .revents = 0},
                              pollfd{.fd = parts_.interrupt.descriptor(), .events = POLLIN, .revents = 0}};
  const timespec timeout = to_timespec(std::max(until - now, Duration{}));
  ppoll(files.data(), files.size(), &timeout, nullptr);
}

Result<Done> LiveRun::read_frames() {
  const auto read = parts_.capture.read([this](const Frame& frame) {
    parts_.clock.observe(frame.time);
    handle_frame(frame);
  });
  if (!read) return read.error();
  return Done{};
}

void LiveRun::handle_frame(const Frame& frame) {
  if (parts_.evidence != nullptr) parts_.evidence->write(frame);
  const auto target = parts_.observer.handle_frame(frame);
  if (!target || tracers_[*target].finished()) return;
  if (!frame.refused) tracers_[*target].handle_packet(parts_.clock.now(), parts_.observer.trace(*target));
  figures_.replies = parts_.observer.counters().frames - parts_.observer.counters().strays;
}

void LiveRun::handle_timeouts() {
  const Time now = parts_.clock.now();
  for (std::size_t i = 0; i < tracers_.size(); ++i) {
    probing::Tracer& tracer = tracers_[i];
    if (const auto timeout = tracer.next_timeout(); timeout && *timeout <= now) {
      tracer.handle_timeout(now, parts_.observer.trace(i));
    }
    if (!tracer.finished() || is_reported_[i]) continue;
    is_reported_[i] = true;
    ++finished_;
    figures_.finished = finished_;
    judge(i);
  }
}

void LiveRun::finish() {
  parts_.progress.clear();
  look_at_statistics();
  end_ = last_look_.time;
  parts_.observer.finish(end_, last_look_.statistics);
  if (parts_.evidence != nullptr) parts_.evidence->write(end_, last_look_.statistics);
}

}  // namespace smtpath::app
