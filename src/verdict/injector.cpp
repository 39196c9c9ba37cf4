#include "verdict/injector.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "smtpath/path/double_answers.h"
#include "verdict/finding.h"
#include "verdict/place_of.h"
#include "verdict/wording.h"

namespace smtpath::verdict {

namespace {

using path::ReplyKind;

std::string_view name_of(ReplyKind kind) {
  return kind == ReplyKind::Rst ? "RST" : "SYN-ACK";
}

Kind forgery_by(ReplyKind kind) {
  return kind == ReplyKind::Rst ? Kind::ResetInjected : Kind::Intercepted;
}

/// The address itself showed where it is.
bool is_distance_shown(const Case& evidence) {
  return evidence.distance && evidence.distance->source != path::Distance::Source::Ports;
}

/// The least TTL of a probe that died short of the host and was answered in its name.
std::optional<Ttl> expired_and_drew(const Case& evidence, ReplyKind kind) {
  const auto host = is_distance_shown(evidence) ? std::optional(evidence.distance->ttl) : std::nullopt;
  std::optional<Ttl> least;
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    const auto ttl = path::expired_and_drew(*flow, kind, evidence.target, host);
    if (ttl) least = std::min(least.value_or(*ttl), *ttl);
  }
  return least;
}

bool was_accepted_and_reset(const Case& evidence) {
  const auto flows = evidence.path.flows();
  return std::any_of(flows.begin(), flows.end(),
                     [&](const path::FlowTrace* flow) { return path::was_accepted_and_reset(*flow, evidence.target); });
}

Location where_it_begins(const Case& evidence, const std::optional<path::Answer>& answer) {
  return answer ? where_answer_begins(evidence, *answer) : anywhere_before_the_destination(evidence);
}

/// Which of two answers to one probe is forged: the one that begins short of the host, or nearer than the other. The
/// reset, where both begin at one TTL.
std::optional<ReplyKind> forged_of_both(const Case& evidence, const std::optional<path::Answer>& accepted,
                                        const std::optional<path::Answer>& reset) {
  if (!accepted || !reset) return ReplyKind::Rst;
  if (!evidence.distance) return accepted->elicit < reset->elicit ? ReplyKind::SynAck : ReplyKind::Rst;
  const bool is_accept_short = accepted->elicit < evidence.distance->ttl;
  const bool is_reset_short = reset->elicit < evidence.distance->ttl;
  if (is_accept_short && is_reset_short) return std::nullopt;
  return is_accept_short ? ReplyKind::SynAck : ReplyKind::Rst;
}

/// Nothing but this port's own errors shows its last router.
bool is_last_router_doubtful(const Case& evidence) {
  const auto farthest = evidence.path.farthest_router();
  if (!farthest) return false;
  const std::vector<IpAddress> others = routers_of_others(evidence, farthest->ttl);
  return std::find(others.begin(), others.end(), farthest->address) == others.end();
}

/// Some unreachable is from beyond this hop.
bool is_rejected_beyond(const Case& evidence, Ttl hop) {
  const auto flows = evidence.path.flows();
  return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const path::Probe& probe) {
      return std::any_of(probe.replies.begin(), probe.replies.end(), [&](const path::Reply& reply) {
        return reply.kind == ReplyKind::Unreachable && path::died_at(probe, reply) > hop;
      });
    });
  });
}

std::uint64_t ignored_resets(const Case& evidence) {
  std::uint64_t count = 0;
  for (const path::FlowTrace* flow : evidence.path.flows()) count += flow->ignored_resets;
  return count;
}

}  // namespace

