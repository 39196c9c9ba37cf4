#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verdict/mail_case.h"
#include "verdict/mail_tls_words.h"
#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using facts::TlsEnd;
using smtp::Reply;
using smtp::VisitEnd;
using smtp::VisitStage;

constexpr std::uint16_t kFirstPermanent = 500;
constexpr std::uint16_t kFirstTemporary = 400;

bool is_temporary(const std::optional<Reply>& reply) {
  return reply && reply->code >= kFirstTemporary && reply->code < kFirstPermanent;
}

bool is_permanent(const std::optional<Reply>& reply) {
  return reply && reply->code >= kFirstPermanent;
}

bool is_accepted(const std::optional<Reply>& reply) {
  return reply && reply->code / 100 == 2;
}

std::optional<MailRuling> credentials_refused(const MailCase& visit) {
  const auto& auth = visit.facts.auth;
  if (!auth) return std::nullopt;
  if (auth->mechanism.empty()) {
    // Why it was withheld is what is wrong.
    if (!visit.is_encrypted() || certificate_flaw(visit.facts)) return std::nullopt;
    const bool is_nameless = visit.facts.names.empty() && visit.facts.tls->dane != facts::Dane::Matches;
    return MailRuling{.text = is_nameless
                                  ? "The password was not sent: the target is an address, and nobody knows for which "
                                    "name its certificate should be."
                                  : "The server offers neither AUTH PLAIN nor AUTH LOGIN.",
                      .stage = Stage::Auth};
  }
  if (!auth->reply || auth->reply->code == smtp::kAuthenticated) return std::nullopt;
  return MailRuling{.text = auth_words(*auth), .stage = Stage::Auth, .reply = auth->reply};
}

std::optional<MailRuling> certificate_invalid(const MailCase& visit) {
  if (!visit.is_encrypted()) return std::nullopt;
  const auto flaw = certificate_flaw(visit.facts);
  if (!flaw) return std::nullopt;
  return MailRuling{.text = *flaw, .stage = Stage::Tls};
}

std::optional<MailRuling> served(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  const bool is_at_leave = facts.end == VisitEnd::Done || facts.stage == VisitStage::Quit;
  if (!visit.is_encrypted() || !is_at_leave || !is_accepted(facts.ehlo)) return std::nullopt;
  return MailRuling{.text = fmt::format("The server greets, encrypts with {} and would take mail.", facts.tls->version),
                    .stage = Stage::Quit};
}

std::optional<MailRuling> starttls_masked(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  if (facts.begins_with_tls || facts.is_starttls_offered || !is_accepted(facts.ehlo)) return std::nullopt;
  if (facts.is_starttls_masked) {
    return MailRuling{.text = "Where STARTTLS would be offered stand X's: a firewall that inspects SMTP removes it.",
                      .stage = Stage::Ehlo};
  }
  if (!facts.is_greeting_masked) return std::nullopt;
  return MailRuling{.text =
                        "The greeting is masked with asterisks and STARTTLS is not offered: a firewall that inspects "
                        "SMTP removes it.",
                    .stage = Stage::Ehlo};
}

std::optional<MailRuling> starttls_not_offered(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  if (facts.begins_with_tls || facts.is_starttls_offered || !is_accepted(facts.ehlo)) return std::nullopt;
  return MailRuling{.text = "The server does not offer STARTTLS: mail would pass in the clear.", .stage = Stage::Ehlo};
}

std::optional<MailRuling> starttls_refused(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  if (!facts.is_starttls_asked || facts.tls || !facts.starttls || is_accepted(facts.starttls)) return std::nullopt;
  return MailRuling{
      .text = fmt::format("The server offers STARTTLS and refuses it with {}.", reply_words(*facts.starttls)),
      .stage = Stage::StartTls,
      .reply = facts.starttls};
}

std::optional<MailRuling> tls_stalled(const MailCase& visit) {
  const auto& tls = visit.facts.tls;
  if (!tls || tls->end != TlsEnd::TimedOut) return std::nullopt;
  return MailRuling{.text = stalled_handshake_words(visit), .stage = Stage::Tls};
}

std::optional<MailRuling> tls_failed(const MailCase& visit) {
  const auto& tls = visit.facts.tls;
  if (!tls || tls->end == TlsEnd::Established) return std::nullopt;
  return MailRuling{.text = failed_handshake_words(visit), .stage = Stage::Tls};
}

std::optional<MailRuling> greeting_refused(const MailCase& visit) {
  const auto& greeting = visit.facts.greeting;
  if (!is_permanent(greeting)) return std::nullopt;
  return MailRuling{.text = fmt::format("The server turns us away with {}.", reply_words(*greeting)),
                    .stage = Stage::Greeting,
                    .reply = greeting};
}

std::optional<MailRuling> greeting_temporary(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  if (is_temporary(facts.greeting)) {
    return MailRuling{.text = fmt::format("The server turns us away for now with {}.", reply_words(*facts.greeting)),
                      .stage = Stage::Greeting,
                      .reply = facts.greeting};
  }
  if (facts.end != VisitEnd::Refused || !is_temporary(facts.last_reply)) return std::nullopt;
  return MailRuling{
      .text = fmt::format("The server ends the conversation for now with {}.", reply_words(*facts.last_reply)),
      .reply = facts.last_reply};
}

