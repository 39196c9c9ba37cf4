#include "probing/situation.h"

#include <algorithm>
#include <cassert>

#include "smtpath/path/attempts.h"
#include "smtpath/path/back.h"
#include "smtpath/path/circle.h"

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
  // What never left was answered by this host itself.
  if (const auto longest = path.longest_round_trip(); longest && !path.is_unseen()) {
    situation.round_trip = std::max(situation.round_trip.value_or(*longest), *longest);
  }
  const auto& answer = path.answer();
  const auto farthest = path.farthest_router();
  const Ttl known_to_reach = answer ? answer->elicit - 1 : (farthest ? farthest->ttl : Ttl{0});
  note_unreliable(situation, path, known_to_reach);
  if (!answer || answer->is_of_this_host()) return;
  if (answer->reply->kind == path::ReplyKind::Unreachable) situation.rejections.insert(answer->elicit);
  if (answer->reply->from != situation.target) return;
  situation.has_host_answered = true;
  situation.answers.insert(answer->elicit);
  const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer->reply->ttl))};
  const Ttl reach = answer->is_pinned ? answer->elicit : std::min(guess, answer->elicit);
  situation.reach = std::max(situation.reach.value_or(reach), reach);
}

/// Probes that had to draw an answer, and those that did not.
struct Answered {
  int due = 0;
  int missing = 0;
};

/// Echoes that reach the host, and all that die short of where these probes are known to come, at a hop that answers.
void count_answered(Answered& answered, const Situation& situation, const path::PortPath& path) {
  const auto& answer = path.answer();
  const auto farthest = path.farthest_router();
  const Ttl known_to_reach = answer ? answer->elicit - 1 : (farthest ? farthest->ttl : Ttl{0});
  const bool is_echo = &path == &situation.echo;
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      const bool dies_at_router = probe.ttl <= known_to_reach && situation.answering.contains(probe.ttl);
      const bool is_echoed = is_echo && answer && probe.ttl >= answer->elicit;
      const bool is_due = (dies_at_router || is_echoed) && probe.sent + situation.patience <= situation.now;
      if (!is_due) continue;
      ++answered.due;
      if (probe.replies.empty()) ++answered.missing;
    }
  }
}

bool is_lossy(const Situation& situation) {
  constexpr int kLeastMissing = 2;
  constexpr int kLeastShare = 16;  // one in so many
  Answered answered;
  count_answered(answered, situation, situation.echo);
  for (const path::PortPath& path : situation.ports) count_answered(answered, situation, path);
  return answered.missing >= kLeastMissing && answered.missing * kLeastShare >= answered.due;
}

/// Some probe that died there, or has to, was left unanswered.
bool is_rationed_at(Ttl ttl, const path::PortPath& path) {
  const auto flows = path.flows();
  return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      return probe.ttl == ttl && probe.replies.empty() && path::has_left(probe);
    });
  });
}

/// No echo was answered, but somebody said why.
void note_rejected_echoes(Situation& situation) {
  for (const path::FlowTrace* flow : situation.echo.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        const bool is_rejected = reply.kind == path::ReplyKind::Unreachable && !reply.is_on_loopback;
        if (!is_rejected) continue;
        situation.is_echo_rejected = true;
        situation.rejections.insert(path::died_at(probe, reply));
      }
    }
  }
}

bool is_rejected(const path::PortPath& path) {
  const auto& answer = path.answer();
  return answer && answer->reply->kind == path::ReplyKind::Unreachable;
}

std::optional<Ttl> end_of_circle(const Situation& situation) {
  std::vector<path::SeenHop> routers;
  const auto take = [&](const path::PortPath& path) {
    if (!path.answer()) routers.insert(routers.end(), path.routers().begin(), path.routers().end());
  };
  take(situation.echo);
  std::for_each(situation.ports.begin(), situation.ports.end(), take);
  std::stable_sort(routers.begin(), routers.end(),
                   [](const path::SeenHop& a, const path::SeenHop& b) { return a.ttl < b.ttl; });
  const auto circle = path::find_circle(routers);
  return circle ? std::optional(circle->again.ttl) : std::nullopt;
}

