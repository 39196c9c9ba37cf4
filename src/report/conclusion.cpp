#include "smtpath/report/conclusion.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/mail_words.h"
#include "report/phrase.h"
#include "report/where.h"
#include "smtpath/path/icmp_name.h"

namespace smtpath::report {

namespace {

using verdict::Kind;
using verdict::Place;

/// Ports of which the same can be said.
struct Group {
  std::vector<const PortReport*> ports;
  bool is_many() const { return ports.size() > 1; }
  const PortReport& first() const { return *ports.front(); }
  std::string numbers() const {
    std::vector<Port> all;
    for (const PortReport* port : ports) all.push_back(port->port);
    return enumeration_of(all);
  }
  Kind kind() const { return first().verdict.kind; }
};

bool is_closed_control(const PortReport& port) {
  return port.role != path::Role::Subject && port.verdict.kind == Kind::Refused;
}

std::string where(const PortReport& port) {
  const auto& location = port.verdict.location;
  if (!location) return "somewhere on the way";
  return words_of(*location);
}

/// For what the server may as well do itself.
std::string where_or_by_server(const PortReport& port) {
  const auto& location = port.verdict.location;
  if (location && location->place == Place::Edge && !location->suspect) {
    return "by the server or the last device before it";
  }
  return where(port);
}

std::string icmp_words(const PortReport& port, std::string_view otherwise) {
  if (!port.answer.icmp) return std::string(otherwise);
  return path::icmp_name(port.answer.icmp->from.family(), port.answer.icmp->type, port.answer.icmp->code);
}

std::string intermittent_words(const PortReport& port, bool many) {
  const std::string_view pass = many ? "pass" : "passes";
  const std::string_view hedge = hedge_of(port.verdict.confidence);
  if (!port.verdict.cause) return fmt::format("{} at times only", pass);
  switch (*port.verdict.cause) {
    case verdict::Cause::PathDependent: {
      const auto passed = std::count_if(port.flows.begin(), port.flows.end(),
                                        [](const FlowReport& flow) { return flow.kind == path::ReplyKind::SynAck; });
      return fmt::format("{} on some paths only ({} of {} flows) and {}fail{} {}", pass, passed, port.flows.size(),
                         hedge, many ? "" : "s", where(port));
    }
    case verdict::Cause::RateLimited:
      return fmt::format("{} at times only, {}because the rate is limited {}", pass, hedge, where(port));
    case verdict::Cause::Overloaded:
      return fmt::format("{} at times only, {}because the server is overloaded", pass, hedge);
    case verdict::Cause::Loss:
      return fmt::format("{} at times only, {}because packets get lost {}", pass, hedge, where(port));
  }
  return {};
}

std::string_view reason_words(const verdict::Verdict& verdict) {
  if (!verdict.reason) return "the packets do not tell";
  switch (*verdict.reason) {
    case verdict::Reason::CaptureLoss:
      return "the capture lost packets that may have been the answer";
    case verdict::Reason::TooFewReplies:
      return "too few replies came back";
    case verdict::Reason::ContradictoryReplies:
      return "the replies contradict each other";
    case verdict::Reason::UnknownDistance:
      return "nothing shows how far away the server is";
    case verdict::Reason::Interrupted:
      return "the run was cut short";
    case verdict::Reason::OtherRoute:
      return "mail to it leaves this host another way than probes can";
  }
  return {};
}

/// What is said of a port, or of many alike; ports whose predicates are equal form a group.
std::string predicate_of(const PortReport& port, bool many) {
  const bool is_local = port.verdict.location && port.verdict.location->place == Place::Local;
  const std::string is = fmt::format("{} {}", many ? "are" : "is", hedge_of(port.verdict.confidence));
  switch (port.verdict.kind) {
    case Kind::Open:
      return is + "open";
    case Kind::Refused:
      return is_closed_control(port) ? is + "closed at the server" : is + "refused by the server itself";
    case Kind::Dropped:
      return is_local ? is + "stopped on this host" : is + "dropped " + where_or_by_server(port);
    case Kind::Rejected:
      return is + fmt::format("rejected with {} {}", icmp_words(port, "an ICMP error"), where_or_by_server(port));
    case Kind::ResetInjected:
      return is + fmt::format("reset {} in the server's name", where(port));
    case Kind::Intercepted:
      return is + fmt::format("taken over {}: something else answers in the server's name", where(port));
    case Kind::Intermittent:
      return intermittent_words(port, many);
    case Kind::Loop:
      return is + fmt::format("caught in a routing loop {}", where(port));
    case Kind::Unreachable:
      return is + fmt::format("unreachable: {} {}", icmp_words(port, "silence"), where(port));
    case Kind::NoRoute:
      return is + "without a route from this host";
    case Kind::Inconclusive:
      return fmt::format("{} inconclusive: {}", many ? "are" : "is", reason_words(port.verdict));
  }
  return {};
}

/// Trouble before success, the subjects' before the controls'.
int rank_of(const PortReport& port) {
  if (is_closed_control(port)) return 3;
  if (port.verdict.kind == Kind::Open) return port.role == path::Role::Subject ? 1 : 2;
  return port.role == path::Role::Subject ? 0 : 1;
}

std::vector<Group> groups_of(const TargetReport& target) {
  std::vector<const PortReport*> ports;
  for (const PortReport& port : target.ports) ports.push_back(&port);
  std::stable_sort(ports.begin(), ports.end(), [](auto* a, auto* b) { return rank_of(*a) < rank_of(*b); });

  std::vector<Group> groups;
  for (const PortReport* port : ports) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return predicate_of(group.first(), true) == predicate_of(*port, true);
    });
    if (same != groups.end()) {
      same->ports.push_back(port);
    } else {
      groups.push_back({{port}});
    }
  }
  return groups;
}

