#include "verdict/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "smtpath/path/back.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

/// So many source ports in silence before a port is called dropped.
constexpr std::size_t kFlowsForSilence = 3;
/// What answers at all has answered by then.
constexpr Duration kAnswerTime = std::chrono::seconds(1);

Verdict found(Kind kind, Confidence confidence, std::optional<Location> location, std::string why) {
  return {.kind = kind,
          .confidence = confidence,
          .cause = {},
          .reason = {},
          .location = std::move(location),
          .evidence = {Evidence{.rule = {}, .text = std::move(why)}}};
}

Verdict undecided(Reason reason, const Case& evidence, std::string why) {
  Verdict verdict = found(Kind::Inconclusive, Confidence::Low, where_silence_begins(evidence), std::move(why));
  verdict.reason = reason;
  return verdict;
}

bool is_tcp_answer(const Case& evidence) {
  return evidence.answer && evidence.answer->reply->kind != path::ReplyKind::Unreachable;
}

bool is_syn_ack(const Case& evidence) {
  return evidence.answer && evidence.answer->reply->kind == path::ReplyKind::SynAck;
}

bool is_reset(const Case& evidence) {
  return evidence.answer && evidence.answer->reply->kind == path::ReplyKind::Rst;
}

bool is_unreachable(const Case& evidence) {
  return evidence.answer && evidence.answer->reply->kind == path::ReplyKind::Unreachable;
}

/// The codes that speak of the host or its network and not of a policy or a port.
bool speaks_of_host(const path::Reply& reply) {
  if (!reply.icmp) return false;
  const auto code = reply.icmp->code;
  if (reply.from.is_ipv4()) return code == 0 || code == 1 || code == 6 || code == 7;
  return code == 0 || code == 3;
}

std::optional<Verdict> send_refused(const Case& evidence) {
  const auto refusal = evidence.path.refusal();
  if (!refusal) return std::nullopt;
  if (*refusal == EPERM) {
    return found(Kind::Dropped, Confidence::High, on_this_host(),
                 "This host's kernel refused every send (EPERM): a local firewall rule or a full connection table.");
  }
  return found(Kind::NoRoute, Confidence::High, on_this_host(),
               fmt::format("This host's kernel refused every send ({}).", errno_name(*refusal)));
}

std::optional<Verdict> routers_repeat(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const auto routers = evidence.path.routers();
  for (std::size_t later = 0; later < routers.size(); ++later) {
    for (std::size_t first = 0; first < later; ++first) {
      const bool is_again = routers[first].address == routers[later].address;
      if (!is_again || routers[later].ttl - routers[first].ttl < 2) continue;
      // Of several routers that answered at the TTL of the repetition none lies before it.
      std::size_t before = later - 1;
      while (routers[before].ttl == routers[later].ttl) --before;
      const path::SeenHop& last_new = routers[before];
      const HopReference repetition{.ttl = routers[later].ttl, .address = routers[later].address};
      Location location{.place = Place::Path,
                        .last_reached = {.ttl = last_new.ttl, .address = last_new.address},
                        .first_missed = repetition,
                        .suspect = {}};
      return found(Kind::Loop, Confidence::High, location,
                   fmt::format("{} answered at hop {} and again at hop {}.", to_string(*repetition.address),
                               routers[first].ttl.hops, repetition.ttl.hops));
    }
  }
  return std::nullopt;
}

