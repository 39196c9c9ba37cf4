#include "verdict/interception.h"

#include <fmt/format.h>

#include <algorithm>

#include "smtpath/path/fingerprint.h"
#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

using path::ReplyKind;

/// What SYNs to this port of nowhere drew; empty: nothing, or none were sent.
struct FromNowhere {
  int asked = 0;
  const path::Reply* accepted = nullptr;
};

void take(FromNowhere& result, const path::Reply& reply, const IpAddress& nowhere) {
  if (reply.kind == ReplyKind::SynAck && reply.from == nowhere && !reply.is_on_loopback) result.accepted = &reply;
}

FromNowhere from_nowhere(const Case& evidence) {
  FromNowhere result;
  if (evidence.nowhere == nullptr) return result;
  for (const path::FlowTrace& flow : evidence.nowhere->flows) {
    if (flow.destination_port != evidence.path.port()) continue;
    for (const path::Probe& probe : flow.probes) {
      result.asked += path::has_left(probe) ? 1 : 0;
      for (const path::Reply& reply : probe.replies) take(result, reply, evidence.nowhere->address);
    }
    for (const path::Reply& reply : flow.unattributed) take(result, reply, evidence.nowhere->address);
  }
  return result;
}

struct Comparison {
  Port port;
  std::vector<path::TraitDifference> differences;
};

/// With the accepted port that it is most like; absent: there is none.
std::optional<Comparison> comparison(const Case& evidence) {
  if (!is_syn_ack(evidence) || evidence.path.own_time_exceeded()) return std::nullopt;
  std::optional<Comparison> best;
  for (const path::PortPath& other : evidence.others) {
    const auto answer = other.answer_of_target();
    if (!answer || answer->reply->kind != ReplyKind::SynAck || other.own_time_exceeded()) continue;
    if (answer->elicit != evidence.answer->elicit) continue;  // that is told by other rules
    auto found = path::differences(*evidence.answer->reply, *answer->reply);
    if (best && best->differences.size() <= found.size()) continue;
    best = Comparison{.port = other.port(), .differences = std::move(found)};
  }
  return best;
}

}  // namespace

std::optional<Verdict> answered_from_nowhere(const Case& evidence) {
  const FromNowhere result = from_nowhere(evidence);
  if (!is_syn_ack(evidence) || result.accepted == nullptr) return std::nullopt;
  const bool is_alike = path::differences(*evidence.answer->reply, *result.accepted).empty();
  return found(
      Kind::Intercepted, is_alike ? Confidence::High : Confidence::Medium,
      where_answer_begins(evidence, *evidence.answer),
      fmt::format("A SYN to this port of {}, an address that nobody can have, drew a SYN-ACK too{}: a device on "
                  "the way accepts in anybody's name.",
                  to_string(evidence.nowhere->address), is_alike ? ", one like the host's" : ""));
}

bool is_unlike_others(const Case& evidence) {
  const auto compared = comparison(evidence);
  return compared && !compared->differences.empty();
}

void tell_of_interception(const Case& evidence, Verdict& verdict) {
  if (verdict.kind != Kind::Open && verdict.kind != Kind::Intercepted) return;
  if (const auto compared = comparison(evidence); compared && !compared->differences.empty()) {
    std::string traits;
    for (const path::TraitDifference& difference : compared->differences) {
      traits += (traits.empty() ? "" : ", ") + difference.text;
    }
    verdict.evidence.push_back(
        {.rule = "unlike-other-ports",
         .text = fmt::format("Its SYN-ACK differs from that of port {} in: {}.", compared->port.number, traits)});
  }
  const FromNowhere result = from_nowhere(evidence);
  if (result.asked == 0 || result.accepted != nullptr) return;
  verdict.evidence.push_back(
      {.rule = "nobody-answers-from-nowhere",
       .text = fmt::format("{} to this port of {}, an address that nobody can have, drew no SYN-ACK.",
                           count_of(result.asked, "SYN"), to_string(evidence.nowhere->address))});
}

}  // namespace smtpath::verdict
