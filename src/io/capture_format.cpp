#include "io/capture_format.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace smtpath::io {

namespace {

/// Wide enough for 64-bit times in nanoseconds.
__extension__ using Wide = __int128;

constexpr Wide kSecond = 1'000'000'000;
constexpr Wide kLatest = Wide{1} << 62;
/// 10^28 still fits times 2^64 / 10^9; finer units make 0 of any 64-bit number.
constexpr int kFinestDecimal = 28;
/// The top bit of a resolution; the rest is the exponent.
constexpr std::uint8_t kBinary = 0x80;

Wide power_of_ten(int exponent) {
  Wide power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace

Ending whole(const ByteSource& source) {
  return {.kind = EndingKind::Whole, .offset = source.offset(), .compressed_offset = {}, .text = {}};
}

Ending cut_short(const ByteSource& source, std::size_t present) {
  return {.kind = EndingKind::CutShort, .offset = source.offset() + present, .compressed_offset = {}, .text = {}};
}

Ending damaged(const ByteSource& source, std::string what) {
  return {.kind = EndingKind::Damaged, .offset = source.offset(), .compressed_offset = {}, .text = std::move(what)};
}

LinkType to_link_type(std::uint32_t number) {
  // Some systems wrote their own DLT_RAW instead of the registry's number.
  constexpr std::uint32_t kRawLinux = 12;
  constexpr std::uint32_t kRawOpenBsd = 14;
  if (number == kRawLinux || number == kRawOpenBsd) return LinkType::Raw;
  return static_cast<LinkType>(std::min<std::uint32_t>(number, std::numeric_limits<std::uint16_t>::max()));
}

std::uint32_t largest_packet(LinkType link) {
  constexpr auto kDbus = static_cast<LinkType>(231);
  constexpr auto kUsbPcap = static_cast<LinkType>(249);
  constexpr auto kEbhscr = static_cast<LinkType>(279);
  constexpr std::uint32_t kMebibyte = std::uint32_t{1} << 20;
  if (link == kDbus || link == kUsbPcap) return 128 * kMebibyte;
  if (link == kEbhscr) return 8 * kMebibyte;
  return kMaxFrame;
}

FileClock::FileClock(std::uint8_t resolution, std::int64_t offset) : resolution_(resolution), offset_(offset) {
  if (offset != 0 || resolution > kNanoseconds) return;
  const Wide nanoseconds = power_of_ten(kNanoseconds - resolution);
  nanoseconds_ = static_cast<std::uint64_t>(nanoseconds);
  quick_limit_ = static_cast<std::uint64_t>(kLatest / nanoseconds);
}

Time FileClock::slow_time(std::uint64_t units) const {
  const int exponent = resolution_ & ~kBinary;
  const bool is_binary = (resolution_ & kBinary) != 0;
  Wide nanoseconds = Wide{units} * kSecond;
  if (is_binary) {
    nanoseconds >>= exponent;
  } else {
    nanoseconds = exponent > kFinestDecimal ? 0 : nanoseconds / power_of_ten(exponent);
  }
  nanoseconds += Wide{offset_} * kSecond;
  return Time{Duration{static_cast<Duration::rep>(std::clamp<Wide>(nanoseconds, 0, kLatest))}};
}

std::string name_of_resolution(std::uint8_t resolution) {
  constexpr std::uint8_t kMilliseconds = 3;
  if (resolution == 0) return "seconds";
  if (resolution == kMilliseconds) return "milliseconds";
  if (resolution == kMicroseconds) return "microseconds";
  if (resolution == kNanoseconds) return "nanoseconds";
  const bool is_binary = (resolution & kBinary) != 0;
  return (is_binary ? "2^-" : "10^-") + std::to_string(resolution & ~kBinary) + " seconds";
}

}  // namespace smtpath::io
