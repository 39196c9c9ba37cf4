#pragma once

// Bounds how many probes of one port may arrive at the host: so many in any second, so many in a run.

#include <array>
#include <cstddef>
#include <optional>

#include "smtpath/base/time.h"

namespace smtpath::probing {

class Politeness {
 public:
  static constexpr std::size_t kMostASecond = 8;
  static constexpr std::size_t kMostInAll = 24;

  bool is_exhausted() const { return sent_ >= kMostInAll; }

  /// The earliest time, not before `now`, at which one more may be sent.
  Time next_turn(Time now) const {
    if (sent_ < kMostASecond) return now;
    const Time free_again = times_.at(sent_ % kMostASecond) + std::chrono::seconds(1);
    return free_again > now ? free_again : now;
  }

  void note_sent(Time now) { times_.at(sent_++ % kMostASecond) = now; }

 private:
  std::array<Time, kMostASecond> times_{};
  std::size_t sent_ = 0;
};

}  // namespace smtpath::probing
