#include "verdict/place_of.h"

#include <algorithm>
#include <map>
#include <set>

#include "smtpath/path/back.h"

namespace smtpath::verdict {

namespace {

constexpr HopReference kThisHost{.ttl = Ttl{0}, .address = {}};

HopReference hop_at(const Case& evidence, Ttl ttl) {
  if (evidence.distance && ttl == evidence.distance->ttl) return {.ttl = ttl, .address = evidence.target};
  return {.ttl = ttl, .address = router_at(evidence, ttl)};
}

/// Every answer of this kind to this port travelled as far; who copies TTLs from the packets that it answers shows
/// another way to each.
bool do_answers_agree(const Case& evidence, const path::Answer& answer) {
  const auto flows = evidence.path.flows();
  const auto differs = [&](const path::Reply& reply) {
    const bool is_alike = reply.kind == answer.reply->kind && reply.from == answer.reply->from;
    return is_alike && reply.ttl != answer.reply->ttl;
  };
  return std::none_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->unattributed.begin(), flow->unattributed.end(), differs) ||
           std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
             return std::any_of(probe.replies.begin(), probe.replies.end(), differs);
           });
  });
}

/// How many hops a probe to the device that answers and its answer travel together, if answers of this kind arrive with
/// just so much less than the TTLs of the probes that drew them: who gives them copies that TTL. Another's answers, of
/// a TTL of their own, may come as well. Absent: nobody does.
std::optional<int> copied_over(const Case& evidence, const path::Answer& answer) {
  const auto copies = copies_in(evidence, *answer.reply);
  return copies ? std::optional(copies->hops) : std::nullopt;
}

/// An answer whose TTL is copied ends on its way back where little was left. The way back is seldom more than a few
/// hops longer than the way out, so a little less than half of both is short of the device.
Location where_copies_are_answered(const Case& evidence, int hops) {
  const auto ttl_of = [](int number) { return Ttl{static_cast<std::uint8_t>(number)}; };
  constexpr int kFewHops = 3;
  const Ttl before = ttl_of(std::max(0, hops / 2 - kFewHops));
  // A router before the host may say in its name that time ended.
  const bool is_bounded = evidence.distance && evidence.distance->source != path::Distance::Source::OwnTimeExceeded;
  const Ttl most = is_bounded ? std::min(evidence.distance->ttl, ttl_of(hops + 1)) : ttl_of(hops + 1);
  const bool is_edge = evidence.distance && before + 2 >= evidence.distance->ttl;
  return {.place = is_edge ? Place::Edge : Place::Path,
          .last_reached = before == Ttl{0} ? kThisHost : hop_at(evidence, before),
          .first_missed = hop_at(evidence, std::max(most, before + 1)),
          .suspect = {}};
}

/// The device that forged a TCP answer stands right before or at the TTL that draws it. It is named when the answer
/// travelled as many hops as the time exceeded of just one of the two.
std::optional<HopReference> forger(const Case& evidence, const path::Answer& answer) {
  // Errors in the destination's name show that it is another host that answers, and not the device that sends us there.
  if (evidence.path.own_time_exceeded() || evidence.path.translated_by()) return std::nullopt;
  if (!do_answers_agree(evidence, answer)) return std::nullopt;
  const Ttl elicit = answer.elicit;
  const int back = path::back_of(answer.reply->ttl);
  const auto back_before = elicit > Ttl{1} ? back_of_router(evidence, elicit - 1) : std::nullopt;
  const auto back_at = back_of_router(evidence, elicit);
  const bool fits_before = back_before == back;
  const bool fits_at = back_at == back;
  if (fits_before == fits_at) return std::nullopt;
  return hop_at(evidence, fits_before ? elicit - 1 : elicit);
}

/// The sender of an ICMP error, where it was seen as a hop.
std::optional<HopReference> sender(const Case& evidence, const path::Answer& answer) {
  const IpAddress& from = answer.reply->from;
  const Ttl elicit = answer.elicit;
  if (router_at(evidence, elicit) == from) return HopReference{.ttl = elicit, .address = from};
  if (router_at(evidence, elicit - 1) == from) return HopReference{.ttl = elicit - 1, .address = from};
  return std::nullopt;
}

}  // namespace

