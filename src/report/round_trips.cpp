#include "report/round_trips.h"

#include <algorithm>
#include <bit>

namespace smtpath::report {

namespace {

constexpr std::size_t kMostKept = 64;
/// Each doubling has 16 steps; what lies within one counts as its middle.
constexpr unsigned kStepBits = 4;
constexpr std::uint64_t kSteps = 1U << kStepBits;
constexpr std::size_t kDoublings = 64 - kStepBits;

/// Below 16 ns every nanosecond is a step of its own.
std::size_t step_of(std::uint64_t nanoseconds) {
  if (nanoseconds < kSteps) return nanoseconds;
  const auto shift = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1 - kStepBits;
  return (shift + 1) * kSteps + ((nanoseconds >> shift) - kSteps);
}

Duration middle_of(std::size_t step) {
  if (step < kSteps) return Duration(step);
  const std::size_t shift = step / kSteps - 1;
  const std::uint64_t begin = (kSteps + step % kSteps) << shift;
  return Duration(begin + ((std::uint64_t{1} << shift) >> 1U));
}

std::uint64_t nanoseconds_of(Duration duration) {
  return static_cast<std::uint64_t>(std::max(duration, Duration::zero()).count());
}

}  // namespace

void RoundTrips::add(Duration duration) {
  ++count_;
  if (counts_.empty()) {
    few_.push_back(duration);
    if (few_.size() <= kMostKept) return;
    counts_.resize((kDoublings + 1) * kSteps);
    for (const Duration each : few_) ++counts_.at(step_of(nanoseconds_of(each)));
    few_ = {};
    return;
  }
  ++counts_.at(step_of(nanoseconds_of(duration)));
}

std::optional<Duration> RoundTrips::median() const {
  if (count_ == 0) return std::nullopt;
  if (!counts_.empty()) return median_of_counts();
  std::vector<Duration> sorted = few_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[(sorted.size() - 1) / 2];
}

std::optional<Duration> RoundTrips::median_of_counts() const {
  std::uint64_t passed = 0;
  for (std::size_t step = 0; step < counts_.size(); ++step) {
    passed += counts_[step];
    if (passed > (count_ - 1) / 2) return middle_of(step);
  }
  return std::nullopt;
}

}  // namespace smtpath::report
