#include "verdict/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "smtpath/path/back.h"
#include "verdict/finding.h"
#include "verdict/interception.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

bool is_tcp_answer(const Case& evidence) {
  return is_syn_ack(evidence) || is_reset(evidence);
}

Kind kind_of_forgery(const Case& evidence) {
  return is_syn_ack(evidence) ? Kind::Intercepted : Kind::ResetInjected;
}

/// Some port's answers begin farther away than this one's, and nothing tells which of the two is the host.
bool is_contradicted(const Case& evidence) {
  if (evidence.distance) return false;
  return std::any_of(evidence.others.begin(), evidence.others.end(), [&](const path::PortPath& other) {
    const auto answer = other.answer_of_target();
    const bool is_farther = answer && answer->elicit > evidence.answer->elicit;
    const auto router = other.farthest_router();
    return is_farther || (router && router->ttl >= evidence.answer->elicit);
  });
}

/// Another port is accepted where this one's answer begins.
bool is_accepted_there(const Case& evidence) {
  return std::any_of(evidence.others.begin(), evidence.others.end(), [&](const path::PortPath& other) {
    const auto answer = other.answer_of_target();
    return answer && answer->elicit == evidence.answer->elicit && answer->reply->kind == path::ReplyKind::SynAck;
  });
}

/// The target passes this port on: it says that time ended on the way to what answers.
bool is_forwarded(const Case& evidence) {
  const auto own = evidence.path.own_time_exceeded();
  return own && evidence.distance && *own >= evidence.distance->ttl && evidence.answer->elicit > *own;
}

/// Where other routers than those of the host's other ports pass this one's probes; absent: nowhere.
std::optional<Ttl> first_other_router(const Case& evidence) {
  for (const path::SeenHop& router : evidence.path.routers()) {
    const std::vector<IpAddress> others = routers_of_others(evidence, router.ttl);
    const bool is_known = std::find(others.begin(), others.end(), router.address) != others.end();
    if (!others.empty() && !is_known) return router.ttl;
  }
  return std::nullopt;
}

/// It begins where the echo reply does, and came back as that did.
bool is_like_the_host(const Case& evidence) {
  const auto& echoed = evidence.echo.answer();
  if (!echoed || !evidence.distance || evidence.answer->elicit != evidence.distance->ttl) return false;
  return echoed->elicit == evidence.answer->elicit && echoed->reply->ttl == evidence.answer->reply->ttl;
}

/// At how many TTLs the target itself said that time ended.
std::size_t errors_of_its_own(const path::PortPath& path) {
  std::set<Ttl> ttls;
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (reply.kind == path::ReplyKind::TimeExceeded && reply.from == path.target()) ttls.insert(probe.ttl);
      }
    }
  }
  return ttls.size();
}

std::string forwarded_words(const Case& evidence) {
  if (!is_forwarded(evidence)) return {};
  return fmt::format(" The address itself passes this port on at hop {}.", evidence.path.own_time_exceeded()->hops);
}

}  // namespace

std::optional<Verdict> translated_on_the_way(const Case& evidence) {
  const auto own = evidence.path.own_time_exceeded();
  const auto quoted = evidence.path.translated_by();
  const auto since = own && quoted ? std::min(own, quoted) : (own ? own : quoted);
  if (!is_tcp_answer(evidence) || !since || is_forwarded(evidence)) return std::nullopt;
  // Whoever translates does so to everything that comes from behind; what is beside the truth alone is forged.
  if (own && last_router(evidence) >= *own) return std::nullopt;
  const auto passes = [&](const path::PortPath& path) {
    const auto router = path.farthest_router();
    return router && router->ttl >= *since && !path.translated_by();
  };
  // An address may well be translated for every port alike.
  const bool is_short = own && evidence.distance && *own < evidence.distance->ttl;
  if (!is_short && !passes(evidence.echo) && std::none_of(evidence.others.begin(), evidence.others.end(), passes)) {
    return std::nullopt;
  }
  if (!quoted && is_like_the_host(evidence) && errors_of_its_own(evidence.path) == 1) {
    return undecided(
        Reason::ContradictoryReplies, evidence,
        fmt::format("At hop {} an error came in the destination's name, short of it, but the {} is like the "
                    "host's: this port is led elsewhere, or a router there speaks as the destination.",
                    since->hops, is_reset(evidence) ? "RST" : "SYN-ACK"));
  }
  const bool is_nearer = evidence.distance && evidence.answer->elicit < evidence.distance->ttl;
  Location location = is_nearer ? where_answer_begins(evidence, *evidence.answer) : where_silence_begins(evidence);
  location.place = Place::Path;
  if (!is_nearer && location.first_missed && location.first_missed->ttl < *since) {
    location.first_missed = HopReference{.ttl = *since, .address = {}};  // what lies nearer was only lost
  }
  return found(kind_of_forgery(evidence), Confidence::High, location,
               fmt::format("From hop {} on, errors to this port {}: its probes are sent to another host, and the {} is "
                           "that one's.",
                           since->hops,
                           own ? "come in the destination's own name where other ports meet routers"
                               : "quote its probes as bound for another address",
                           is_reset(evidence) ? "RST" : "SYN-ACK"));
}

