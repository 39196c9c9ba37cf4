#pragma once

// Spaces probes evenly, so that no second sees more of them than the rate allows.

#include "smtpath/base/time.h"

namespace smtpath::app {

class Pacer {
 public:
  explicit Pacer(int per_second) : spacing_(Duration(std::chrono::seconds(1)) / per_second) {}

  bool is_ready(Time now) const { return now >= next_; }
  Time next() const { return next_; }
  void note_sent(Time now) { next_ = now + spacing_; }

 private:
  Duration spacing_;
  Time next_;
};

}  // namespace smtpath::app
