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
  situation.answers.insert(answer->elicit);
  const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer->reply->ttl))};
  const Ttl reach = answer->is_pinned ? answer->elicit : std::min(guess, answer->elicit);
  situation.reach = std::max(situation.reach.value_or(reach), reach);
}

bool is_rationed_at(Ttl ttl, const path::PortPath& path) {
  const auto flows = path.flows();
  return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      return probe.ttl == ttl && probe.replies.empty() && path::has_left(probe);
    });
  });
}

/// No echo was answered, but somebody said why: where that begins, as the errors quote it (RFC 792).
void note_rejected_echoes(Situation& situation) {
  for (const path::Probe& probe : situation.known.echo.probes) {
    for (const path::Reply& reply : probe.replies) {
      if (reply.kind != path::ReplyKind::Unreachable) continue;
      const int passed = probe.ttl - reply.icmp->quoted_ttl;
      situation.rejections.insert(Ttl{1} + std::clamp(passed, 0, probe.ttl.hops - 1));
    }
  }
}

/// Waited for in vain, on flows without an answer that might be its own.
int silent_at(const Situation& situation, const path::PortPath& path, Ttl ttl) {
  int silent = 0;
  for (const path::FlowTrace* flow : path.flows()) {
    if (!flow->unattributed.empty()) continue;
    silent += static_cast<int>(std::count_if(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      return probe.ttl == ttl && probe.replies.empty() && probe.sent + situation.patience <= situation.now;
    }));
  }
  return silent;
}

/// The TTL right below the answer does not draw it: a router answered there, or silence was waited for often enough.
bool is_short_below(const Situation& situation, const path::PortPath& path, const path::Answer& answer) {
  const Ttl below = answer.elicit - 1;
  if (below == Ttl{0} || path.router_at(below)) return true;
  const bool is_answered_elsewhere = !situation.answers.empty() && *situation.answers.begin() <= below;
  return !is_answered_elsewhere && silent_at(situation, path, below) >= path::kSilentTries;
}

void note_short_of_host(Situation& situation, const path::PortPath& path) {
  const auto answer = path.answer();
  if (!answer || answer->reply->from != situation.known.target) return;
  if (!is_short_below(situation, path, *answer)) return;
  situation.short_of_host = std::max(situation.short_of_host, answer->elicit - 1);
}

}  // namespace

/// Another port may be led elsewhere, and farther than the host is: an echo says more, this port's own answers most.
Ttl may_reach_from(const Situation& situation, const path::PortPath& path) {
  Ttl short_of_host = situation.short_of_host;
  if (situation.echoed_from) short_of_host = std::min(short_of_host, *situation.echoed_from - 1);
  if (const auto farthest = path.farthest_router()) short_of_host = std::max(short_of_host, farthest->ttl);
  if (const auto answer = path.answer()) {
    if (is_short_below(situation, path, *answer)) short_of_host = std::max(short_of_host, answer->elicit - 1);
    short_of_host = std::min(short_of_host, answer->elicit - 1);
  }
  return short_of_host + 1;
}

Situation assess(const path::PathTrace& known, const path::TargetPlan& target, Time now, std::optional<Duration> wait) {
  Situation situation{.now = now, .known = known};
  take_in(situation, path::PortPath::of_echo(known));
  for (const path::PortPlan& port : target.ports) take_in(situation, path::PortPath(known, port.port));
  if (const auto distance = path::distance_of(known, target.ports)) situation.reach = distance->ttl;
  if (situation.reach) situation.reach = std::max(*situation.reach, situation.farthest_router + 1);
  note_rejected_echoes(situation);
  situation.patience = wait.value_or(patience_of(situation));

  situation.is_farthest_rationed = std::any_of(target.ports.begin(), target.ports.end(), [&](const auto& port) {
    return is_rationed_at(std::max(situation.farthest_router, Ttl{1}), path::PortPath(known, port.port));
  });
  situation.short_of_host = situation.farthest_router;
  const path::PortPath echo = path::PortPath::of_echo(known);
  if (const auto echoed = echo.answer()) situation.echoed_from = echoed->elicit;
  note_short_of_host(situation, echo);
  for (const path::PortPlan& port : target.ports) note_short_of_host(situation, path::PortPath(known, port.port));
  return situation;
}

}  // namespace smtpath::probing
