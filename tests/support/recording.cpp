#include "support/recording.h"

#include <algorithm>

namespace smtpath::test {

std::vector<RecordedPacket> Recording::packets() const {
  std::vector<RecordedPacket> sorted = packets_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const RecordedPacket& a, const RecordedPacket& b) { return a.at < b.at; });
  return sorted;
}

}  // namespace smtpath::test
