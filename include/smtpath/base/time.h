#pragma once

// Time in the core is capture time: nanoseconds of the real-time clock as packets carry it. The core never asks what
// time it is; whoever calls it says so.

#include <chrono>

namespace smtpath {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::sys_time<Duration>;

/// From one moment to a later one; zero where it is not later. Captures may hold any times: nothing overflows.
constexpr Duration between(Time from, Time to) {
  if (to <= from) return Duration::zero();
  const bool is_too_long = from < Time{} && to > Time::max() + from.time_since_epoch();
  return is_too_long ? Duration::max() : to - from;
}

/// For reports: a duration in milliseconds with its fraction.
constexpr double to_milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace smtpath
