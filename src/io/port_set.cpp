#include "io/port_set.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::uint16_t kLastPort = std::numeric_limits<std::uint16_t>::max();

using facts::PortRange;

/// Sorted, and those that overlap or touch made one.
std::vector<PortRange> joined(std::vector<PortRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const PortRange& one, const PortRange& other) { return one.first < other.first; });
  std::vector<PortRange> apart;
  for (const PortRange& range : ranges) {
    if (!apart.empty() && range.first.number <= apart.back().last.number + 1) {
      apart.back().last = std::max(apart.back().last, range.last);
    } else {
      apart.push_back(range);
    }
  }
  return apart;
}

}  // namespace

PortSet::PortSet(std::uint16_t first, std::uint16_t last) : PortSet({PortRange{Port{first}, Port{last}}}) {}

PortSet::PortSet(std::vector<PortRange> ranges) {
  std::erase_if(ranges, [](const PortRange& range) { return range.last < range.first; });
  ranges = joined(std::move(ranges));
  const bool is_whole = ranges.size() == 1 && ranges[0].first.number == 0 && ranges[0].last.number == kLastPort;
  if (!is_whole) ranges_ = std::move(ranges);
}

PortSet operator&(const PortSet& one, const PortSet& other) {
  if (one.is_all()) return other;
  if (other.is_all()) return one;
  std::vector<PortRange> common;
  auto left = one.ranges_->begin();
  auto right = other.ranges_->begin();
  while (left != one.ranges_->end() && right != other.ranges_->end()) {
    const PortRange both{std::max(left->first, right->first), std::min(left->last, right->last)};
    if (both.first <= both.last) common.push_back(both);
    (left->last < right->last ? left : right)++;
  }
  return common.size() > PortSet::kMostRanges ? one : PortSet(std::move(common));
}

PortSet operator|(const PortSet& one, const PortSet& other) {
  if (one.is_all() || other.is_all()) return {};
  std::vector<PortRange> either = *one.ranges_;
  either.insert(either.end(), other.ranges_->begin(), other.ranges_->end());
  either = joined(std::move(either));
  return either.size() > PortSet::kMostRanges ? PortSet() : PortSet(std::move(either));
}

PortSet operator~(const PortSet& set) {
  if (set.is_all()) return PortSet(std::vector<PortRange>{});
  std::vector<PortRange> gaps;
  int next = 0;
  for (const PortRange& range : *set.ranges_) {
    if (range.first.number > next) {
      gaps.push_back(
          {Port{static_cast<std::uint16_t>(next)}, Port{static_cast<std::uint16_t>(range.first.number - 1)}});
    }
    next = range.last.number + 1;
  }
  if (next <= kLastPort) gaps.push_back({Port{static_cast<std::uint16_t>(next)}, Port{kLastPort}});
  return PortSet(std::move(gaps));
}

}  // namespace smtpath::io