std::optional<Verdict> expired_and_answered(const Case& evidence) {
  const auto reset = expired_and_drew(evidence, ReplyKind::Rst);
  const auto accepted = expired_and_drew(evidence, ReplyKind::SynAck);
  if (!reset && !accepted) return std::nullopt;
  if (reset && accepted) {
    return undecided(Reason::ContradictoryReplies, evidence,
                     "Probes whose time ended on the way drew SYN-ACKs as well as RSTs: both are forged, and nothing "
                     "tells what the destination says.");
  }
  const ReplyKind kind = reset ? ReplyKind::Rst : ReplyKind::SynAck;
  const auto answer = evidence.path.answer_by(kind);
  return found(forgery_by(kind), answer && answer->is_pinned ? Confidence::High : Confidence::Medium,
               where_it_begins(evidence, answer),
               fmt::format("The time of a probe of TTL {} ended on the way, and it drew a {} all the same: a device on "
                           "the way copies the packets of this port and answers the copies.",
                           (reset ? *reset : *accepted).hops, name_of(kind)));
}

std::optional<Verdict> accepted_and_reset(const Case& evidence) {
  if (!was_accepted_and_reset(evidence)) return std::nullopt;
  const auto accepted = evidence.path.answer_by(ReplyKind::SynAck);
  const auto reset = evidence.path.answer_by(ReplyKind::Rst);
  const auto forged = forged_of_both(evidence, accepted, reset);
  if (!forged) {
    return undecided(Reason::ContradictoryReplies, evidence,
                     "The same probes drew SYN-ACKs and RSTs, both from short of the destination.");
  }
  const auto& answer = *forged == ReplyKind::Rst ? reset : accepted;
  const bool is_short = answer && evidence.distance && answer->elicit < evidence.distance->ttl && answer->is_pinned;
  return found(forgery_by(*forged), is_short ? Confidence::High : Confidence::Medium, where_it_begins(evidence, answer),
               fmt::format("The same probe drew a SYN-ACK and a RST, and no host says both: the {} is forged{}.",
                           name_of(*forged), is_short ? ", for it begins short of the destination" : ""));
}

// Ways back of one host differ by a few hops at most, where its flows take several.
std::optional<Verdict> answer_copies_its_probe(const Case& evidence) {
  constexpr int kFewHops = 3;
  if (!is_reset(evidence) && !is_syn_ack(evidence)) return std::nullopt;
  const auto copies = copies_in(evidence, *evidence.answer->reply);
  if (!copies || copies->most - copies->least <= kFewHops) return std::nullopt;
  return found(
      forgery_by(evidence.answer->reply->kind), Confidence::High, where_answer_begins(evidence, *evidence.answer),
      fmt::format("Each {} arrives with {} less than the TTL of the probe that drew it, of {} as of {}: no host "
                  "copies that, a device on the way does.",
                  name_of(evidence.answer->reply->kind), copies->hops, copies->most.hops, copies->least.hops));
}

std::optional<Verdict> errors_contradicted(const Case& evidence) {
  const bool is_rejection_contradicted = evidence.path.are_errors_contradicted();
  const bool are_contradicted =
      is_rejection_contradicted || path::are_expiries_contradicted(evidence.path.flows(), evidence.target);
  if (evidence.answer || !are_contradicted) return std::nullopt;
  const bool may_be_rejected = is_rejection_contradicted && is_rejected_beyond(evidence, last_router(evidence));
  if (!may_be_rejected && !is_last_router_doubtful(evidence)) return std::nullopt;
  return undecided(Reason::ContradictoryReplies, evidence,
                   "Errors say of the same probes that they were turned back and that they went on, and no other port "
                   "shows which of the two is true.");
}

void tell_of_forgeries(const Case& evidence, Verdict& verdict) {
  if (evidence.path.are_errors_contradicted()) {
    verdict.confidence = std::max(verdict.confidence, Confidence::Medium);  // High comes first
    verdict.evidence.push_back(
        {.rule = "forged-errors",
         .text = "ICMP unreachables came too, to probes that went on all the same: somebody forges them."});
  }
  if (const auto count = ignored_resets(evidence); count > 0) {
    verdict.evidence.push_back(
        {.rule = "ignored-resets",
         .text = fmt::format("{} came that clients ignore, without ACK or for the number of the SYN itself.",
                             count_of(static_cast<int>(std::min<std::uint64_t>(count, 1'000'000)), "RST"))});
  }
}

}  // namespace smtpath::verdict
