#pragma once

// The median of many durations in bounded memory: exact for a few, off by no more than 1/32 (3.2 %) for many.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "smtpath/base/time.h"

namespace smtpath::report {

class RoundTrips {
 public:
  void add(Duration duration);

  /// Of an even number, the lower one of the two in the middle; none of none.
  std::optional<Duration> median() const;

 private:
  std::optional<Duration> median_of_counts() const;

  std::uint64_t count_ = 0;
  /// While they are few; then `counts_`, by logarithmic steps.
  std::vector<Duration> few_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace smtpath::report
