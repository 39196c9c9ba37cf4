#include "session/recent_frames.h"

#include <chrono>

namespace smtpath::session {

namespace {

using Tick = std::chrono::duration<std::int64_t, std::ratio<1, 16'000>>;
using namespace std::chrono_literals;

constexpr auto kWindowOfNumbered = static_cast<std::uint32_t>(std::chrono::duration_cast<Tick>(500ms).count());
constexpr auto kWindowOfUnnumbered = static_cast<std::uint32_t>(std::chrono::duration_cast<Tick>(5ms).count());

std::uint64_t mixed(std::uint64_t print, std::uint64_t more) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
  const std::uint64_t product = (print ^ more) * kOdd;
  return product ^ (product >> 29U);
}

std::uint32_t print_of(const Segment& segment) {
  const wire::TcpSegment& tcp = segment.tcp;
  const std::uint64_t flags = (tcp.flags.fin ? 1U : 0U) | (tcp.flags.syn ? 2U : 0U) | (tcp.flags.rst ? 4U : 0U) |
                              (tcp.flags.psh ? 8U : 0U) | (tcp.flags.ack ? 16U : 0U) | (tcp.flags.urg ? 32U : 0U);
  std::uint64_t print = mixed(0, std::uint64_t{tcp.sequence} << 32U | tcp.acknowledgment);
  print = mixed(print, std::uint64_t{segment.ip.identification} << 48U | std::uint64_t{tcp.window} << 32U | flags);
  print = mixed(print, tcp.payload_length);
  if (tcp.options.timestamps) {
    print = mixed(print, std::uint64_t{tcp.options.timestamps->value} << 32U | tcp.options.timestamps->echo);
  }
  // 0 is the mark of nothing.
  return static_cast<std::uint32_t>(print >> 32U) | 1U;
}

}  // namespace

bool RecentFrames::is_repeated(const Segment& segment) {
  const wire::TcpFlags& flags = segment.tcp.flags;
  const std::uint32_t print = print_of(segment);
  const auto at = static_cast<std::uint32_t>(std::chrono::duration_cast<Tick>(segment.at.time_since_epoch()).count());
  const bool is_numbered = segment.ip.source.is_ipv4() && segment.ip.identification != 0;
  const std::uint32_t window = is_numbered ? kWindowOfNumbered : kWindowOfUnnumbered;
  const bool is_once = segment.tcp.payload_length > 0 || flags.fin || (flags.syn && !flags.ack);
  Direction& direction = directions_.of(segment.from);
  for (const Mark& mark : direction.marks) {
    if (mark.print != print || at - mark.at > window) continue;
    if (!is_numbered && !has_repeated_ && (!is_once || flags.rst)) break;
    has_repeated_ = true;
    return true;
  }
  direction.marks[direction.next] = {print, at};
  direction.next = static_cast<std::uint8_t>((direction.next + 1U) % kKept);
  return false;
}

}  // namespace smtpath::session
