#include "smtpath/verdict/mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "verdict/mail_case.h"
#include "verdict/mail_tls_words.h"
#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using smtp::VisitStage;

Stage stage_of(const MailFacts& facts) {
  if (facts.connect != ConnectEnd::Established) return Stage::Syn;
  switch (facts.stage) {
    case VisitStage::Greeting:
      return Stage::Greeting;
    case VisitStage::Ehlo:
    case VisitStage::EhloInTls:
      return Stage::Ehlo;
    case VisitStage::StartTls:
      return Stage::StartTls;
    case VisitStage::Tls:
      return Stage::Tls;
    case VisitStage::Auth:
      return Stage::Auth;
    case VisitStage::Quit:
      return Stage::Quit;
  }
  return Stage::Syn;
}

std::vector<std::string> notes_on(const MailCase& visit, Outcome outcome) {
  constexpr Duration kSlow = std::chrono::seconds(3);
  const MailFacts& facts = visit.facts;
  std::vector<std::string> notes;
  if (facts.greeting_time && *facts.greeting_time >= kSlow) {
    notes.push_back(fmt::format("The greeting took {}.", time_words(*facts.greeting_time)));
  }
  if (facts.smuggled_bytes > 0) {
    notes.push_back(
        fmt::format("{} in the clear stood behind the answer to STARTTLS, and were thrown away "
                    "(CVE-2011-0411).",
                    number_of(facts.smuggled_bytes, "byte")));
  }
  if (facts.is_greeting_masked && outcome != Outcome::StarttlsStripped) {
    notes.emplace_back("The greeting is masked with asterisks: a firewall that inspects SMTP changes the dialogue.");
  }
  if (facts.auth && facts.auth->mechanism.empty() && outcome != Outcome::AuthFailed) {
    notes.emplace_back(visit.is_encrypted() ? "The password was not sent: nobody vouches for the server."
                                            : "The password was not sent: there was no TLS to send it in.");
  }
  const bool is_decisive = outcome == Outcome::GreetingTemporary || outcome == Outcome::GreetingRefused;
  if (facts.unsolicited && !is_decisive) {
    notes.push_back(fmt::format("The server said {} unasked.", reply_words(*facts.unsolicited)));
  }
  if (facts.tls && facts.tls->has_renegotiated && outcome != Outcome::TlsFailed) {
    notes.emplace_back("The server asked for a second TLS handshake, which was declined.");
  }
  if (auto expiry = expiry_words(facts)) notes.push_back(*std::move(expiry));
  if (facts.odd_lines > 0 && outcome != Outcome::ProtocolError) {
    notes.push_back(fmt::format("{} of the server's belonged to no reply.", number_of(facts.odd_lines, "line")));
  }
  return notes;
}

std::optional<smtp::Reply> copy(const smtp::OptionalReply& reply) {
  return reply;
}

}  // namespace

bool MailCase::has_extension(std::string_view keyword) const {
  const auto& offered = facts.extensions_in_tls.empty() ? facts.extensions : facts.extensions_in_tls;
  return std::any_of(offered.begin(), offered.end(),
                     [&](const std::string& line) { return line.substr(0, line.find(' ')) == keyword; });
}

void take_in(MailFacts& facts, const smtp::Visit& visit) {
  const smtp::Transcript& plain = visit.plain;
  const smtp::Transcript& last = visit.encrypted ? *visit.encrypted : plain;
  facts.stage = visit.stage;
  facts.end = visit.end;
  facts.waited = visit.waited;
  facts.greeting = copy(plain.greeting ? plain.greeting : last.greeting);
  facts.is_greeting_masked = plain.is_greeting_masked;
  const smtp::Verb hello = last.of(smtp::Verb::Helo).last_reply ? smtp::Verb::Helo : smtp::Verb::Ehlo;
  facts.ehlo = copy(last.of(hello).last_reply ? last.of(hello).last_reply : plain.of(smtp::Verb::Ehlo).last_reply);
  facts.extensions = plain.extensions.list();
  if (visit.encrypted) facts.extensions_in_tls = visit.encrypted->extensions.list();
  facts.is_starttls_offered = plain.is_starttls_offered;
  facts.is_starttls_masked = plain.is_starttls_masked;
  facts.is_starttls_asked = plain.of(smtp::Verb::StartTls).asked > 0;
  facts.starttls = copy(plain.of(smtp::Verb::StartTls).last_reply);
  facts.last_reply = copy(last.last_reply ? last.last_reply : plain.last_reply);
  facts.unsolicited = copy(last.last_unsolicited);
  facts.smuggled_bytes = visit.smuggled_bytes;
  facts.odd_lines = plain.odd_lines + (visit.encrypted ? visit.encrypted->odd_lines : 0);
  facts.auth = visit.auth;
  facts.greeting_time = visit.greeting;
  facts.ehlo_time = visit.ehlo;
  facts.starttls_time = visit.starttls;
  facts.tls_time = visit.tls;
}