std::optional<MailRuling> hello_refused(const MailCase& visit) {
  const auto& ehlo = visit.facts.ehlo;
  if (!is_permanent(ehlo) && !(visit.facts.end == VisitEnd::Refused && is_permanent(visit.facts.last_reply))) {
    return std::nullopt;
  }
  const Reply reply = is_permanent(ehlo) ? *ehlo : *visit.facts.last_reply;
  return MailRuling{.text = fmt::format("The server refuses to go on with {}.", reply_words(reply)), .reply = reply};
}

std::optional<MailRuling> no_smtp(const MailCase& visit) {
  if (visit.facts.end != VisitEnd::NoSmtp) return std::nullopt;
  if (visit.facts.greeting) {
    return MailRuling{.text = "In the middle of the conversation came what is no SMTP reply, or lines without end."};
  }
  return MailRuling{.text = "The first bytes are no SMTP reply: another service answers here.",
                    .stage = Stage::Greeting};
}

std::optional<MailRuling> closed_before_greeting(const MailCase& visit) {
  if (visit.facts.end != VisitEnd::Closed || visit.facts.greeting) return std::nullopt;
  return MailRuling{.text = "The server accepts the connection and closes it before it greets.",
                    .stage = Stage::Greeting};
}

std::optional<MailRuling> greeting_awaited_in_vain(const MailCase& visit) {
  const MailFacts& facts = visit.facts;
  if (facts.end != VisitEnd::TimedOut || facts.greeting || facts.stage != VisitStage::Greeting) return std::nullopt;
  return MailRuling{.text = fmt::format("No greeting came within {}.", time_words(facts.waited)),
                    .stage = Stage::Greeting};
}

/// The judge of packets says whose reset it is.
std::optional<MailRuling> was_reset(const MailCase& visit) {
  if (visit.facts.end != VisitEnd::Reset) return std::nullopt;
  const bool is_told = visit.packets && visit.packets->outcome == Outcome::Reset && !visit.packets->text.empty();
  return MailRuling{.text = is_told ? visit.packets->text : "The connection was reset."};
}

std::optional<MailRuling> closed_amid(const MailCase& visit) {
  if (visit.facts.end != VisitEnd::Closed) return std::nullopt;
  return MailRuling{.text = "The server closed the connection in the middle of the conversation.",
                    .reply = visit.facts.unsolicited};
}

std::optional<MailRuling> stalled(const MailCase& visit) {
  if (visit.facts.end != VisitEnd::TimedOut) return std::nullopt;
  std::string text = fmt::format("Nothing came for {}.", time_words(visit.facts.waited));
  if (visit.packets && visit.packets->outcome == Outcome::Stalled) text += ' ' + visit.packets->text;
  return MailRuling{.text = std::move(text)};
}

std::optional<MailRuling> connection_refused(const MailCase& visit) {
  if (visit.facts.connect != ConnectEnd::Refused) return std::nullopt;
  return MailRuling{.text = "The connection was refused, though a SYN had been answered before.", .stage = Stage::Syn};
}

std::optional<MailRuling> connection_rejected(const MailCase& visit) {
  if (visit.facts.connect != ConnectEnd::Unreachable) return std::nullopt;
  return MailRuling{.text = "The connection was rejected, though a SYN had been answered before.", .stage = Stage::Syn};
}

std::optional<MailRuling> connection_unanswered(const MailCase& visit) {
  if (visit.facts.connect != ConnectEnd::TimedOut) return std::nullopt;
  return MailRuling{.text = "No connection came about, though a SYN had been answered before.", .stage = Stage::Syn};
}

std::optional<MailRuling> unfinished(const MailCase& /*visit*/) {
  return MailRuling{.text = "The visit was cut short."};
}

constexpr std::array kRules{
    MailRule{"credentials-refused", Outcome::AuthFailed, credentials_refused},
    MailRule{"certificate-invalid", Outcome::CertificateInvalid, certificate_invalid},
    MailRule{"served", Outcome::Ok, served},
    MailRule{"starttls-masked", Outcome::StarttlsStripped, starttls_masked},
    MailRule{"starttls-not-offered", Outcome::StarttlsNotOffered, starttls_not_offered},
    MailRule{"starttls-refused", Outcome::StarttlsRefused, starttls_refused},
    MailRule{"tls-stalled", Outcome::TlsStalled, tls_stalled},
    MailRule{"tls-failed", Outcome::TlsFailed, tls_failed},
    MailRule{"greeting-refused", Outcome::GreetingRefused, greeting_refused},
    MailRule{"greeting-temporary", Outcome::GreetingTemporary, greeting_temporary},
    MailRule{"hello-refused", Outcome::GreetingRefused, hello_refused},
    MailRule{"first-bytes-no-reply", Outcome::ProtocolError, no_smtp},
    MailRule{"closed-before-greeting", Outcome::Closed, closed_before_greeting},
    MailRule{"greeting-awaited-in-vain", Outcome::NoGreeting, greeting_awaited_in_vain},
    MailRule{"was-reset", Outcome::Reset, was_reset},
    MailRule{"closed-amid", Outcome::Closed, closed_amid},
    MailRule{"stalled", Outcome::Stalled, stalled},
    MailRule{"connection-refused", Outcome::Refused, connection_refused},
    MailRule{"connection-rejected", Outcome::Rejected, connection_rejected},
    MailRule{"connection-unanswered", Outcome::Dropped, connection_unanswered},
    MailRule{"unfinished", Outcome::Unfinished, unfinished},
};

}  // namespace

std::span<const MailRule> mail_rules() {
  return kRules;
}

}  // namespace smtpath::verdict
