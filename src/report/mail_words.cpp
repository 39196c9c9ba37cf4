#include "report/mail_words.h"

#include <fmt/format.h>

#include "report/milliseconds.h"
#include "report/phrase.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {

namespace {

using verdict::JudgedVisit;
using verdict::MailFacts;
using verdict::Outcome;

/// What follows "25 is open, but"; empty: nothing is wrong.
std::string trouble_of(const JudgedVisit& visit) {
  switch (visit.verdict.outcome) {
    case Outcome::AuthFailed:
      return "the server does not accept the credentials";
    case Outcome::CertificateInvalid:
      return "its certificate is not valid";
    case Outcome::StarttlsStripped:
      return "STARTTLS is removed on the way";
    case Outcome::StarttlsNotOffered:
      return "it does not offer STARTTLS";
    case Outcome::StarttlsRefused:
      return "it refuses STARTTLS";
    case Outcome::TlsStalled:
      return visit.verdict.is_black_hole ? "the TLS handshake stalls: big packets vanish on the way"
                                         : "the TLS handshake stalls";
    case Outcome::TlsFailed:
      return "the TLS handshake fails";
    case Outcome::GreetingRefused:
      return "the server turns us away";
    case Outcome::GreetingTemporary:
      return "the server turns us away for now";
    case Outcome::ProtocolError:
      return "what answers there does not speak SMTP";
    case Outcome::Closed:
      return "the server closes the connection";
    case Outcome::NoGreeting:
      return "it does not greet";
    case Outcome::Reset:
      return visit.verdict.reset_by == verdict::ResetBy::Path ? "something on the way resets the connection"
                                                              : "the connection is reset";
    case Outcome::Stalled:
      return "the conversation stalls";
    case Outcome::Refused:
    case Outcome::Rejected:
    case Outcome::Dropped:
      return "no connection comes about";
    case Outcome::Ok:
    case Outcome::Completed:
    case Outcome::Encrypted:
    case Outcome::Delivered:
    case Outcome::MessageRefused:
    case Outcome::Unfinished:
    case Outcome::Partial:
      break;
  }
  return {};
}

std::string times_of(const MailFacts& facts) {
  std::string words;
  const auto add = [&](std::string_view what, const std::optional<Duration>& time) {
    if (time) words += fmt::format("{}{} {} ms", words.empty() ? "" : ", ", what, milliseconds_of(*time));
  };
  add("connect", facts.connect_time);
  add("greeting", facts.greeting_time);
  add("EHLO", facts.ehlo_time);
  add("STARTTLS", facts.starttls_time);
  add("TLS", facts.tls_time);
  return words;
}

}  // namespace

std::vector<std::string> lines_on(const JudgedVisit& visit) {
  const MailFacts& facts = visit.facts;
  std::string first = fmt::format("mail: {}", to_string(visit.verdict.outcome));
  if (visit.verdict.outcome == Outcome::Ok && facts.tls) {
    first += fmt::format(", {} with {}", escaped(facts.tls->version), escaped(facts.tls->cipher));
  } else if (!visit.verdict.text.empty()) {
    first += fmt::format(" at {}: {}", to_string(visit.verdict.stage), escaped(visit.verdict.text));
  }
  std::vector<std::string> lines{std::move(first)};
  for (const std::string& note : visit.verdict.notes) lines.push_back(escaped(note));
  if (const std::string times = times_of(facts); !times.empty()) lines.push_back(times);
  return lines;
}

std::string mail_sentences(const TargetReport& target) {
  std::string sentences;
  for (const PortReport& port : target.ports) {
    if (!port.mail) continue;
    const std::string trouble = trouble_of(*port.mail);
    if (trouble.empty()) continue;
    sentences += fmt::format(" Port {} is open, but {}", port.port.number, trouble);
    const bool is_certificate = port.mail->verdict.outcome == Outcome::CertificateInvalid;
    sentences += is_certificate ? ": " + port.mail->verdict.text : ".";
  }
  return sentences;
}

}  // namespace smtpath::report