MailVerdict judge_visit(const MailFacts& facts, const session::Session* packets) {
  MailCase visit{.facts = facts, .packets = {}};
  if (packets != nullptr) visit.packets = diagnose(*packets);
  MailVerdict verdict;
  for (const MailRule& rule : mail_rules()) {
    auto ruling = rule.decide(visit);
    if (!ruling) continue;
    verdict.rule = rule.name;
    verdict.outcome = rule.outcome;
    verdict.stage = ruling->stage.value_or(stage_of(facts));
    verdict.reply = std::move(ruling->reply);
    verdict.text = std::move(ruling->text);
    break;
  }
  if (!verdict.reply) verdict.reply = facts.last_reply;
  if (visit.packets) {
    const bool is_reset = facts.end == smtp::VisitEnd::Reset || (facts.tls && facts.tls->end == facts::TlsEnd::Reset);
    if (is_reset) verdict.reset_by = visit.packets->reset_by;
    verdict.is_black_hole = visit.packets->is_black_hole;
  }
  const bool is_stalled = verdict.outcome == Outcome::TlsStalled || verdict.outcome == Outcome::Stalled;
  if (is_stalled && has_helped(facts, Retry::SmallSegments)) verdict.is_black_hole = true;
  verdict.is_meddled_with = facts.is_greeting_masked || facts.is_starttls_masked;
  verdict.notes = notes_on(visit, verdict.outcome);
  return verdict;
}

namespace {

/// STARTTLS that one port lacks and another of the same host has.
void compare(std::vector<JudgedVisit>& visits) {
  const auto offers = std::find_if(visits.begin(), visits.end(), [](const JudgedVisit& visit) {
    return visit.facts.is_starttls_offered && visit.verdict.outcome != Outcome::StarttlsStripped;
  });
  if (offers == visits.end()) return;
  for (JudgedVisit& visit : visits) {
    if (visit.verdict.outcome != Outcome::StarttlsNotOffered) continue;
    visit.verdict.notes.push_back(fmt::format(
        "Port {} of the same host offers STARTTLS: either the server has been set up so, or something on the "
        "way removes it from this port.",
        offers->facts.port.number));
  }
}

}  // namespace

std::vector<JudgedVisit> judge_visits(std::vector<MailFacts> visits, std::span<const session::Session> connections) {
  std::vector<JudgedVisit> judged;
  for (MailFacts& facts : visits) {
    const auto own = std::find_if(connections.begin(), connections.end(), [&](const session::Session& session) {
      return facts.source_port && session.client.port == *facts.source_port && session.server.port == facts.port;
    });
    MailVerdict verdict = judge_visit(facts, own == connections.end() ? nullptr : &*own);
    judged.push_back({std::move(facts), std::move(verdict)});
  }
  compare(judged);
  return judged;
}

bool is_usable(Outcome outcome, Port port) {
  constexpr Port kBetweenServers{25};
  if (outcome == Outcome::Ok || outcome == Outcome::Completed || outcome == Outcome::Encrypted) return true;
  const bool is_without_assurance = outcome == Outcome::CertificateInvalid || outcome == Outcome::StarttlsNotOffered ||
                                    outcome == Outcome::StarttlsRefused;
  return port == kBetweenServers && is_without_assurance;
}

}  // namespace smtpath::verdict
