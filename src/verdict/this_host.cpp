#include "verdict/this_host.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "verdict/candidates.h"
#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

bool takes_another_way(const Case& evidence) {
  return evidence.route != nullptr && evidence.route->difference == facts::PortRoute::Difference::OtherGateway;
}

/// The first probe that the loopback interface showed, or that this host sent to another address.
const path::Probe* redirected_probe(const path::PortPath& path) {
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (probe.is_on_loopback || probe.redirected_to) return &probe;
    }
  }
  return nullptr;
}

/// Probes of other ports or echo requests left this host.
bool do_others_leave(const Case& evidence) {
  const auto has_left = [](const path::PortPath& path) { return path.probes_from(Ttl{0}) > 0; };
  return has_left(evidence.echo) || std::any_of(evidence.others.begin(), evidence.others.end(), has_left);
}

/// Whether the kernel answered a SYN-ACK of this port with a reset of its own; absent: there was no SYN-ACK.
std::optional<bool> was_reset_here(const path::PortPath& path) {
  std::optional<bool> was_reset;
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (reply.kind == path::ReplyKind::SynAck) was_reset = was_reset.value_or(false) || reply.was_reset_here;
      }
    }
  }
  return was_reset;
}

/// A verdict of this host, with the rules that may be behind it.
Verdict found_here(const Case& evidence, Kind kind, std::string why, const Suspicion& suspicion) {
  Verdict verdict = found(kind, Confidence::High, on_this_host(), std::move(why));
  if (auto rules = describe_candidates(evidence, suspicion)) {
    verdict.evidence.push_back({.rule = "rules-of-this-host", .text = *std::move(rules)});
  }
  return verdict;
}

using facts::Effect;
using facts::Hook;
const std::vector<Hook> kOfSending{Hook::Output, Hook::Postrouting};
const std::vector<Hook> kOfLeaving{Hook::Egress};
const std::vector<Hook> kOfArriving{Hook::Ingress, Hook::Prerouting, Hook::Input};

/// A SYN-ACK that came in by another interface than the one its probe left by; null: there is none.
const path::Reply* crossed_syn_ack(const path::PortPath& path) {
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        const bool is_known = probe.interface_index != 0 && reply.interface_index != 0;
        const bool is_crossed = is_known && probe.interface_index != reply.interface_index;
        if (reply.kind == path::ReplyKind::SynAck && is_crossed) return &reply;
      }
    }
  }
  return nullptr;
}

bool checks_the_way_back(const facts::LocalHost& host, std::uint32_t interface_index) {
  return std::any_of(host.strict_reverse_path.begin(), host.strict_reverse_path.end(),
                     [&](const facts::StrictInterface& interface) { return interface.index == interface_index; });
}

}  // namespace

std::optional<Verdict> mail_has_no_route(const Case& evidence) {
  if (evidence.route == nullptr || evidence.route->difference != facts::PortRoute::Difference::Refused) {
    return std::nullopt;
  }
  return found(Kind::NoRoute, Confidence::High, on_this_host(),
               fmt::format("This host's kernel has no route for connections to port {} ({}), though it has one to the "
                           "host.",
                           evidence.path.port().number, errno_name(evidence.route->error)));
}

std::optional<Verdict> answered_by_this_host(const Case& evidence) {
  if (!evidence.answer || !evidence.answer->is_of_this_host() || evidence.is_target_local) return std::nullopt;
  const path::Probe& probe = *evidence.answer->probe;
  if (probe.redirected_to) return std::nullopt;
  if (is_reset(evidence)) {
    return found_here(evidence, Kind::ResetInjected,
                      "A RST in the destination's name came over the loopback interface: a rule of this host sent it.",
                      {.hooks = kOfSending, .effect = Effect::Reset});
  }
  if (!is_unreachable(evidence)) return std::nullopt;
  const std::string error = describe_error(*evidence.answer);
  if (probe.is_unseen && speaks_of_host(*evidence.answer->reply)) {
    return found(Kind::Unreachable, Confidence::High, on_this_host(),
                 fmt::format("{}: this host found nobody at the next hop's address, and no probe left.", error));
  }
  return found_here(evidence, Kind::Rejected,
                    fmt::format("{} came over the loopback interface: this host itself rejects the port.", error),
                    {.hooks = kOfSending, .effect = Effect::Reject});
}

