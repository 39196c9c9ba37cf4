#pragma once

// The tracers at work: whose turn it is to send, who has something new to look at, whose time has come. A call costs as
// much as the tracers that it concerns, however many there are. A machine like the tracers themselves: it neither sends
// nor waits.

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/path/observer.h"
#include "smtpath/probing/tracer.h"

namespace smtpath::app {

class TracerPool {
 public:
  /// `target` is the tracer's in the plan.
  void add(std::size_t target, probing::Tracer tracer);

  /// Tracers that have not finished.
  std::size_t size() const { return workers_.size(); }

  struct Outgoing {
    std::size_t target = 0;
    /// Until the next call.
    std::span<const std::byte> packet;
  };
  /// The next packet to send now, of each tracer in turn; absent: none has any.
  std::optional<Outgoing> poll_transmit(Time now);

  /// The observer learnt something of the target. One without a tracer here is passed over.
  void note_news(std::size_t target);

  /// Shows news to the tracers that they concern, and wakes those whose time has come. Returns the targets that are
  /// done; their tracers are gone.
  std::vector<std::size_t> advance(Time now, const path::Observer& observer);

  /// When advance() has something to do next; a time in the past if it has now. Absent: never.
  std::optional<Time> next() const;

 private:
  struct Worker {
    probing::Tracer tracer;
    std::optional<Time> alarm = std::nullopt;
    bool has_turn = false;
    bool has_news = false;
  };

  void give_turn(std::size_t target, Worker& worker);
  /// A finished tracer has none.
  void set_alarm(std::size_t target, Worker& worker);
  std::vector<std::size_t> due(Time now) const;

  std::unordered_map<std::size_t, Worker> workers_;
  std::deque<std::size_t> turns_;
  std::vector<std::size_t> news_;
  std::set<std::pair<Time, std::size_t>> alarms_;
};

}  // namespace smtpath::app
