#pragma once

// What passes a place in the network: IP packets with their times, put there by connections and traces in any order and
// read in the order of time. How they are framed and written to a file is said later, so that one story can be told in
// many formats.

#include <cstddef>
#include <span>
#include <vector>

#include "smtpath/base/time.h"
#include "support/packets.h"

namespace smtpath::test {

struct RecordedPacket {
  Time at;
  /// One whole IP packet, or a frame once it was framed.
  Bytes bytes;
  /// It leaves the host that captures.
  bool is_outgoing = false;
};

class Recording {
 public:
  void add(RecordedPacket packet) { packets_.push_back(std::move(packet)); }

  /// By time; those of one time in the order in which they were added.
  std::vector<RecordedPacket> packets() const;

 private:
  std::vector<RecordedPacket> packets_;
};

}  // namespace smtpath::test
