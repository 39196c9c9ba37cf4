#pragma once

// Tells a frame that a capture shows twice (mirrored ports, several interfaces, a router between them) from a packet
// that was sent twice. The same frame again: the same sequence and acknowledgment numbers, flags, length, window,
// timestamps and IP ID as one of the last eight of its direction, whatever its TTL. Where the sender numbers its
// packets (IPv4 with an ID that is not 0), within 500 ms: a repetition has an ID of its own. Where it does not, within
// 5 ms: no sender repeats a SYN, FIN or payload that soon. SYN-ACKs, bare acknowledgments and resets without a number
// do come in pairs, and are taken for repeated frames only in connections that have shown others.

#include <array>
#include <cstddef>
#include <cstdint>

#include "session/segment.h"

namespace smtpath::session {

/// Of one connection.
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
  struct Direction {
    std::array<Mark, kKept> marks{};
    std::uint8_t next = 0;
  };
  Both<Direction> directions_;
  bool has_repeated_ = false;
};

}  // namespace smtpath::session
