#include "io/capture_format.h"

#include <algorithm>
#include <limits>

namespace smtpath::io {

namespace {

/// Wide enough for 64-bit times in nanoseconds.
__extension__ using Wide = __int128;

constexpr Wide kSecond = 1'000'000'000;
constexpr Wide kLatest = Wide{1} << 62;
/// 10^28 still fits times 2^64 / 10^9; finer units make 0 of any 64-bit number.
constexpr int kFinestDecimal = 28;

Wide power_of_ten(int exponent) {
  Wide power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace

LinkType to_link_type(std::uint32_t number) {
  // Some systems wrote their own DLT_RAW instead of the registry's number.
  constexpr std::uint32_t kRawLinux = 12;
  constexpr std::uint32_t kRawOpenBsd = 14;
  if (number == kRawLinux || number == kRawOpenBsd) return LinkType::Raw;
  return static_cast<LinkType>(std::min<std::uint32_t>(number, std::numeric_limits<std::uint16_t>::max()));
}

Time to_time(std::uint64_t units, std::uint8_t resolution, std::int64_t offset) {
  const int exponent = resolution & 0x7f;
  const bool is_binary = (resolution & 0x80) != 0;
  Wide nanoseconds = Wide{units} * kSecond;
  if (is_binary) {
    nanoseconds >>= exponent;
  } else {
    nanoseconds = exponent > kFinestDecimal ? 0 : nanoseconds / power_of_ten(exponent);
  }
  nanoseconds += Wide{offset} * kSecond;
  return Time{Duration{static_cast<Duration::rep>(std::clamp<Wide>(nanoseconds, 0, kLatest))}};
}

}  // namespace smtpath::io
