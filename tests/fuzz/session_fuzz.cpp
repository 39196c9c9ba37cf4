// Any frames as a capture of connections: they end, everything in bounds. Each frame: milliseconds since the one before
// and length, of two bytes each, and an IP packet.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

#include "smtpath/session/observer.h"
#include "smtpath/wire/decoder.h"

namespace {

using namespace smtpath;

constexpr std::size_t kMostOpen = 4;
constexpr std::size_t kHeader = 4;

void demand(bool holds) {
  if (!holds) std::abort();
}

std::size_t number(std::span<const std::byte> bytes) {
  return std::to_integer<std::size_t>(bytes[0]) << 8U | std::to_integer<std::size_t>(bytes[1]);
}

/// Takes what has ended, and looks at what must hold of it.
std::size_t take_ended(session::Observer& observer) {
  std::size_t taken = 0;
  while (const auto session = observer.poll_ended()) {
    ++taken;
    demand(session->resets.size() <= 8 && session->icmp.size() <= 8 && session->syn_times.size() <= 8);
    demand(session->first <= session->last && session->last <= session->end);
    demand(session->syn_times.size() == session->syn_ttls.size());
    for (const session::Side side : {session::Side::Client, session::Side::Server}) {
      const session::Stream& stream = session->streams.of(side);
      demand(stream.retransmissions + stream.out_of_order <= stream.packets);
      demand(stream.lowest_ttl <= stream.highest_ttl);
    }
  }
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::byte> rest = std::as_bytes(std::span(data, size));
  wire::Decoder decoder;
  session::Observer observer({.most_open = kMostOpen});
  Time now{};
  while (rest.size() >= kHeader) {
    now += std::chrono::milliseconds(number(rest));
    const std::size_t length = std::min(number(rest.subspan(2)), rest.size() - kHeader);
    const std::span<const std::byte> bytes = rest.subspan(kHeader, length);
    rest = rest.subspan(kHeader + length);
    const wire::Decoded decoded = decoder.decode({.time = now,
                                                  .link = LinkType::Raw,
                                                  .bytes = bytes,
                                                  .original_length = static_cast<std::uint32_t>(length),
                                                  .refused = {}});
    if (const auto* const packet = std::get_if<wire::Packet>(&decoded)) observer.handle_packet(now, *packet);
    take_ended(observer);
  }
  observer.finish(now);
  demand(take_ended(observer) <= kMostOpen);
  demand(!observer.poll_ended());
  return 0;
}
