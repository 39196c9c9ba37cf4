#pragma once

// What a side has sent and the other has not acknowledged yet: the oldest segment, and all later ones as one. A
// repetition counts for the segment that it begins with.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "session/segment.h"

namespace smtpath::session {

class Flight {
 public:
  /// Payload or a FIN, new or again.
  void handle_sent(const Segment& segment);
  /// The other side has everything before `acknowledgment`.
  void handle_acknowledged(std::uint32_t acknowledgment);

  std::optional<Outstanding> oldest() const;
  /// Payload of the largest segment acknowledged so far, and of the largest still in flight.
  std::uint32_t largest_acknowledged() const { return largest_acknowledged_; }
  std::uint32_t largest_in_flight() const;

 private:
  static constexpr std::size_t kKept = 2;

  struct Sent {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    /// Payload of the first segment, and of the largest.
    std::uint32_t size = 0;
    std::uint32_t largest = 0;
    std::uint32_t times = 0;
    Time first;
    Time last;
  };
  void forget_oldest();

  std::array<Sent, kKept> sent_{};
  std::uint8_t count_ = 0;
  std::uint32_t largest_acknowledged_ = 0;
};

}  // namespace smtpath::session
