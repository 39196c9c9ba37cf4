#include "verdict/branch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "smtpath/path/branches.h"
#include "verdict/fares.h"
#include "verdict/place_of.h"

namespace smtpath::verdict {

namespace {

/// So many flows on each side show what they have in common.
constexpr std::size_t kEnoughFlows = 2;

std::vector<IpAddress> routers_at(const std::vector<const path::FlowTrace*>& flows, Ttl ttl, const IpAddress& target) {
  std::vector<IpAddress> routers;
  for (const path::FlowTrace* flow : flows) {
    if (const auto router = path::router_met(*flow, ttl, target)) routers.push_back(*router);
  }
  return routers;
}

bool contains(const std::vector<IpAddress>& routers, const IpAddress& router) {
  return std::find(routers.begin(), routers.end(), router) != routers.end();
}

struct Branch {
  path::SeenHop at;
  bool is_of_blocked = true;
};

/// The one router that all of these flows meet, of which one is known, and none of the others does; absent: there is
/// none, or too few flows show it.
std::optional<IpAddress> own_router(const std::vector<IpAddress>& met, const std::vector<IpAddress>& by_others,
                                    std::size_t flows) {
  if (met.empty() || met.size() < std::min(kEnoughFlows, flows) || by_others.size() < kEnoughFlows) return std::nullopt;
  const bool is_one =
      std::all_of(met.begin(), met.end(), [&](const IpAddress& router) { return router == met.front(); });
  return is_one && !contains(by_others, met.front()) ? std::optional(met.front()) : std::nullopt;
}

/// A router that all of one side meet and none of the other.
std::optional<Branch> telling_branch(const Parting& parting, const Case& evidence) {
  for (const path::SplitHop& hop : evidence.splits) {
    const auto blocked = routers_at(parting.blocked, hop.ttl, evidence.target);
    const auto passing = routers_at(parting.passing, hop.ttl, evidence.target);
    if (const auto router = own_router(blocked, passing, parting.blocked.size())) {
      return Branch{.at = {.ttl = hop.ttl, .address = *router}, .is_of_blocked = true};
    }
    if (const auto router = own_router(passing, blocked, parting.passing.size())) {
      return Branch{.at = {.ttl = hop.ttl, .address = *router}, .is_of_blocked = false};
    }
  }
  return std::nullopt;
}

/// Routers that only others met may be of another branch.
Location as_met_by(const path::PortPath& path, Location location, const IpAddress& target) {
  const auto forget = [&](HopReference& hop) {
    const auto& met = path.routers();
    const bool is_known =
        hop.address == target ||
        (hop.address &&
         std::find(met.begin(), met.end(), path::SeenHop{.ttl = hop.ttl, .address = *hop.address}) != met.end());
    if (!is_known) hop.address.reset();
  };
  forget(location.last_reached);
  if (location.first_missed) forget(*location.first_missed);
  return location;
}

/// Some flow is known to go on from where these ended: it met the same of several routers there, and the next.
bool is_way_known(const Case& blocked, const Location& location) {
  const Ttl last = location.last_reached.ttl;
  if (!location.first_missed || !is_split_at(blocked, last)) return false;
  return std::any_of(blocked.others.begin(), blocked.others.end(), [&](const path::PortPath& other) {
    const auto flows = other.flows();
    return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
      return passes_the_same(blocked, *flow, last) &&
             path::router_met(*flow, location.first_missed->ttl, blocked.target).has_value();
    });
  });
}

bool is_rejection(const path::Reply& reply) {
  return reply.kind == path::ReplyKind::Unreachable;
}

int count_rejected(const path::FlowTrace& flow) {
  return static_cast<int>(std::count_if(flow.probes.begin(), flow.probes.end(), [](const path::Probe& probe) {
    return std::any_of(probe.replies.begin(), probe.replies.end(), is_rejection);
  }));
}

/// Probes that were answered from beyond the hop.
int count_passed(const path::FlowTrace& flow, Ttl hop) {
  return static_cast<int>(std::count_if(flow.probes.begin(), flow.probes.end(), [&](const path::Probe& probe) {
    return probe.ttl > hop && !probe.replies.empty() &&
           std::none_of(probe.replies.begin(), probe.replies.end(), is_rejection);
  }));
}

}  // namespace

bool is_explained_by_branch(const Parting& parting, const Case& evidence) {
  return telling_branch(parting, evidence).has_value();
}

std::string describe_branch(const Parting& parting, const Case& evidence) {
  const auto branch = telling_branch(parting, evidence);
  if (!branch) return {};
  return fmt::format(": {} those through {} at hop {} do{}", branch->is_of_blocked ? "exactly" : "only",
                     to_string(branch->at.address), branch->at.ttl.hops, branch->is_of_blocked ? " not" : "");
}

Alignment alignment_of(const Case& evidence, Ttl last) {
  // Hops that split come in the order of their TTLs.
  const bool is_needed = !evidence.splits.empty() && evidence.splits.front().ttl <= last;
  Alignment alignment{.is_needed = is_needed, .port = {}, .until = last};
  if (!is_needed) return alignment;
  for (const path::PortPath& other : evidence.others) {
    for (const path::FlowTrace* flow : other.flows()) {
      const bool is_same = path::router_met(*flow, last, evidence.target) && passes_the_same(evidence, *flow, last);
      const bool goes_on = other.of_flows({flow}).farthest_router().value_or(path::SeenHop{}).ttl > last;
      if (is_same && (goes_on || other.answer_of_target())) alignment.port = other.port();
    }
  }
  return alignment;
}

