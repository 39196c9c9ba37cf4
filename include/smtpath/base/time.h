#pragma once

// Time in the core is capture time: nanoseconds of the real-time clock as packets carry it. The core never asks what
// time it is; whoever calls it says so.

#include <chrono>

namespace smtpath {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::sys_time<Duration>;

/// For reports: a duration in milliseconds with its fraction.
constexpr double to_milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace smtpath
