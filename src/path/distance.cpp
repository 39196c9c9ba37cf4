#include "smtpath/path/distance.h"

#include <algorithm>
#include <map>

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

/// A distance that several ports agree on is one only if no port shows the path to go on: a device on the way that
/// answers for two ports agrees with itself too.
std::optional<Distance> agreed(std::span<const PortPath> ports) {
  std::map<Ttl, std::vector<Port>> elicited;
  for (const PortPath& path : ports) {
    const auto answer = path.answer_of_target();
    if (answer && answer->is_pinned) elicited[answer->elicit].push_back(path.port());
  }
  if (elicited.empty()) return std::nullopt;
  const auto& [ttl, agreeing] = *elicited.rbegin();
  if (agreeing.size() < kPortsThatAgree || leads_beyond(ports, ttl)) return std::nullopt;
  return Distance{.ttl = ttl, .source = Distance::Source::Ports, .agreeing = agreeing};
}

/// What the target does not pass on, it answers where it is. Where such answers begin; absent: the port is passed on,
/// or has none.
std::optional<Ttl> answered_at(const PortPath& path) {
  const auto answer = path.answer_of_target();
  return answer && answer->is_pinned && !path.own_time_exceeded() ? std::optional(answer->elicit) : std::nullopt;
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
  const auto is_answered_beyond = [&](const PortPath& path) { return answered_at(path) > *own && !passes(path); };
  if (std::any_of(ports.begin(), ports.end(), is_answered_beyond)) return std::nullopt;
  // Short of it, a device on the way may answer for a port or two.
  const auto is_answered_before = [&](const PortPath& path) { return answered_at(path).value_or(*own) < *own; };
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
  const auto& echoed = echo.answer();
  const bool is_echo_known = echoed && echoed->is_pinned;
  const auto own = credible_own_time_exceeded(ports, echo);
  if (is_echo_known && (!own || echoed->elicit <= *own)) {
    return Distance{.ttl = echoed->elicit, .source = Distance::Source::Echo, .agreeing = {}};
  }
  if (own) return Distance{.ttl = *own, .source = Distance::Source::OwnTimeExceeded, .agreeing = {}};
  return agreed(ports);
}

}  // namespace smtpath::path