bool is_split_by_packet(const Case& evidence) {
  return std::any_of(evidence.splits.begin(), evidence.splits.end(),
                     [](const path::SplitHop& hop) { return hop.is_by_packet; });
}

std::optional<path::Answer> rejection_of_some_packets(const Case& evidence) {
  constexpr int kSeveral = 2;
  if (evidence.path.are_errors_contradicted()) return std::nullopt;
  int rejected = 0;
  int passed = 0;
  std::optional<path::Answer> nearest;
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    const auto own = evidence.path.of_flows({flow}).answer();
    if (!own || !is_rejection(*own->reply) || own->reply->from == evidence.target) continue;
    if (count_passed(*flow, own->elicit) == 0) continue;
    rejected += count_rejected(*flow);
    passed += count_passed(*flow, own->elicit);
    if (!nearest || own->elicit < nearest->elicit) nearest = own;
  }
  return rejected >= kSeveral && passed >= kSeveral ? nearest : std::nullopt;
}

Location where_packets_part(const Case& evidence) {
  Location location{.place = Place::Path, .last_reached = {}, .first_missed = {}, .suspect = {}};
  Ttl last{};
  for (const path::SplitHop& hop : evidence.splits) {
    if (hop.is_by_packet) last = std::max(last, hop.ttl);
  }
  const Ttl first = evidence.splits.front().ttl;
  for (Ttl ttl = first - 1; ttl > Ttl{0}; ttl = ttl - 1) {
    const auto router = evidence.path.router_at(ttl);
    if (!router) continue;
    location.last_reached = {.ttl = ttl, .address = router->address};
    break;
  }
  const auto& routers = evidence.path.routers();
  const auto behind = std::find_if(routers.begin(), routers.end(), [&](const path::SeenHop& hop) {
    return hop.ttl > last && !is_split_at(evidence, hop.ttl);
  });
  if (behind != routers.end()) {
    location.first_missed = HopReference{.ttl = behind->ttl, .address = behind->address};
  } else {
    location.first_missed = destination_beyond(evidence, location.last_reached.ttl);
  }
  return location;
}

/// How soon an answer to these flows came that is no router's word of a probe's end; absent: none did.
std::optional<Duration> soonest_answer(const Case& blocked) {
  std::optional<Duration> soonest;
  const auto note = [&](const path::Probe& probe, const path::Reply& reply) {
    const Duration round_trip = reply.at - probe.sent;
    if (path::is_final(reply.kind)) soonest = std::min(soonest.value_or(round_trip), round_trip);
  };
  for (const path::FlowTrace* flow : blocked.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) note(probe, reply);
    }
  }
  for (const path::Attempt& attempt : path::attempts_of(blocked.path, reach_of(blocked))) {
    if (attempt.reply != nullptr) note(*attempt.probe, *attempt.reply);
  }
  return soonest;
}

/// How soon a router of that TTL answered this port; absent: it did not.
std::optional<Duration> soonest_expiry(const Case& blocked, Ttl ttl) {
  std::optional<Duration> soonest;
  for (const path::FlowTrace* flow : blocked.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (probe.ttl != ttl || reply.kind != path::ReplyKind::TimeExceeded) continue;
        const Duration round_trip = reply.at - probe.sent;
        soonest = std::min(soonest.value_or(round_trip), round_trip);
      }
    }
  }
  return soonest;
}

/// A router that takes longer to answer than what stops these flows stands beyond that: packets of one flow take
/// different ways, or took them at different times.
void begin_before_later(Location& location, const Case& blocked) {
  constexpr Duration kSameTime = std::chrono::milliseconds(1);
  const auto soonest = soonest_answer(blocked);
  if (!soonest || !soonest_expiry(blocked, location.last_reached.ttl)) return;
  const auto is_as_soon = [&](Ttl ttl) {
    const auto expiry = soonest_expiry(blocked, ttl);
    return expiry && *expiry <= *soonest + kSameTime;
  };
  Ttl ttl = location.last_reached.ttl;
  while (ttl > Ttl{0} && !is_as_soon(ttl)) ttl = ttl - 1;
  if (ttl == location.last_reached.ttl) return;
  location.last_reached = {.ttl = ttl, .address = {}};
  if (const auto router = blocked.path.router_at(ttl)) location.last_reached.address = router->address;
  location.suspect.reset();
}

Location where_they_part(const Parting& parting, const Case& evidence) {
  Case blocked = evidence;
  blocked.path = evidence.path.of_flows(parting.blocked);
  blocked.answer = blocked.path.answer();
  blocked.others.push_back(evidence.path.of_flows(parting.passing));
  const bool is_placed = blocked.answer && (blocked.answer->reply->kind == path::ReplyKind::Unreachable ||
                                            blocked.path.router_at(blocked.answer->elicit - 1));
  if (is_placed) {
    Location location = where_answer_begins(blocked, *blocked.answer);
    begin_before_later(location, blocked);
    return as_met_by(blocked.path, location, evidence.target);
  }
  Location location = where_silence_begins(blocked);
  if (!is_way_known(blocked, location)) {
    location.first_missed = destination_beyond(evidence, location.last_reached.ttl);
  }
  // Where an answer begins they end.
  const bool is_beyond = blocked.answer && blocked.answer->elicit > location.last_reached.ttl;
  if (is_beyond && location.first_missed && blocked.answer->elicit < location.first_missed->ttl) {
    location.first_missed = HopReference{.ttl = blocked.answer->elicit, .address = {}};
  }
  begin_before_later(location, blocked);
  return as_met_by(blocked.path, location, evidence.target);
}

}  // namespace smtpath::verdict
