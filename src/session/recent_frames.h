#pragma once

// Tells a frame that a capture shows twice (mirrored ports, several interfaces, a router between them) from a packet
// that was sent twice. The same frame again: the same sequence and acknowledgment numbers, flags, length, window,
// timestamps and IP ID as one of the last eight of its direction, whatever its TTL. Within 500 ms where the sender
// numbers its packets (IPv4 with an ID that is not 0), since a repetition has an ID of its own; within 5 ms where it
// does not, since no sender repeats that soon.

#include <array>
#include <cstddef>
#include <cstdint>

#include "session/segment.h"

namespace smtpath::session {

class RecentFrames {
 public:
  /// True: seen before. Else it is remembered.
  bool is_repeated(const Segment& segment);

 private:
  static constexpr std::size_t kKept = 8;

  struct Mark {
    std::uint32_t print = 0;
    /// In units of 1/16 ms, wrapping; tells within three days.
    std::uint32_t at = 0;
  };
  std::array<Mark, kKept> marks_{};
  std::uint8_t next_ = 0;
};

}  // namespace smtpath::session
