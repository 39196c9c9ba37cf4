#pragma once

// What time it is: the one place that asks. Everything else is told.

#include "smtpath/base/time.h"

namespace smtpath::io {

/// The real-time clock, which may be set at any moment.
Time now();

/// Capture time for a running trace: starts at the real-time clock, advances with the monotonic one, and is never
/// behind a packet that it was shown. When somebody sets the clock forward it follows; set back, it runs on.
class Clock {
 public:
  Clock();

  /// Never less than an earlier answer.
  Time now() const;

  /// Call it with the time of each captured packet.
  void observe(Time capture_time);

 private:
  /// From monotonic time to capture time.
  Duration offset_;
};

}  // namespace smtpath::io
