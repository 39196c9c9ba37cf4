#include "verdict/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "smtpath/path/circle.h"
#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

/// By rising TTL, those of this port and of all that got no more of an answer than it: routers ration their errors over
/// all ports, so that one port alone may not show the circle.
std::vector<path::SeenHop> routers_of_unanswered(const Case& evidence) {
  std::vector<path::SeenHop> routers = evidence.path.routers();
  const auto take = [&](const path::PortPath& path) {
    if (path.answer()) return;
    for (const path::SeenHop& hop : path.routers()) {
      if (std::find(routers.begin(), routers.end(), hop) == routers.end()) routers.push_back(hop);
    }
  };
  std::for_each(evidence.others.begin(), evidence.others.end(), take);
  take(evidence.echo);
  std::stable_sort(routers.begin(), routers.end(),
                   [](const path::SeenHop& a, const path::SeenHop& b) { return a.ttl < b.ttl; });
  return routers;
}

bool is_rejected(const path::PortPath& path) {
  const auto answer = path.answer();
  return answer && answer->reply->kind == path::ReplyKind::Unreachable;
}

bool says_host_unreachable(const path::PortPath& path) {
  return is_rejected(path) && speaks_of_host(*path.answer()->reply);
}

/// Another port goes on beyond this hop, or is answered otherwise. Silence does not contradict: routers ration their
/// errors.
bool is_contradicted_by_others(const Case& evidence, Ttl hop, bool (*agrees)(const path::PortPath&)) {
  return std::any_of(evidence.others.begin(), evidence.others.end(), [&](const path::PortPath& other) {
    const auto router = other.farthest_router();
    const bool goes_on = router && router->ttl > hop;
    return goes_on || (other.answer() && !agrees(other));
  });
}

/// Its quote shows that the probe died before it came as far as the host, whoever the error says to be from.
bool begins_short_of_destination(const Case& evidence) {
  const bool is_shown = evidence.distance && evidence.distance->source != path::Distance::Source::Ports;
  return is_shown && evidence.answer->elicit < evidence.distance->ttl;
}

/// The error that the echo requests drew nearest to this host; absent: none.
std::optional<path::Answer> rejection_of_echo(const Case& evidence) {
  std::optional<path::Answer> nearest;
  for (const path::FlowTrace* flow : evidence.echo.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (reply.kind != path::ReplyKind::Unreachable) continue;
        const Ttl hop = path::died_at(probe, reply);
        if (nearest && nearest->elicit <= hop) continue;
        nearest = path::Answer{.reply = &reply, .probe = &probe, .flow = flow, .elicit = hop, .is_pinned = true};
      }
    }
  }
  return nearest;
}

}  // namespace

std::optional<Verdict> routers_repeat(const Case& evidence) {
  const auto farthest = evidence.path.farthest_router();
  if (evidence.answer || !farthest) return std::nullopt;
  const std::vector<path::SeenHop> routers = routers_of_unanswered(evidence);
  const auto circle = path::find_circle(routers);
  if (!circle) return std::nullopt;
  const bool is_in_circle = std::any_of(routers.begin(), routers.end(), [&](const path::SeenHop& hop) {
    return hop.address == farthest->address && hop.ttl >= circle->first.ttl;
  });
  // Where nothing of the host answers anybody, what comes up to the circle goes into it.
  const bool comes_up_to_it =
      !evidence.does_host_answer_elsewhere() && !evidence.echo.answer() && farthest->ttl + 1 == circle->first.ttl;
  if (!is_in_circle && !comes_up_to_it) return std::nullopt;
  const HopReference repetition{.ttl = circle->again.ttl, .address = circle->again.address};
  const Location location{.place = Place::Path,
                          .last_reached = {.ttl = circle->last_new.ttl, .address = circle->last_new.address},
                          .first_missed = repetition,
                          .suspect = {}};
  return found(Kind::Loop, is_in_circle ? Confidence::High : Confidence::Medium, location,
               fmt::format("{} answered at hop {} and again at hop {}.", to_string(circle->again.address),
                           circle->first.ttl.hops, repetition.ttl.hops));
}

std::optional<Verdict> host_unreachable(const Case& evidence) {
  if (!is_unreachable(evidence) || evidence.is_answered_by_target()) return std::nullopt;
  if (evidence.echo.answer() || !says_host_unreachable(evidence.path)) return std::nullopt;
  if (is_contradicted_by_others(evidence, evidence.answer->elicit, says_host_unreachable)) return std::nullopt;
  return found(
      Kind::Unreachable, evidence.others.empty() ? Confidence::Medium : Confidence::High,
      where_answer_begins(evidence, *evidence.answer),
      fmt::format("{}, and no port of the host was answered otherwise: this is about the host or its network, not "
                  "the port.",
                  describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_like_the_echo(const Case& evidence) {
  if (evidence.answer || evidence.echo.answer() || !evidence.path.was_probed()) return std::nullopt;
  const auto rejection = rejection_of_echo(evidence);
  if (!rejection || rejection->is_of_this_host() || last_router(evidence) > rejection->elicit) return std::nullopt;
  if (is_contradicted_by_others(evidence, rejection->elicit, is_rejected)) return std::nullopt;
  const bool is_of_host = speaks_of_host(*rejection->reply);
  // A policy may be one for echo requests alone.
  if (!is_of_host && std::none_of(evidence.others.begin(), evidence.others.end(), is_rejected)) return std::nullopt;
  return found(is_of_host ? Kind::Unreachable : Kind::Rejected, Confidence::Medium,
               where_answer_begins(evidence, *rejection),
               fmt::format("Silence, where the echo draws {} and no port of the host is answered otherwise: it is not "
                           "the port that is rejected, and routers ration their errors.",
                           describe_error(*rejection)));
}

std::optional<Verdict> rejected_by_destination(const Case& evidence) {
  if (!is_unreachable(evidence) || !evidence.is_answered_by_target() || begins_short_of_destination(evidence)) {
    return std::nullopt;
  }
  return found(Kind::Rejected, Confidence::High, at_destination(evidence),
               fmt::format("The destination itself sent {}.", describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_on_the_way(const Case& evidence) {
  if (!is_unreachable(evidence)) return std::nullopt;
  const Location location = where_answer_begins(evidence, *evidence.answer);
  // Behind a translation of the destination errors come in its name too.
  return found(Kind::Rejected, location.suspect ? Confidence::High : Confidence::Medium, location,
               fmt::format("Probes with TTL {} or more drew {}.", evidence.answer->elicit.hops,
                           describe_error(*evidence.answer)));
}

}  // namespace smtpath::verdict
