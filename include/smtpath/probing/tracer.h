#pragma once

// Asks: which probe next, how long to wait, when enough is known of one target. A state machine without sockets and
// clocks: whoever drives it says what time it is, sends what poll_transmit() yields, and shows it what the observer
// made of the frames. Call poll_transmit() until it yields nothing after every other call, then wait for the next frame
// or next_timeout(), whichever comes first.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"

namespace smtpath::probing {

struct TracerOptions {
  Ttl first_ttl{1};
  Ttl max_ttl{30};
  /// Probes of each TTL in a sweep along the path.
  int tries = 1;
  /// Further source ports that are tried before a port counts as silent.
  int flows = 5;
  /// How long to wait for a reply; absent: as long as the round trips seen suggest.
  std::optional<Duration> wait;
};

class Tracer {
 public:
  /// Of the target at `target` in the plan.
  Tracer(const path::Plan& plan, std::size_t target, const TracerOptions& options, Time start);
  Tracer(Tracer&&) noexcept;
  Tracer& operator=(Tracer&&) noexcept;
  ~Tracer();

  /// After a frame that told something of this target.
  void handle_packet(Time now, const path::PathTrace& known);

  /// At next_timeout() or later.
  void handle_timeout(Time now, const path::PathTrace& known);

  /// The next IP packet to send now, if there is one; the view lives until the next call. A packet that is yielded
  /// counts as sent.
  std::optional<std::span<const std::byte>> poll_transmit(Time now);

  /// When handle_timeout() or poll_transmit() has something to do next; nothing once finished.
  std::optional<Time> next_timeout() const;

  bool finished() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::probing