std::optional<Verdict> answered_short_of_destination(const Case& evidence) {
  if (!is_tcp_answer(evidence) || !evidence.distance) return std::nullopt;
  const int missing = evidence.distance->ttl - evidence.answer->elicit;
  if (missing < 1) return std::nullopt;
  const Confidence confidence = missing >= 2 && evidence.answer->is_pinned ? Confidence::High : Confidence::Medium;
  return found(kind_of_forgery(evidence), confidence, where_answer_begins(evidence, *evidence.answer),
               fmt::format("{} came to a probe of TTL {}, which expires {} short of the destination at {} ({}).",
                           describe_answer(*evidence.answer), evidence.answer->elicit.hops, count_of(missing, "hop"),
                           evidence.distance->ttl.hops, describe_distance(*evidence.distance)));
}

std::optional<Verdict> answer_travelled_one_hop_less(const Case& evidence) {
  if (!is_tcp_answer(evidence) || !evidence.distance || evidence.answer->elicit != evidence.distance->ttl) {
    return std::nullopt;
  }
  const int back = path::back_of(evidence.answer->reply->ttl);
  std::string_view of_host = "the host's own SYN-ACKs on other ports";
  auto host_back = back_of_other_syn_acks(evidence);
  // What accepts in the host's name may do so on every port, and leaves the echo alone.
  if (is_syn_ack(evidence) && (!host_back || *host_back == back)) {
    host_back = back_of_echo_reply(evidence);
    of_host = "the host's echo reply";
  }
  if (is_reset(evidence) && !host_back && !is_accepted_there(evidence)) {
    host_back = back_of_echo_reply(evidence);
    of_host = "the host's echo reply";
  }
  // The host's ways back may differ by port; what comes from as far as its echo replies is its own.
  if (!host_back || back != *host_back - 1 || back_of_echo_reply(evidence) == back) return std::nullopt;
  // Its errors, where it sends any, travel as far.
  const auto back_of_last = back_of_router(evidence, evidence.distance->ttl - 1);
  if (back_of_last && *back_of_last != back) return std::nullopt;
  path::Answer answer = *evidence.answer;
  answer.is_pinned = true;  // it is the way back that tells where
  return found(
      kind_of_forgery(evidence), Confidence::Medium, where_answer_begins(evidence, answer),
      fmt::format("The {} travelled {}, {} {}: the last device before the host sent it.",
                  is_reset(evidence) ? "RST" : "SYN-ACK", count_of(back, "hop"), of_host, count_of(*host_back, "hop")));
}

std::optional<Verdict> answered_beyond_destination(const Case& evidence) {
  const bool is_shown_by_address = evidence.distance && evidence.distance->source != path::Distance::Source::Ports;
  if (!is_tcp_answer(evidence) || !is_shown_by_address || evidence.answer->elicit <= evidence.distance->ttl) {
    return std::nullopt;
  }
  const auto farthest = evidence.path.farthest_router();
  if (!farthest || farthest->ttl < evidence.distance->ttl || is_forwarded(evidence)) return std::nullopt;
  const Location location{.place = Place::Path,
                          .last_reached = {.ttl = farthest->ttl, .address = farthest->address},
                          .first_missed = {},
                          .suspect = {}};
  return found(kind_of_forgery(evidence), Confidence::Medium, location,
               fmt::format("The host is at hop {}, but there or beyond this port's probes met {} and went on: they are "
                           "redirected elsewhere.",
                           evidence.distance->ttl.hops, to_string(farthest->address)));
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
  std::string text = fmt::format("{} at the destination, hop {} ({}).", describe_answer(*evidence.answer),
                                 evidence.answer->elicit.hops, describe_distance(*evidence.distance));
  const auto other_way = first_other_router(evidence);
  if (other_way) {
    text +=
        fmt::format(" From hop {} on its probes pass other routers than those of the other ports.", other_way->hops);
  }
  return found(Kind::Open, other_way || is_unlike_others(evidence) ? Confidence::Medium : Confidence::High,
               std::nullopt, text + forwarded_words(evidence));
}

std::optional<Verdict> refused_by_destination(const Case& evidence) {
  if (!is_reset(evidence)) return std::nullopt;
  if (evidence.distance) {
    return found(
        Kind::Refused, Confidence::High, at_destination(evidence),
        fmt::format("{} from the destination, hop {} ({}).{}", describe_answer(*evidence.answer),
                    evidence.answer->elicit.hops, describe_distance(*evidence.distance), forwarded_words(evidence)));
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

}  // namespace smtpath::verdict
