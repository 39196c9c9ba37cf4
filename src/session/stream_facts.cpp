#include "session/stream_facts.h"

#include <algorithm>

namespace smtpath::session {

namespace {

void note_identification(Stream& stream, const Segment& segment, bool is_first) {
  constexpr std::uint16_t kLittle = 1024;
  const std::uint16_t identification = segment.ip.identification;
  const auto rise = static_cast<std::uint16_t>(identification - stream.last_identification);
  stream.identification_rises = is_first || (stream.identification_rises && rise <= kLittle);
  stream.identification_is_zero = (is_first || stream.identification_is_zero) && identification == 0;
  stream.last_identification = identification;
}

void note_ttl(Stream& stream, Ttl ttl, bool is_first) {
  if (is_first) stream.first_ttl = stream.lowest_ttl = stream.highest_ttl = ttl;
  stream.last_ttl = ttl;
  stream.lowest_ttl = std::min(stream.lowest_ttl, ttl);
  stream.highest_ttl = std::max(stream.highest_ttl, ttl);
}

}  // namespace

void note_header(Stream& stream, const Segment& segment) {
  const bool is_first = !stream.is_seen;
  stream.is_seen = true;
  note_ttl(stream, segment.ip.ttl, is_first);
  note_identification(stream, segment, is_first);
  stream.dont_fragment = segment.ip.dont_fragment;
  stream.last_window = segment.tcp.window;
  if (segment.tcp.options.timestamps) stream.has_timestamps = true;
  if (segment.tcp.flags.syn) {
    if (segment.tcp.options.mss) stream.mss = segment.tcp.options.mss;
    return;
  }
  stream.is_window_closed = segment.tcp.window == 0;
  if (stream.is_window_closed) ++stream.zero_windows;
}

}  // namespace smtpath::session
