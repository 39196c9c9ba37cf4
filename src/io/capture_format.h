#pragma once

// What the readers of the capture formats share.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "io/byte_source.h"
#include "smtpath/base/frame.h"
#include "smtpath/io/capture_file.h"

namespace smtpath::io {

/// What one step through a file yields: what comes next, or the end of it.
using Step = std::variant<Frame, FileStatistics, Ending>;

/// The source ends after a packet or block.
Ending whole(const ByteSource& source);

/// The source ends `present` bytes into a packet or block.
Ending cut_short(const ByteSource& source, std::size_t present);

/// What the source shows next cannot be; `what` says why, for example "a packet of 2147483647 bytes".
Ending damaged(const ByteSource& source, std::string what);

/// The registry number of a link type as a file or libpcap has it; one too large for the registry stays unknown.
LinkType to_link_type(std::uint32_t number);

/// The largest frame that libpcap writes of any network interface. Of a larger one (buses can have them) the reader
/// keeps that much.
inline constexpr std::uint32_t kMaxFrame = 262'144;

/// What a packet of this link type can hold at most, by libpcap's book.
std::uint32_t largest_packet(LinkType link);

inline constexpr std::uint8_t kMicroseconds = 6;
inline constexpr std::uint8_t kNanoseconds = 9;

/// A clock of a file: units of a `resolution` as in if_tsresol (a negative power of 10, with the top bit set one of 2)
/// that begin `offset` seconds after 1970.
class FileClock {
 public:
  explicit FileClock(std::uint8_t resolution, std::int64_t offset = 0);

  std::uint8_t resolution() const { return resolution_; }

  /// Clamped to 0 .. 2^62 ns after 1970 (the year 2116), so that no difference between two times overflows.
  Time time(std::uint64_t units) const {
    if (units >= quick_limit_) return slow_time(units);
    return Time{Duration{static_cast<Duration::rep>(units * nanoseconds_)}};
  }

 private:
  Time slow_time(std::uint64_t units) const;

  std::uint8_t resolution_;
  std::int64_t offset_;
  /// Of a unit; for the common clocks, whose units are a whole number of them.
  std::uint64_t nanoseconds_ = 0;
  /// Below it, the multiplication is all there is to do.
  std::uint64_t quick_limit_ = 0;
};

/// "microseconds", "10^-4 seconds", "2^-20 seconds".
std::string name_of_resolution(std::uint8_t resolution);

}  // namespace smtpath::io
