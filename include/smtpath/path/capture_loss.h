#pragma once

// When the capture itself lost packets, as far as its counters tell. Silence during such a time proves nothing.

#include <cstdint>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"

namespace smtpath::path {

/// So many packets were lost between two looks at the counters.
struct LossInterval {
  Time after;
  Time until;
  std::uint64_t packets = 0;
  friend bool operator==(const LossInterval&, const LossInterval&) = default;
};

class CaptureLoss {
 public:
  /// More intervals are merged with the last.
  static constexpr std::size_t kMostIntervals = 1024;

  /// What the counters said at `now`; a time before that of an earlier look counts as that. Counters that fall count as
  /// started anew.
  void note(Time now, const CaptureStatistics& statistics);

  /// In time order.
  const std::vector<LossInterval>& intervals() const { return intervals_; }
  /// Packets that were lost, or may have been, between the two times, both included.
  std::uint64_t between(Time from, Time until) const;

 private:
  std::vector<LossInterval> intervals_;
  Time last_look_;
  std::uint64_t dropped_ = 0;
};

}  // namespace smtpath::path
