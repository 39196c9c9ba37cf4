#include "probing/situation.h"

#include <algorithm>

#include "smtpath/path/back.h"
#include "smtpath/path/distance.h"
#include "smtpath/path/port_path.h"

namespace smtpath::probing {

namespace {

using namespace std::chrono_literals;

constexpr Duration kPatienceWithoutHost = 1s;
constexpr Duration kLeastPatience = 150ms;
constexpr Duration kMostPatience = 3s;
constexpr Duration kMargin = 100ms;

Duration patience_of(const Situation& situation) {
  if (!situation.has_host_answered || !situation.round_trip) return kPatienceWithoutHost;
  return std::clamp(3 * *situation.round_trip + kMargin, kLeastPatience, kMostPatience);
}

/// Hops short of where these probes are known to come that did not answer every one of them.
void note_unreliable(Situation& situation, const path::PortPath& path, Ttl known_to_reach) {
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (probe.replies.empty() && probe.ttl <= known_to_reach) situation.unreliable.insert(probe.ttl);
    }
  }
}

/// Takes what one port or the echo shows into the situation. The nearest guess of a distance counts as too short where
/// another answer came from farther away.
void take_in(Situation& situation, const path::PortPath& path) {
  for (const path::SeenHop& router : path.routers()) {
    situation.farthest_router = std::max(situation.farthest_router, router.ttl);
    situation.answering.insert(router.ttl);
  }
  if (const auto longest = path.longest_round_trip()) {
    situation.round_trip = std::max(situation.round_trip.value_or(*longest), *longest);
  }
  const auto answer = path.answer();
  const auto farthest = path.farthest_router();
  const Ttl known_to_reach = answer ? answer->elicit - 1 : (farthest ? farthest->ttl : Ttl{0});
  note_unreliable(situation, path, known_to_reach);
  if (!answer || answer->is_of_this_host()) return;
  if (answer->reply->kind == path::ReplyKind::Unreachable) situation.rejections.insert(answer->elicit);
  if (answer->reply->from != situation.known.target) return;
  situation.has_host_answered = true;
  const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer->reply->ttl))};
  const Ttl reach = answer->is_pinned ? answer->elicit : std::min(guess, answer->elicit);
  situation.reach = std::max(situation.reach.value_or(reach), reach);
}

}  // namespace

Situation assess(const path::PathTrace& known, const path::TargetPlan& target, Time now, std::optional<Duration> wait) {
  Situation situation{.now = now, .known = known};
  take_in(situation, path::PortPath::of_echo(known));
  for (const path::PortPlan& port : target.ports) take_in(situation, path::PortPath(known, port.port));
  if (const auto distance = path::distance_of(known, target.ports)) situation.reach = distance->ttl;
  if (situation.reach) situation.reach = std::max(*situation.reach, situation.farthest_router + 1);
  situation.patience = wait.value_or(patience_of(situation));
  return situation;
}

}  // namespace smtpath::probing