std::optional<Verdict> host_unreachable(const Case& evidence) {
  if (!is_unreachable(evidence) || evidence.is_answered_by_target()) return std::nullopt;
  const auto says_so = [](const path::PortPath& path) {
    const auto answer = path.answer();
    return answer && answer->reply->kind == path::ReplyKind::Unreachable && speaks_of_host(*answer->reply);
  };
  // Silence does not contradict: routers ration their errors.
  const auto contradicts = [&](const path::PortPath& other) {
    const auto router = other.farthest_router();
    const bool goes_on = router && router->ttl > evidence.answer->elicit;
    return goes_on || (other.answer() && !says_so(other));
  };
  if (evidence.echo.answer() || !says_so(evidence.path)) return std::nullopt;
  if (std::any_of(evidence.others.begin(), evidence.others.end(), contradicts)) return std::nullopt;
  return found(
      Kind::Unreachable, evidence.others.empty() ? Confidence::Medium : Confidence::High, where_answer_begins(evidence),
      fmt::format("{}, and no port of the host was answered otherwise: this is about the host or its network, not "
                  "the port.",
                  describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_by_destination(const Case& evidence) {
  if (!is_unreachable(evidence) || !evidence.is_answered_by_target()) return std::nullopt;
  return found(Kind::Rejected, Confidence::High, at_destination(evidence),
               fmt::format("The destination itself sent {}.", describe_error(*evidence.answer)));
}

std::optional<Verdict> rejected_on_the_way(const Case& evidence) {
  if (!is_unreachable(evidence)) return std::nullopt;
  const Location location = where_answer_begins(evidence);
  return found(Kind::Rejected, location.suspect ? Confidence::High : Confidence::Medium, location,
               fmt::format("Probes with TTL {} or more drew {}.", evidence.answer->elicit.hops,
                           describe_error(*evidence.answer)));
}

Kind kind_of_forgery(const Case& evidence) {
  return is_syn_ack(evidence) ? Kind::Intercepted : Kind::ResetInjected;
}

std::optional<Verdict> answered_short_of_destination(const Case& evidence) {
  if (!is_tcp_answer(evidence) || !evidence.distance) return std::nullopt;
  const int missing = evidence.distance->ttl - evidence.answer->elicit;
  if (missing < 1) return std::nullopt;
  const Confidence confidence = missing >= 2 && evidence.answer->is_pinned ? Confidence::High : Confidence::Medium;
  return found(kind_of_forgery(evidence), confidence, where_answer_begins(evidence),
               fmt::format("{} came to a probe of TTL {}, which expires {} short of the destination at {} ({}).",
                           describe_answer(*evidence.answer), evidence.answer->elicit.hops, count_of(missing, "hop"),
                           evidence.distance->ttl.hops, describe_distance(*evidence.distance)));
}

std::optional<Verdict> answer_travelled_one_hop_less(const Case& evidence) {
  if (!is_reset(evidence) || !evidence.distance || evidence.answer->elicit != evidence.distance->ttl) {
    return std::nullopt;
  }
  const auto host_back = back_of_other_syn_acks(evidence);
  const int back = path::back_of(evidence.answer->reply->ttl);
  if (!host_back || back != *host_back - 1) return std::nullopt;
  return found(
      Kind::ResetInjected, Confidence::Medium, where_answer_begins(evidence),
      fmt::format("The RST travelled {}, the host's own SYN-ACKs on other ports {}: the last device before the "
                  "host sent it.",
                  count_of(back, "hop"), count_of(*host_back, "hop")));
}

std::optional<Verdict> answered_beyond_destination(const Case& evidence) {
  const bool is_known_by_echo = evidence.distance && evidence.distance->source == path::Distance::Source::Echo;
  if (!is_syn_ack(evidence) || !is_known_by_echo || evidence.answer->elicit <= evidence.distance->ttl) {
    return std::nullopt;
  }
  const auto router = evidence.path.router_at(evidence.distance->ttl);
  if (!router) return std::nullopt;
  Location location = where_answer_begins(evidence);
  location.suspect.reset();
  location.place = Place::Unknown;
  return found(Kind::Intercepted, Confidence::Medium, location,
               fmt::format("The host answers echo at hop {}, but there this port's probes met {} and went on: they are "
                           "redirected elsewhere.",
                           evidence.distance->ttl.hops, to_string(router->address)));
}

/// Some port's answers begin farther away than this one's, and nothing tells which of the two is the host.
bool is_contradicted(const Case& evidence) {
  if (evidence.distance) return false;
  return std::any_of(evidence.others.begin(), evidence.others.end(), [&](const path::PortPath& other) {
    const auto answer = other.answer();
    const bool is_farther =
        answer && answer->reply->from == evidence.target && answer->elicit > evidence.answer->elicit;
    const auto router = other.farthest_router();
    return is_farther || (router && router->ttl >= evidence.answer->elicit);
  });
}

std::optional<Verdict> answers_disagree(const Case& evidence) {
  if (!is_tcp_answer(evidence) || !is_contradicted(evidence)) return std::nullopt;
  return undecided(Reason::UnknownDistance, evidence,
                   fmt::format("{} begins at TTL {}, other ports lead farther, and nothing fixes where the host is.",
                               describe_answer(*evidence.answer), evidence.answer->elicit.hops));
}

std::optional<Verdict> accepted_by_destination(const Case& evidence) {
  if (!is_syn_ack(evidence)) return std::nullopt;
  if (!evidence.distance) {
    return found(Kind::Open, Confidence::Medium, std::nullopt,
                 fmt::format("{} at TTL {}; nothing else shows how far the host is.", describe_answer(*evidence.answer),
                             evidence.answer->elicit.hops));
  }
  return found(Kind::Open, Confidence::High, std::nullopt,
               fmt::format("{} at the destination, hop {} ({}).", describe_answer(*evidence.answer),
                           evidence.answer->elicit.hops, describe_distance(*evidence.distance)));
}

std::optional<Verdict> refused_by_destination(const Case& evidence) {
  if (!is_reset(evidence)) return std::nullopt;
  if (evidence.distance) {
    return found(Kind::Refused, Confidence::High, at_destination(evidence),
                 fmt::format("{} from the destination, hop {} ({}).", describe_answer(*evidence.answer),
                             evidence.answer->elicit.hops, describe_distance(*evidence.distance)));
  }
  const int back = path::back_of(evidence.answer->reply->ttl);
  if (back < evidence.answer->elicit.hops) {
    return undecided(Reason::UnknownDistance, evidence,
                     fmt::format("A RST came to TTL {} but travelled {}; nothing else shows how far the host is.",
                                 evidence.answer->elicit.hops, count_of(back, "hop")));
  }
  if (!evidence.answer->is_pinned) {
    return undecided(Reason::TooFewReplies, evidence, "A RST came, but not enough to tell from where on.");
  }
  return found(Kind::Refused, Confidence::Low, at_destination(evidence),
               fmt::format("{} at TTL {}; nothing else shows how far the host is, so a device on the way may have sent "
                           "it.",
                           describe_answer(*evidence.answer), evidence.answer->elicit.hops));
}

std::optional<Verdict> answer_without_probe(const Case& evidence) {
  if (evidence.answer || !evidence.path.has_unattributed_answer()) return std::nullopt;
  return undecided(Reason::TooFewReplies, evidence, "Answers came, but none could be pinned to one probe.");
}

/// Flows of which a probe beyond `last` found silence while the capture lost nothing.
std::size_t flows_silent_without_loss(const Case& evidence, Ttl last) {
  const auto flows = evidence.path.flows();
  return static_cast<std::size_t>(std::count_if(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      const bool is_silent = probe.ttl > last && probe.replies.empty() && path::has_left(probe);
      return is_silent && evidence.capture_loss->between(probe.sent, probe.sent + kAnswerTime) == 0;
    });
  }));
}