void note_out_of_reach(Situation& situation) {
  const bool is_answered = std::any_of(situation.ports.begin(), situation.ports.end(),
                                       [](const path::PortPath& path) { return path.answer() && !is_rejected(path); });
  if (situation.has_host_answered || is_answered) return;
  situation.circle_end = end_of_circle(situation);
  const bool is_port_rejected = std::any_of(situation.ports.begin(), situation.ports.end(), is_rejected);
  situation.is_host_out_of_reach = situation.circle_end.has_value() || (situation.is_echo_rejected && is_port_rejected);
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

/// Some SYN that goes as far as the answer begins drew nothing: silence short of it may be the same.
bool is_answered_now_and_then(const Situation& situation, const path::PortPath& path, const path::Answer& answer) {
  const auto attempts = path::attempts_of(path, answer.elicit);
  return std::any_of(attempts.begin(), attempts.end(), [&](const path::Attempt& attempt) {
    return attempt.reply == nullptr && attempt.probe->sent + situation.patience <= situation.now;
  });
}

/// The TTL right below the answer does not draw it: a router answered there, or silence was waited for often enough.
bool is_short_below(const Situation& situation, const path::PortPath& path, const path::Answer& answer) {
  const Ttl below = answer.elicit - 1;
  if (below == Ttl{0} || path.router_at(below)) return true;
  const auto nearest_answer = situation.answers.next_after(Ttl{0});
  const bool is_answered_elsewhere = nearest_answer && *nearest_answer <= below;
  return !is_answered_elsewhere && silent_at(situation, path, below) >= path::kSilentTries &&
         !is_answered_now_and_then(situation, path, answer);
}

/// The farthest TTL that these probes themselves show to fall short of where they go.
Ttl shown_short(const Situation& situation, const path::PortPath& path) {
  const auto farthest = path.farthest_router();
  const Ttl by_router = farthest ? farthest->ttl : Ttl{0};
  const auto answer = path.answer_of_target();
  return answer && is_short_below(situation, path, *answer) ? std::max(by_router, answer->elicit - 1) : by_router;
}

/// One port may be led elsewhere, and farther than the host is: two have to agree. Echoes go to the host itself.
Ttl short_of_host(const Situation& situation) {
  Ttl most{};
  Ttl second{};
  for (const path::PortPath& path : situation.ports) {
    const Ttl shown = shown_short(situation, path);
    second = std::max(second, std::min(most, shown));
    most = std::max(most, shown);
  }
  return std::max(second, shown_short(situation, situation.echo));
}

}  // namespace

const path::PortPath& Situation::path_of(Port port) const {
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const path::PortPath& path) { return path.port() == port; });
  assert(found != ports.end());
  return *found;
}

bool Situation::is_router(const IpAddress& address) const {
  const auto meets = [&](const path::PortPath& path) {
    return std::any_of(path.routers().begin(), path.routers().end(),
                       [&](const path::SeenHop& hop) { return hop.address == address; });
  };
  return address == target || meets(echo) || std::any_of(ports.begin(), ports.end(), meets);
}

bool Situation::is_split_at(Ttl ttl) const {
  return std::any_of(splits.begin(), splits.end(), [&](const path::SplitHop& hop) { return hop.ttl == ttl; });
}

std::optional<Ttl> Situation::next_answering_beyond(const path::PortPath& path) const {
  const auto farthest = path.farthest_router();
  return answering.next_after(farthest ? farthest->ttl : Ttl{0});
}

std::optional<Ttl> Situation::rejection_near(Ttl last) const {
  const auto rejection = rejections.next_after(last);
  if (!rejection || answering.count_between(last, *rejection) > 1) return std::nullopt;
  return rejection;
}

/// An echo of the host says more than other ports, this port's own answers most.
Ttl may_reach_from(const Situation& situation, const path::PortPath& path) {
  Ttl short_of_host = situation.short_of_host;
  if (const auto& echoed = situation.echo.answer()) short_of_host = std::min(short_of_host, echoed->elicit - 1);
  short_of_host = std::max(short_of_host, shown_short(situation, path));
  if (const auto& answer = path.answer()) short_of_host = std::min(short_of_host, answer->elicit - 1);
  return short_of_host + 1;
}

Situation assess(const path::PathTrace& known, const path::TargetPlan& target, Time now, std::optional<Duration> wait) {
  Situation situation{.now = now, .target = known.target, .echo = path::PortPath::of_echo(known)};
  situation.ports.reserve(target.ports.size());
  for (const path::PortPlan& port : target.ports) situation.ports.emplace_back(known, port.port);

  take_in(situation, situation.echo);
  for (const path::PortPath& path : situation.ports) take_in(situation, path);
  situation.splits = path::split_hops(known);
  note_rejected_echoes(situation);
  note_out_of_reach(situation);
  situation.distance = path::distance_of(situation.ports, situation.echo);
  if (situation.distance) situation.reach = situation.distance->ttl;
  if (situation.reach) situation.reach = std::max(*situation.reach, situation.farthest_router + 1);
  situation.patience = wait.value_or(patience_of(situation));

  situation.is_lossy = is_lossy(situation);
  const auto does_none_leave = [](const path::PortPath& path) { return path.flows().empty() || path.is_unseen(); };
  situation.does_nothing_leave =
      situation.echo.is_unseen() && std::all_of(situation.ports.begin(), situation.ports.end(), does_none_leave);
  const Ttl last = std::max(situation.farthest_router, Ttl{1});
  situation.is_farthest_rationed = std::any_of(situation.ports.begin(), situation.ports.end(),
                                               [&](const path::PortPath& path) { return is_rationed_at(last, path); });
  situation.short_of_host = short_of_host(situation);
  return situation;
}

}  // namespace smtpath::probing
