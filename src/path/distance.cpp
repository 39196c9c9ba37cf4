#include "smtpath/path/distance.h"

#include <algorithm>
#include <map>
#include <set>

#include "smtpath/path/port_path.h"

namespace smtpath::path {

namespace {

constexpr std::size_t kPortsThatAgree = 2;

/// The least TTL at which the target itself said that a probe's time ended.
std::optional<Ttl> own_time_exceeded(std::span<const PortPath> ports) {
  std::optional<Ttl> least;
  for (const PortPath& path : ports) {
    const auto own = path.own_time_exceeded();
    if (own) least = std::min(least.value_or(*own), *own);
  }
  return least;
}

/// Some port's probes meet a router at this TTL or farther.
bool leads_beyond(std::span<const PortPath> ports, Ttl ttl) {
  return std::any_of(ports.begin(), ports.end(), [&](const PortPath& path) {
    const auto farthest = path.farthest_router();
    return farthest && farthest->ttl >= ttl;
  });
}

Duration round_trip(const Probe& probe, const Reply& reply) {
  return reply.at - probe.sent;
}

/// What the target says from one place comes about as late, whatever the way back does to its TTL.
bool is_as_late(Duration nearer, Duration farther) {
  return 2 * nearer >= farther;
}

/// The least TTL at which the target gave an answer or an error, and how late that came.
struct Beginning {
  Ttl ttl;
  Duration late;
};

/// By the TTL that those arrived with.
using Nearest = std::map<Ttl, Beginning>;

void take_in(Nearest& nearest, const Probe& probe, const Reply& reply, Ttl begun) {
  const Beginning beginning{.ttl = begun, .late = round_trip(probe, reply)};
  const auto at = nearest.emplace(reply.ttl, beginning).first;
  if (begun < at->second.ttl) at->second = beginning;
}

void take_in_own_errors(Nearest& nearest, const PortPath& path) {
  for (const FlowTrace* flow : path.flows()) {
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) {
        const bool is_own = reply.kind == ReplyKind::TimeExceeded && reply.from == path.target();
        if (is_own) take_in(nearest, probe, reply, probe.ttl);
      }
    }
  }
}

Nearest nearest_of(std::span<const PortPath> ports) {
  Nearest nearest;
  for (const PortPath& path : ports) {
    const auto answer = path.answer_of_target();
    if (path.own_time_exceeded()) {
      take_in_own_errors(nearest, path);
    } else if (answer && answer->is_pinned) {
      take_in(nearest, *answer->probe, *answer->reply, answer->elicit);
    }
  }
  return nearest;
}

/// Where the answers of a port begin. What arrives with the TTL of what the target said nearer, and as late, comes from
/// as near, if no port shows the path to go on there: the answers between were limited, or lost.
Ttl begins_at(const Answer& answer, const Nearest& nearest, std::span<const PortPath> ports) {
  const auto found = nearest.find(answer.reply->ttl);
  if (found == nearest.end() || found->second.ttl >= answer.elicit) return answer.elicit;
  if (!is_as_late(found->second.late, round_trip(*answer.probe, *answer.reply))) return answer.elicit;
  return leads_beyond(ports, found->second.ttl) ? answer.elicit : found->second.ttl;
}

/// A distance that several ports agree on is one only if no port shows the path to go on: a device on the way that
/// answers for two ports agrees with itself too.
std::optional<Distance> agreed(std::span<const PortPath> ports) {
  const Nearest nearest = nearest_of(ports);
  std::map<Ttl, std::vector<Port>> elicited;
  for (const PortPath& path : ports) {
    const auto answer = path.answer_of_target();
    const auto own = path.own_time_exceeded();
    if (own) {
      elicited[*own].push_back(path.port());
    } else if (answer && answer->is_pinned) {
      elicited[begins_at(*answer, nearest, ports)].push_back(path.port());
    }
  }
  if (elicited.empty()) return std::nullopt;
  const auto& [ttl, agreeing] = *elicited.rbegin();
  if (agreeing.size() < kPortsThatAgree || leads_beyond(ports, ttl)) return std::nullopt;
  return Distance{.ttl = ttl, .source = Distance::Source::Ports, .agreeing = agreeing};
}

