#include "smtpath/verdict/outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/opening_rules.h"
#include "verdict/outcome_rules.h"
#include "verdict/session_words.h"
#include "verdict/stall.h"

namespace smtpath::verdict {

namespace {

using session::Side;

std::optional<ClosedBy> closed_by(const session::Session& session) {
  const bool has_client = session.streams.client.has_finished;
  const bool has_server = session.streams.server.has_finished;
  if (has_client && has_server) return ClosedBy::Both;
  if (has_client || session.first_fin == Side::Client) return ClosedBy::Client;
  if (has_server || session.first_fin == Side::Server) return ClosedBy::Server;
  return std::nullopt;
}

std::optional<session::IcmpNote> icmp_that_mattered(const SessionCase& evidence) {
  const auto side = side_with_too_large(evidence);
  const session::IcmpNote* note = side ? size_note(evidence, *side) : nullptr;
  if (note == nullptr) note = telling_icmp(evidence.session);
  if (note == nullptr) return std::nullopt;
  return *note;
}

bool is_meddled_with(const smtp::Transcript& said) {
  return said.is_greeting_masked || said.is_starttls_masked || said.is_verb_masked;
}

std::vector<std::string> notes_on(const SessionCase& evidence, Outcome outcome) {
  std::vector<std::string> notes;
  const session::Session& session = evidence.session;
  if (evidence.dialogue.is_greeting_masked) {
    notes.emplace_back(
        "The greeting is masked with asterisks: a middlebox, such as a firewall that inspects SMTP, "
        "changes the dialogue.");
  }
  const bool is_masked = evidence.dialogue.is_starttls_masked || evidence.dialogue.is_verb_masked;
  if (is_masked && outcome != Outcome::StarttlsStripped) {
    notes.emplace_back("Words of the dialogue are masked with X's, as firewalls do that inspect SMTP.");
  }
  if (session.has_two_answerers) {
    notes.emplace_back("Two SYN-ACKs disagree in their sequence number: two machines answer in the server's name.");
  }
  const std::uint64_t lost = session.streams.client.bytes_not_captured + session.streams.server.bytes_not_captured;
  if (lost > 0) notes.push_back(fmt::format("The capture lacks {} that were sent.", number_of(lost, "byte")));
  if (session.syn_sent > 1 && session.syn_acks > 0) {
    notes.push_back(fmt::format("The handshake took {} SYNs.", session.syn_sent));
  }
  return notes;
}

}  // namespace

SessionVerdict diagnose(const session::Session& session) {
  const SessionCase evidence(session);
  SessionVerdict verdict;
  for (const OutcomeRule& rule : outcome_rules()) {
    auto ruling = rule.decide(evidence);
    if (!ruling) continue;
    verdict.rule = rule.name;
    verdict.outcome = rule.outcome;
    verdict.stage = ruling->stage.value_or(evidence.stage);
    verdict.has_failed = ruling->has_failed.value_or(is_failure(rule.outcome));
    verdict.is_probe = ruling->is_probe;
    verdict.text = std::move(ruling->text);
    break;
  }
  if (evidence.reset) verdict.reset_by = evidence.reset->by;
  verdict.closed_by = closed_by(session);
  verdict.is_meddled_with = is_meddled_with(evidence.dialogue);
  verdict.is_black_hole = evidence.is_waiting_long() && side_with_too_large(evidence).has_value();
  verdict.icmp = icmp_that_mattered(evidence);
  verdict.notes = notes_on(evidence, verdict.outcome);
  return verdict;
}

}  // namespace smtpath::verdict