std::optional<int> back_of_router(const Case& evidence, Ttl ttl) {
  const auto address = router_at(evidence, ttl);
  if (!address) return std::nullopt;
  const auto scan = [&](const path::PortPath& path) -> std::optional<int> {
    for (const path::FlowTrace* flow : path.flows()) {
      for (const path::Probe& probe : flow->probes) {
        for (const path::Reply& reply : probe.replies) {
          const bool is_its_own = reply.kind == path::ReplyKind::TimeExceeded && reply.from == *address;
          if (is_its_own && probe.ttl == ttl) return path::back_of(reply.ttl);
        }
      }
    }
    return std::nullopt;
  };
  if (const auto back = scan(evidence.path)) return back;
  for (const path::PortPath& other : evidence.others) {
    if (const auto back = scan(other)) return back;
  }
  return scan(evidence.echo);
}

std::optional<Copies> copies_in(const Case& evidence, const path::Reply& answer) {
  // The TTLs of the probes that drew answers with so much less.
  std::map<int, std::set<Ttl>> drawn_by;
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (reply.kind != answer.kind || reply.from != answer.from) continue;
        if (probe.ttl >= reply.ttl) drawn_by[probe.ttl - reply.ttl].insert(probe.ttl);
      }
    }
  }
  const auto most = std::max_element(drawn_by.begin(), drawn_by.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  if (most == drawn_by.end() || most->second.size() < 2) return std::nullopt;
  return Copies{.hops = most->first, .least = *most->second.begin(), .most = *most->second.rbegin()};
}

Location on_this_host() {
  return {.place = Place::Local,
          .last_reached = kThisHost,
          .first_missed = HopReference{.ttl = Ttl{1}, .address = {}},
          .suspect = kThisHost};
}

Location where_silence_begins(const Case& evidence) {
  Location location;
  if (const auto farthest = evidence.path.farthest_router()) {
    location.last_reached = {.ttl = farthest->ttl, .address = farthest->address};
  } else {
    location.last_reached = kThisHost;
  }
  location.first_missed = next_beyond(evidence, location.last_reached.ttl);
  location.place = place_of_silence(evidence, location);
  return location;
}

Place place_of_silence(const Case& evidence, const Location& location) {
  if (evidence.distance && location.last_reached.ttl.hops + 1 >= evidence.distance->ttl.hops) return Place::Edge;
  const bool is_short_of_a_router = location.first_missed && location.first_missed->address != evidence.target;
  return is_short_of_a_router ? Place::Path : Place::Unknown;
}

Location where_answer_begins(const Case& evidence, const path::Answer& answer) {
  const Ttl elicit = answer.elicit;
  const bool is_error = answer.reply->kind == path::ReplyKind::Unreachable;
  if (const auto copied = is_error ? std::nullopt : copied_over(evidence, answer)) {
    return where_copies_are_answered(evidence, *copied);
  }
  // Nothing begins behind the host; what was not looked for nearer may begin anywhere.
  if (!is_error && evidence.distance && elicit > evidence.distance->ttl) {
    return anywhere_before_the_destination(evidence);
  }
  const Ttl before = is_error || answer.is_pinned ? elicit - 1 : evidence.path.last_expired_below(elicit);
  Location location{.place = Place::Path,
                    .last_reached = before == Ttl{0} ? kThisHost : hop_at(evidence, before),
                    .first_missed = hop_at(evidence, elicit),
                    .suspect = is_error ? sender(evidence, answer) : forger(evidence, answer)};
  if (!evidence.distance) return location;
  const Ttl last_hop = evidence.distance->ttl - 1;
  // Who forges chooses what its answers look like, so a suspect of TCP answers does not move the place.
  const Ttl acting = is_error && location.suspect ? location.suspect->ttl : before + 1;
  if (acting >= last_hop) location.place = Place::Edge;
  return location;
}

Location anywhere_before_the_destination(const Case& evidence) {
  return {.place = Place::Path,
          .last_reached = kThisHost,
          .first_missed = destination_beyond(evidence, Ttl{0}),
          .suspect = {}};
}

Location at_destination(const Case& evidence) {
  // A lost answer or two make `elicit` too large; where the address is, is known from more than this port.
  const Ttl ttl =
      evidence.distance ? std::min(evidence.answer->elicit, evidence.distance->ttl) : evidence.answer->elicit;
  const HopReference destination{.ttl = ttl, .address = evidence.target};
  return {.place = Place::Destination, .last_reached = destination, .first_missed = {}, .suspect = destination};
}

}  // namespace smtpath::verdict
