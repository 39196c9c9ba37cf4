#include "verdict/case.h"

#include <algorithm>

#include "smtpath/path/back.h"
#include "smtpath/path/succession.h"

namespace smtpath::verdict {

bool Case::does_host_answer_elsewhere() const {
  return std::any_of(others.begin(), others.end(),
                     [&](const path::PortPath& other) { return other.answer_of_target().has_value(); });
}

Case make_case(const path::PathTrace& trace, const path::TargetPlan& plan, Port port,
               const Circumstances& circumstances) {
  Case evidence{.target = trace.target,
                .path = path::PortPath(trace, port),
                .answer = {},
                .others = {},
                .echo = path::PortPath::of_echo(trace),
                .distance = path::distance_of(trace, plan.ports),
                .splits = path::split_hops(trace),
                .capture_loss = circumstances.capture_loss,
                .is_target_local = circumstances.is_target_local,
                .next_hop = trace.next_hop,
                .host = circumstances.host,
                .nowhere = trace.nowhere ? &*trace.nowhere : nullptr,
                .route = nullptr};
  evidence.answer = evidence.path.answer();
  for (const facts::PortRoute& route : circumstances.routes) {
    if (route.port == port) evidence.route = &route;
  }
  for (const path::PortPlan& asked : plan.ports) {
    if (asked.port == port) continue;
    path::PortPath other(trace, asked.port);
    if (other.was_probed()) evidence.others.push_back(std::move(other));
  }
  return evidence;
}

bool is_split_at(const Case& evidence, Ttl ttl) {
  return std::any_of(evidence.splits.begin(), evidence.splits.end(),
                     [&](const path::SplitHop& hop) { return hop.ttl == ttl; });
}

bool passes_the_same(const Case& evidence, const path::FlowTrace& flow, Ttl ttl) {
  if (!is_split_at(evidence, ttl)) return true;
  const auto router = path::router_met(flow, ttl, evidence.target);
  const auto& own = evidence.path.routers();
  return router && std::find(own.begin(), own.end(), path::SeenHop{.ttl = ttl, .address = *router}) != own.end();
}

namespace {

/// The router that this port's probes would meet at `beyond` after those that they did meet at `ttl`: the only one that
/// flows of other ports meet that pass the same router. Absent where several may be meant.
std::optional<IpAddress> router_beyond(const Case& evidence, Ttl ttl, Ttl beyond) {
  std::optional<IpAddress> only;
  for (const path::PortPath& other : evidence.others) {
    for (const path::FlowTrace* flow : other.flows()) {
      const auto router = path::router_met(*flow, beyond, evidence.target);
      if (!router || !passes_the_same(evidence, *flow, ttl)) continue;
      if (only && *only != *router) return std::nullopt;
      only = router;
    }
  }
  return only;
}

}  // namespace

std::optional<IpAddress> router_at(const Case& evidence, Ttl ttl) {
  if (const auto own = evidence.path.router_at(ttl)) return own->address;
  if (is_split_at(evidence, ttl) && ttl > Ttl{0}) return router_beyond(evidence, ttl - 1, ttl);
  for (const path::PortPath& other : evidence.others) {
    if (const auto seen = other.router_at(ttl)) return seen->address;
  }
  if (const auto seen = evidence.echo.router_at(ttl)) return seen->address;
  return std::nullopt;
}

std::vector<IpAddress> routers_of_others(const Case& evidence, Ttl ttl) {
  std::vector<IpAddress> addresses;
  const auto take = [&](const path::PortPath& path) {
    for (const path::SeenHop& router : path.routers()) {
      if (router.ttl == ttl) addresses.push_back(router.address);
    }
  };
  for (const path::PortPath& other : evidence.others) take(other);
  take(evidence.echo);
  return addresses;
}

namespace {

bool was_asked(const path::FlowTrace& flow, Ttl ttl) {
  return std::any_of(flow.probes.begin(), flow.probes.end(),
                     [&](const path::Probe& probe) { return path::has_left(probe) && probe.ttl == ttl; });
}

/// Of those that were asked at a hop, the flows that go on behind it, and those of them that a router answered there.
struct Passing {
  int asked = 0;
  int answered = 0;
};

void count_passing(Passing& passing, const path::PortPath& path, Ttl ttl, const IpAddress& target) {
  const auto answer = path.answer_of_target();
  const auto farthest = path.farthest_router();
  const bool goes_on = (answer && answer->elicit > ttl) || (farthest && farthest->ttl > ttl);
  for (const path::FlowTrace* flow : path.flows()) {
    const bool is_answered = path::router_met(*flow, ttl, target).has_value();
    if (!is_answered && !(goes_on && was_asked(*flow, ttl))) continue;
    ++passing.asked;
    passing.answered += is_answered ? 1 : 0;
  }
}

/// This port was asked for the hop, and where that does not answer all who pass, it is unlikely that so many flows drew
/// nothing there by chance.
bool is_missed(const Case& evidence, Ttl ttl) {
  Passing passing;
  for (const path::PortPath& other : evidence.others) count_passing(passing, other, ttl, evidence.target);
  count_passing(passing, evidence.echo, ttl, evidence.target);
  const auto flows = evidence.path.flows();
  const auto silent =
      std::count_if(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) { return was_asked(*flow, ttl); });
  if (silent == 0 || passing.answered == passing.asked) return silent > 0;
  const double chance =
      path::chance_of_silence(passing.asked - passing.answered, passing.asked, static_cast<int>(silent));
  return chance <= path::kUnlikelySilence;
}

}  // namespace

std::optional<HopReference> next_beyond(const Case& evidence, Ttl ttl) {
  std::optional<HopReference> nearest;
  for (const path::PortPath& other : evidence.others) {
    for (const path::SeenHop& hop : other.routers()) {
      if (hop.ttl <= ttl || (nearest && nearest->ttl <= hop.ttl)) continue;
      if (!is_missed(evidence, hop.ttl)) continue;
      nearest = HopReference{.ttl = hop.ttl, .address = hop.address};
    }
  }
  if (nearest) nearest->address = router_beyond(evidence, ttl, nearest->ttl);
  return nearest ? nearest : destination_beyond(evidence, ttl);
}

std::optional<HopReference> destination_beyond(const Case& evidence, Ttl ttl) {
  if (!evidence.distance || evidence.distance->ttl <= ttl) return std::nullopt;
  return HopReference{.ttl = evidence.distance->ttl, .address = evidence.target};
}

int answering_between(const Case& evidence, Ttl from, Ttl to) {
  int count = 0;
  for (Ttl ttl = from + 1; ttl < to; ttl = ttl + 1) {
    if (router_at(evidence, ttl)) ++count;
  }
  return count;
}

std::optional<int> back_of_echo_reply(const Case& evidence) {
  const auto& answer = evidence.echo.answer();
  return answer ? std::optional(path::back_of(answer->reply->ttl)) : std::nullopt;
}

std::optional<int> back_of_other_syn_acks(const Case& evidence) {
  std::optional<int> common;
  for (const path::PortPath& other : evidence.others) {
    const auto answer = other.answer();
    if (!answer || answer->reply->kind != path::ReplyKind::SynAck) continue;
    if (evidence.distance && answer->elicit != evidence.distance->ttl) continue;
    const int back = path::back_of(answer->reply->ttl);
    if (common && *common != back) return std::nullopt;
    common = back;
  }
  return common;
}

}  // namespace smtpath::verdict
