#pragma once

// What the readers of both capture formats share.

#include <cstddef>
#include <cstdint>
#include <variant>

#include "smtpath/base/frame.h"
#include "smtpath/io/capture_file.h"

namespace smtpath::io {

/// What one step through a file yields: what comes next, or the end of it.
using Step = std::variant<Frame, FileStatistics, Ending>;

/// The registry number of a link type as a file or libpcap has it; one too large for the registry stays unknown.
LinkType to_link_type(std::uint32_t number);

/// Capture times are clamped to 0 .. 2^62 ns after 1970 (the year 2116), so that no difference between two overflows.
/// `units` of a `resolution` as in if_tsresol (a negative power of 10, with the top bit set one of 2), `offset`
/// seconds.
Time to_time(std::uint64_t units, std::uint8_t resolution, std::int64_t offset);

inline constexpr std::uint8_t kMicroseconds = 6;
inline constexpr std::uint8_t kNanoseconds = 9;

}  // namespace smtpath::io
