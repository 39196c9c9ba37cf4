#include "verdict/finding.h"

#include <utility>

#include "verdict/place_of.h"

namespace smtpath::verdict {

namespace {

bool is_answered_by(const Case& evidence, path::ReplyKind kind) {
  return evidence.answer && evidence.answer->reply->kind == kind;
}

}  // namespace

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

bool is_syn_ack(const Case& evidence) {
  return is_answered_by(evidence, path::ReplyKind::SynAck);
}

bool is_reset(const Case& evidence) {
  return is_answered_by(evidence, path::ReplyKind::Rst);
}

bool is_unreachable(const Case& evidence) {
  return is_answered_by(evidence, path::ReplyKind::Unreachable);
}

bool speaks_of_host(const path::Reply& reply) {
  if (!reply.icmp) return false;
  const auto code = reply.icmp->code;
  if (reply.from.is_ipv4()) return code == 0 || code == 1 || code == 6 || code == 7;
  return code == 0 || code == 3;
}

Ttl last_router(const Case& evidence) {
  const auto farthest = evidence.path.farthest_router();
  return farthest ? farthest->ttl : Ttl{0};
}

}  // namespace smtpath::verdict
