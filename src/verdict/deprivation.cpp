#include "verdict/deprivation.h"

#include <algorithm>
#include <map>
#include <optional>

#include "verdict/place_of.h"

namespace smtpath::verdict {

namespace {

/// What fared so at one moment fares so for this long.
constexpr Duration kMoment = std::chrono::milliseconds(450);

/// Of the probes that expire at a hop, in times of silence.
struct Expiries {
  int answered = 0;
  int missed = 0;
};

/// The last try before it drew nothing.
bool is_deprived(const path::Probe& probe, const Fares& fares) {
  const path::Attempt* last = nullptr;
  for (const path::Attempt& attempt : fares.attempts) {
    if (attempt.probe->sent <= probe.sent) last = &attempt;
  }
  return last != nullptr && last->reply == nullptr && probe.sent - last->probe->sent <= kMoment;
}

std::map<Ttl, Expiries> expiries_of(const Case& evidence, const Fares& fares) {
  std::map<Ttl, Expiries> expiries;
  const Ttl reach = reach_of(evidence);
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (probe.ttl >= reach || !path::has_left(probe) || !is_deprived(probe, fares)) continue;
      const bool is_answered = std::any_of(probe.replies.begin(), probe.replies.end(), [](const path::Reply& reply) {
        return reply.kind == path::ReplyKind::TimeExceeded;
      });
      // Who answers nobody shows nothing.
      if (!is_answered && !router_at(evidence, probe.ttl)) continue;
      ++(is_answered ? expiries[probe.ttl].answered : expiries[probe.ttl].missed);
    }
  }
  return expiries;
}

/// How badly it fits that probes come as far as `last` and no farther.
int misfits(const std::map<Ttl, Expiries>& expiries, Ttl last) {
  // Routers ration their errors; seldom does one more probe come through.
  constexpr int kWeightOfAnswers = 3;
  int sum = 0;
  for (const auto& [ttl, expiry] : expiries) sum += ttl <= last ? expiry.missed : kWeightOfAnswers * expiry.answered;
  return sum;
}

}  // namespace

Location where_deprived(const Case& evidence, const Fares& fares) {
  const auto expiries = expiries_of(evidence, fares);
  std::optional<int> least;
  Ttl nearest{};
  Ttl farthest{};
  const auto consider = [&](Ttl last) {
    const int misfit = misfits(expiries, last);
    if (least && misfit > *least) return;
    if (!least || misfit < *least) nearest = last;
    least = misfit;
    // Up to the next hop that was asked for in such a time.
    const auto next = expiries.upper_bound(last);
    farthest = (next == expiries.end() ? reach_of(evidence) : next->first) - 1;
  };
  consider(Ttl{0});
  for (const auto& [ttl, expiry] : expiries) consider(ttl);
  const bool is_any_answered =
      std::any_of(expiries.begin(), expiries.end(), [](const auto& each) { return each.second.answered > 0; });
  if (!is_any_answered) farthest = reach_of(evidence) - 1;  // silence of all routers tells of none

  Location location;
  location.last_reached = {.ttl = nearest, .address = {}};
  if (nearest > Ttl{0}) location.last_reached.address = router_at(evidence, nearest);
  location.first_missed = next_beyond(evidence, farthest);
  const auto own_next = std::find_if(evidence.path.routers().begin(), evidence.path.routers().end(),
                                     [&](const path::SeenHop& hop) { return hop.ttl > farthest; });
  if (own_next != evidence.path.routers().end() &&
      (!location.first_missed || own_next->ttl < location.first_missed->ttl)) {
    location.first_missed = HopReference{.ttl = own_next->ttl, .address = own_next->address};
  }
  location.place = place_of_silence(evidence, location);
  return location;
}

}  // namespace smtpath::verdict
