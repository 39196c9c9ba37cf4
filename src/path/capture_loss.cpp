#include "smtpath/path/capture_loss.h"

#include <algorithm>

namespace smtpath::path {

void CaptureLoss::note(Time now, const CaptureStatistics& statistics) {
  now = std::max(now, last_look_);
  const std::uint64_t lost = statistics.dropped < dropped_ ? statistics.dropped : statistics.dropped - dropped_;
  if (lost > 0) {
    const bool continues = !intervals_.empty() && intervals_.back().until == last_look_;
    if (continues || intervals_.size() == kMostIntervals) {
      intervals_.back().until = now;
      intervals_.back().packets += lost;
    } else {
      intervals_.push_back({.after = last_look_, .until = now, .packets = lost});
    }
  }
  dropped_ = statistics.dropped;
  last_look_ = now;
}

std::uint64_t CaptureLoss::between(Time from, Time until) const {
  std::uint64_t packets = 0;
  for (const LossInterval& interval : intervals_) {
    if (interval.until >= from && interval.after <= until) packets += interval.packets;
  }
  return packets;
}

}  // namespace smtpath::path
