#include "support/syn_arrivals.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace smtpath::test {

std::size_t count_syns(std::span<const SynArrival> arrivals, Port port) {
  return static_cast<std::size_t>(
      std::count_if(arrivals.begin(), arrivals.end(), [&](const SynArrival& arrival) { return arrival.port == port; }));
}

std::size_t peak_syns_a_second(std::span<const SynArrival> arrivals, Port port) {
  std::vector<Time> times;
  for (const SynArrival& arrival : arrivals) {
    if (arrival.port == port) times.push_back(arrival.at);
  }
  std::size_t peak = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= std::chrono::seconds(1)) ++first;
    peak = std::max(peak, last - first + 1);
  }
  return peak;
}

}  // namespace smtpath::test