std::optional<Verdict> silence_while_capture_lost(const Case& evidence) {
  if (evidence.answer || evidence.capture_loss == nullptr || evidence.path.flows().empty()) return std::nullopt;
  const auto farthest = evidence.path.farthest_router();
  const Ttl last{farthest ? farthest->ttl : Ttl{0}};
  const auto probes = evidence.path.sent_between();
  const std::uint64_t lost =
      probes ? evidence.capture_loss->between(probes->first, probes->second + kAnswerTime) : std::uint64_t{0};
  if (lost == 0 || flows_silent_without_loss(evidence, last) >= kFlowsForSilence) return std::nullopt;
  return undecided(
      Reason::CaptureLoss, evidence,
      fmt::format("No answer, but the capture itself lost {} meanwhile.", count_of(static_cast<int>(lost), "packet")));
}

/// Routers ration their errors over all ports: where another port is rejected, this one's rejects may have been lost.
std::optional<Verdict> silence_beside_rejection(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const auto farthest = evidence.path.farthest_router();
  const Ttl last{farthest ? farthest->ttl : Ttl{0}};
  for (const path::PortPath& other : evidence.others) {
    const auto answer = other.answer();
    const bool is_rejected =
        answer && answer->reply->kind == path::ReplyKind::Unreachable && answer->reply->from != evidence.target;
    if (!is_rejected || answer->elicit <= last || answer->elicit - last > 2) continue;
    return undecided(Reason::TooFewReplies, evidence,
                     fmt::format("No answer beyond hop {}, where port {} draws {}; its rate limit may have swallowed "
                                 "those of this port.",
                                 last.hops, other.port().number, describe_error(*answer)));
  }
  return std::nullopt;
}