/// The least TTL at which the answers of two ports or more begin that arrive as this one does; absent: there is none.
std::optional<Ttl> two_begin_at(std::span<const PortPath> ports, const Answer& echoed) {
  std::set<Ttl> begun;
  std::set<Ttl> agreed;
  const Duration late = round_trip(*echoed.probe, *echoed.reply);
  for (const PortPath& path : ports) {
    const auto answer = path.answer_of_target();
    if (!answer || !answer->is_pinned || answer->reply->ttl != echoed.reply->ttl || path.own_time_exceeded()) continue;
    if (!is_as_late(round_trip(*answer->probe, *answer->reply), late)) continue;
    if (!begun.insert(answer->elicit).second) agreed.insert(answer->elicit);
  }
  return agreed.empty() ? std::nullopt : std::optional(*agreed.begin());
}

/// Where echo replies begin, which may be limited or lost as other answers are: two ports whose answers arrive alike
/// tell better, if nobody shows the path to go on there.
std::optional<Ttl> echoed_at(std::span<const PortPath> ports, const PortPath& echo) {
  const auto& echoed = echo.answer();
  if (!echoed || !echoed->is_pinned) return std::nullopt;
  const auto nearer = two_begin_at(ports, *echoed);
  const auto router = echo.farthest_router();
  if (!nearer || *nearer >= echoed->elicit || (router && router->ttl >= *nearer)) return echoed->elicit;
  return leads_beyond(ports, *nearer) ? echoed->elicit : *nearer;
}

/// What the target does not pass on, it answers where it is. Where such answers begin; absent: the port is passed on,
/// or has none.
std::optional<Ttl> answered_at(const PortPath& path, const Nearest& nearest, std::span<const PortPath> ports) {
  const auto answer = path.answer_of_target();
  if (!answer || !answer->is_pinned || path.own_time_exceeded()) return std::nullopt;
  return begins_at(*answer, nearest, ports);
}

/// A time exceeded in the target's name is its own only if nobody shows the path to go on: whoever translates the
/// destination on the way translates the errors of all hops behind it too.
std::optional<Ttl> credible_own_time_exceeded(std::span<const PortPath> ports, const PortPath& echo) {
  const auto own = own_time_exceeded(ports);
  if (!own) return std::nullopt;
  // One port may be led past the target; who is led by it, and who is passed on by it, are counted against one another.
  const auto passes = [&](const PortPath& path) {
    const auto router = path.farthest_router();
    return router && router->ttl >= *own;
  };
  const auto is_passed_on = [&](const PortPath& path) { return path.own_time_exceeded() == *own; };
  const auto passing = std::count_if(ports.begin(), ports.end(), passes);
  const auto passed_on = std::count_if(ports.begin(), ports.end(), is_passed_on);
  if (passing >= passed_on && passing > 0) return std::nullopt;
  const Nearest nearest = nearest_of(ports);
  const auto is_answered_beyond = [&](const PortPath& path) {
    return answered_at(path, nearest, ports) > *own && !passes(path);
  };
  if (std::any_of(ports.begin(), ports.end(), is_answered_beyond)) return std::nullopt;
  // Short of it, a device on the way may answer for a port or two.
  const auto is_answered_before = [&](const PortPath& path) {
    return answered_at(path, nearest, ports).value_or(*own) < *own;
  };
  if (std::count_if(ports.begin(), ports.end(), is_answered_before) >= passed_on) return std::nullopt;
  const auto router_of_echo = echo.farthest_router();
  return router_of_echo && router_of_echo->ttl >= *own ? std::nullopt : own;
}

}  // namespace

std::optional<Distance> distance_of(const PathTrace& trace, std::span<const PortPlan> ports) {
  std::vector<PortPath> paths;
  paths.reserve(ports.size());
  for (const PortPlan& asked : ports) paths.emplace_back(trace, asked.port);
  return distance_of(paths, PortPath::of_echo(trace));
}

std::optional<Distance> distance_of(std::span<const PortPath> ports, const PortPath& echo) {
  const auto echoed = echoed_at(ports, echo);
  const auto own = credible_own_time_exceeded(ports, echo);
  if (echoed && (!own || *echoed <= *own)) {
    return Distance{.ttl = *echoed, .source = Distance::Source::Echo, .agreeing = {}};
  }
  if (own) return Distance{.ttl = *own, .source = Distance::Source::OwnTimeExceeded, .agreeing = {}};
  return agreed(ports);
}

}  // namespace smtpath::path
