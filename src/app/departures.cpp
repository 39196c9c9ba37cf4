#include "app/departures.h"

#include <utility>

namespace smtpath::app {

namespace {

/// What leaves at once is seen at once; what waits for its next hop's address comes later, and is told again then.
constexpr Duration kTimeToLeave = std::chrono::milliseconds(200);

}  // namespace

void Departures::note_sent(Time now, std::span<const std::byte> packet) {
  departures_.push_back({.sent = now, .packet = {packet.begin(), packet.end()}});
}

std::optional<Time> Departures::next() const {
  return departures_.empty() ? std::nullopt : std::optional(departures_.front().sent + kTimeToLeave);
}

void Departures::collect(Time now, const path::Observer& observer, const std::function<void(const Frame&)>& on_unseen) {
  while (!departures_.empty() && departures_.front().sent + kTimeToLeave <= now) {
    const Departure departure = std::move(departures_.front());
    departures_.pop_front();
    if (observer.has_seen(departure.packet) || observer.capture_loss().between(departure.sent, now) > 0) continue;
    on_unseen(Frame{.time = now,
                    .link = LinkType::Raw,
                    .bytes = departure.packet,
                    .original_length = static_cast<std::uint32_t>(departure.packet.size()),
                    .refused = std::nullopt,
                    .is_unseen = true});
  }
}

}  // namespace smtpath::app