/// What lies near this host is not on mail's way; what the destination itself does is seen from any way.
std::optional<Verdict> mail_takes_another_way(const Case& evidence) {
  const bool is_answered = is_syn_ack(evidence) || is_reset(evidence);
  const bool is_of_destination =
      is_answered && (!evidence.distance || evidence.answer->elicit >= evidence.distance->ttl);
  if (!takes_another_way(evidence) || is_of_destination) return std::nullopt;
  return undecided(Reason::OtherRoute, evidence,
                   fmt::format("Mail to this port leaves this host over {}{}, where probes cannot follow, and on their "
                               "way nothing of the destination answered.",
                               evidence.route->interface,
                               evidence.route->gateway ? " via " + to_string(*evidence.route->gateway) : ""));
}

std::optional<Verdict> send_refused(const Case& evidence) {
  const auto refusal = evidence.path.refusal();
  if (!refusal) return std::nullopt;
  if (*refusal == EPERM) {
    return found_here(
        evidence, Kind::Dropped,
        "This host's kernel refused every send (EPERM): a local firewall rule or a full connection table.",
        {.hooks = kOfSending, .effect = Effect::Drop});
  }
  if (*refusal == ENOBUFS && do_others_leave(evidence)) {
    return found_here(
        evidence, Kind::Dropped,
        "Every send failed as if the queue were full (ENOBUFS), and those of others did not: a filter on the "
        "interface drops them.",
        {.hooks = kOfLeaving, .effect = Effect::Drop});
  }
  if (*refusal == ENOBUFS) {
    return undecided(Reason::TooFewReplies, evidence, "The interface's queue was full at every send (ENOBUFS).");
  }
  return found(Kind::NoRoute, Confidence::High, on_this_host(),
               fmt::format("This host's kernel refused every send ({}).", errno_name(*refusal)));
}

std::optional<Verdict> redirected_on_this_host(const Case& evidence) {
  const path::Probe* probe = redirected_probe(evidence.path);
  if (probe == nullptr || evidence.is_target_local) return std::nullopt;
  const std::string where = probe->redirected_to ? fmt::format("sent to {} instead", to_string(*probe->redirected_to))
                                                 : std::string("sent over the loopback interface");
  return found(
      Kind::Intercepted, Confidence::High, on_this_host(),
      fmt::format("This host does not let connections to this port go to the destination: they are {}.", where));
}

std::optional<Verdict> never_left_this_host(const Case& evidence) {
  if (!evidence.path.is_unseen()) return std::nullopt;
  if (do_others_leave(evidence)) {
    return found_here(
        evidence, Kind::Dropped,
        "The kernel took every probe of this port and no interface saw one leave, while others left: a filter "
        "of this host stops them on their way out.",
        {.hooks = kOfLeaving, .effect = Effect::Drop});
  }
  if (evidence.next_hop.was_asked && !evidence.next_hop.has_answered) {
    return found(Kind::Unreachable, Confidence::High, on_this_host(),
                 "No probe left: nobody answered to the next hop's address on the link.");
  }
  return undecided(Reason::TooFewReplies, evidence, "No probe was seen to leave this host.");
}

std::optional<Verdict> stopped_on_arrival(const Case& evidence) {
  if (!is_syn_ack(evidence) || was_reset_here(evidence.path) != false) return std::nullopt;
  const bool comes_through = std::any_of(evidence.others.begin(), evidence.others.end(),
                                         [](const path::PortPath& other) { return was_reset_here(other) == true; });
  if (!comes_through) return std::nullopt;
  return found_here(
      evidence, Kind::Dropped,
      fmt::format("{} arrived, but this host's kernel, which resets such answers of other ports, never saw "
                  "it: a filter of this host stops it.",
                  describe_answer(*evidence.answer)),
      {.hooks = kOfArriving, .effect = Effect::Drop});
}

std::optional<Verdict> stopped_by_the_reverse_path_filter(const Case& evidence) {
  if (!is_syn_ack(evidence) || was_reset_here(evidence.path) != false || evidence.host == nullptr) return std::nullopt;
  const path::Reply* crossed = crossed_syn_ack(evidence.path);
  if (crossed == nullptr) return std::nullopt;
  const Suspicion suspicion{.hooks = kOfArriving, .effect = Effect::Drop};
  const bool is_strict = checks_the_way_back(*evidence.host, crossed->interface_index);
  if (!is_strict && count_candidates(evidence, suspicion) == 0) return std::nullopt;
  Verdict verdict = found_here(
      evidence, Kind::Dropped,
      fmt::format(
          "{} came in by another interface than its probe left by, and this host's kernel never saw it: {}.",
          describe_answer(*evidence.answer),
          is_strict ? "strict reverse-path filtering (rp_filter 1) drops it" : "a filter of this host stops it"),
      suspicion);
  if (is_strict) verdict.evidence.resize(1);
  if (!is_strict) verdict.confidence = Confidence::Medium;
  return verdict;
}

}  // namespace smtpath::verdict
