#pragma once

// Holds probes to a rate: no second sees more of them than it allows. What a late wake-up missed is made up for by a
// short burst, a hundredth of a second's worth at most.

#include "smtpath/base/time.h"

namespace smtpath::app {

class Pacer {
 public:
  explicit Pacer(int per_second)
      : spacing_(spacing_for(per_second - burst_for(per_second))), burst_(burst_for(per_second) * spacing_) {}

  bool is_ready(Time now) const { return now >= next(); }
  Time next() const { return due_ - burst_; }
  void note_sent(Time now) { due_ = (due_ > now ? due_ : now) + spacing_; }

 private:
  static constexpr int kBurstsASecond = 100;

  static constexpr int burst_for(int per_second) { return per_second / kBurstsASecond; }
  /// Rounded up, so that no more than that many fit into a second.
  static constexpr Duration spacing_for(int per_second) {
    return (Duration(std::chrono::seconds(1)) + Duration(per_second - 1)) / per_second;
  }

  Duration spacing_;
  /// How far probes may run ahead of their even spacing.
  Duration burst_;
  /// Of the next probe, in even spacing.
  Time due_{};
};

}  // namespace smtpath::app