std::optional<Verdict> silence(const Case& evidence) {
  if (evidence.answer) return std::nullopt;
  const auto farthest = evidence.path.farthest_router();
  const Ttl last{farthest ? farthest->ttl : Ttl{0}};
  const int beyond = evidence.path.probes_from(last + 1);
  const std::size_t flows = evidence.path.flows().size();
  if (flows == 0) return undecided(Reason::TooFewReplies, evidence, "No probe was seen to leave this host.");
  if (flows < kFlowsForSilence) {
    return undecided(Reason::TooFewReplies, evidence,
                     fmt::format("No answer to {} yet, on {}.", count_of(beyond, "probe"),
                                 count_of(static_cast<int>(flows), "source port")));
  }
  const Location location = where_silence_begins(evidence);
  const bool has_control = location.first_missed.has_value();
  const Confidence without_control = farthest ? Confidence::Medium : Confidence::Low;
  return found(Kind::Dropped, has_control ? Confidence::High : without_control, location,
               fmt::format("{} beyond hop {} drew nothing, from {}; {}.", count_of(beyond, "probe"), last.hops,
                           count_of(static_cast<int>(flows), "source port"), describe_control(location)));
}

constexpr std::array kRules{
    Rule{.name = "send-refused", .decide = send_refused},
    Rule{.name = "routers-repeat", .decide = routers_repeat},
    Rule{.name = "host-unreachable", .decide = host_unreachable},
    Rule{.name = "rejected-by-the-destination", .decide = rejected_by_destination},
    Rule{.name = "rejected-on-the-way", .decide = rejected_on_the_way},
    Rule{.name = "answered-short-of-the-destination", .decide = answered_short_of_destination},
    Rule{.name = "answer-travelled-one-hop-less", .decide = answer_travelled_one_hop_less},
    Rule{.name = "answered-beyond-the-destination", .decide = answered_beyond_destination},
    Rule{.name = "answers-disagree", .decide = answers_disagree},
    Rule{.name = "accepted-by-the-destination", .decide = accepted_by_destination},
    Rule{.name = "refused-by-the-destination", .decide = refused_by_destination},
    Rule{.name = "answer-without-probe", .decide = answer_without_probe},
    Rule{.name = "silence-while-capture-lost", .decide = silence_while_capture_lost},
    Rule{.name = "silence-beside-a-rejection", .decide = silence_beside_rejection},
    Rule{.name = "silence", .decide = silence},
};

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

}  // namespace smtpath::verdict
