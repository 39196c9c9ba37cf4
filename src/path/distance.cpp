#include "smtpath/path/distance.h"

#include <algorithm>
#include <map>

#include "smtpath/path/port_path.h"

namespace smtpath::path {

namespace {

constexpr std::size_t kPortsThatAgree = 2;

/// The least TTL at which the target itself said that a probe's time ended.
std::optional<Ttl> own_time_exceeded(const PathTrace& trace, std::span<const PortPlan> ports) {
  std::optional<Ttl> least;
  for (const PortPlan& asked : ports) {
    const auto own = PortPath(trace, asked.port).own_time_exceeded();
    if (own) least = std::min(least.value_or(*own), *own);
  }
  return least;
}

/// Some port's probes meet a router at this TTL or farther.
bool leads_beyond(const PathTrace& trace, std::span<const PortPlan> ports, Ttl ttl) {
  return std::any_of(ports.begin(), ports.end(), [&](const PortPlan& asked) {
    const auto farthest = PortPath(trace, asked.port).farthest_router();
    return farthest && farthest->ttl >= ttl;
  });
}

/// A distance that several ports agree on is one only if no port shows the path to go on: a device on the way that
/// answers for two ports agrees with itself too.
std::optional<Distance> agreed(const PathTrace& trace, std::span<const PortPlan> ports) {
  std::map<Ttl, std::vector<Port>> elicited;
  for (const PortPlan& asked : ports) {
    const auto answer = PortPath(trace, asked.port).answer_of_target();
    if (answer && answer->is_pinned) elicited[answer->elicit].push_back(asked.port);
  }
  if (elicited.empty()) return std::nullopt;
  const auto& [ttl, agreeing] = *elicited.rbegin();
  if (agreeing.size() < kPortsThatAgree || leads_beyond(trace, ports, ttl)) return std::nullopt;
  return Distance{.ttl = ttl, .source = Distance::Source::Ports, .agreeing = agreeing};
}

/// A time exceeded in the target's name is its own only if nobody shows the path to go on: whoever translates the
/// destination on the way translates the errors of all hops behind it too.
std::optional<Ttl> credible_own_time_exceeded(const PathTrace& trace, std::span<const PortPlan> ports) {
  const auto own = own_time_exceeded(trace, ports);
  if (!own || leads_beyond(trace, ports, *own)) return std::nullopt;
  const auto router_of_echo = PortPath::of_echo(trace).farthest_router();
  return router_of_echo && router_of_echo->ttl >= *own ? std::nullopt : own;
}

}  // namespace

std::optional<Distance> distance_of(const PathTrace& trace, std::span<const PortPlan> ports) {
  const auto echo = PortPath::of_echo(trace).answer();
  const bool is_echo_known = echo && echo->is_pinned;
  const auto own = credible_own_time_exceeded(trace, ports);
  if (is_echo_known && (!own || echo->elicit <= *own)) {
    return Distance{.ttl = echo->elicit, .source = Distance::Source::Echo, .agreeing = {}};
  }
  if (own) return Distance{.ttl = *own, .source = Distance::Source::OwnTimeExceeded, .agreeing = {}};
  return agreed(trace, ports);
}

}  // namespace smtpath::path