/// The sentence on a host of which every port says the same, where that is of the host rather than of its ports.
std::string sentence_on_host(const Group& all, const TargetReport& target) {
  const PortReport& port = all.first();
  const std::string host = target.address ? to_string(*target.address) : "the host";
  if (port.verdict.kind == Kind::NoRoute) {
    return fmt::format("Nothing can be sent: this host has no route to {}, or no address to send from.", host);
  }
  if (port.verdict.kind != Kind::Unreachable) return {};
  if (port.verdict.location && port.verdict.location->place == Place::Local) {
    return fmt::format("{} cannot be reached: the next hop does not answer this host.", host);
  }
  return fmt::format("{} cannot be reached{}: {} {}.", host, all.is_many() ? " on any port asked" : "",
                     icmp_words(port, "silence"), where(port));
}

std::string sentence_on_ports(const std::vector<Group>& groups) {
  std::string sentence;
  const bool is_trouble_first = groups.front().kind() != Kind::Open;
  for (const Group& group : groups) {
    if (sentence.empty()) {
      sentence = group.is_many() ? "Ports " : "Port ";
    } else {
      sentence += "; ";
    }
    sentence += group.numbers() + ' ';
    if (is_trouble_first && group.kind() == Kind::Open &&
        group.first().verdict.confidence == verdict::Confidence::High) {
      sentence += group.is_many() ? "pass" : "passes";
    } else {
      sentence += predicate_of(group.first(), group.is_many());
    }
    if (!is_trouble_first && is_closed_control(group.first())) sentence += ", which is ordinary for a mail exchanger";
  }
  return sentence + '.';
}

std::string conclusion_on_path(const TargetReport& target) {
  const std::vector<Group> groups = groups_of(target);
  if (groups.size() > 1) return sentence_on_ports(groups);
  const std::string on_host = sentence_on_host(groups.front(), target);
  if (!on_host.empty()) return on_host;
  if (!groups.front().is_many()) return sentence_on_ports(groups);
  return fmt::format("All ports asked ({}) {}.", groups.front().numbers(), predicate_of(groups.front().first(), true));
}

}  // namespace

std::string conclusion_of(const TargetReport& target) {
  if (target.error) return target.error->text;
  if (target.ports.empty()) return {};
  return conclusion_on_path(target) + mail_sentences(target);
}

}  // namespace smtpath::report
