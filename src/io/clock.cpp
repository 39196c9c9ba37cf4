#include "smtpath/io/clock.h"

#include <ctime>

namespace smtpath::io {

namespace {

Duration read_clock(clockid_t clock) {
  timespec reading{};
  clock_gettime(clock, &reading);
  return std::chrono::seconds(reading.tv_sec) + std::chrono::nanoseconds(reading.tv_nsec);
}

}  // namespace

Time now() {
  return Time{read_clock(CLOCK_REALTIME)};
}

Clock::Clock() : offset_(read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC)) {}

Time Clock::now() const {
  return Time{read_clock(CLOCK_MONOTONIC) + offset_};
}

void Clock::observe(Time capture_time) {
  // Shifting keeps it advancing; holding at capture_time would stop every timer until monotonic time caught up.
  if (const Duration behind = capture_time - now(); behind > Duration::zero()) offset_ += behind;
}

}  // namespace smtpath::io
