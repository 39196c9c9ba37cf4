#include "report/mail_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/milliseconds.h"
#include "report/phrase.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {

namespace {

using verdict::JudgedVisit;
using verdict::MailFacts;
using verdict::Outcome;

std::string_view clause_of(const JudgedVisit& visit) {
  switch (visit.verdict.outcome) {
    case Outcome::AuthFailed:
      return "the server does not accept the credentials";
    case Outcome::StarttlsStripped:
      return "STARTTLS is removed on the way";
    case Outcome::StarttlsNotOffered:
      return "STARTTLS is not offered";
    case Outcome::StarttlsRefused:
      return "STARTTLS is refused";
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
      return "no greeting comes";
    case Outcome::Reset:
      return visit.verdict.reset_by == verdict::ResetBy::Path ? "something on the way resets the connection"
                                                              : "the connection is reset";
    case Outcome::Stalled:
      return "the conversation stalls";
    case Outcome::Refused:
    case Outcome::Rejected:
    case Outcome::Dropped:
      return "no connection comes about";
    case Outcome::CertificateInvalid:
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

/// "The certificate", of our own words.
std::string uncapitalized(std::string sentence) {
  constexpr char kToLower = 'a' - 'A';
  if (!sentence.empty() && sentence.front() >= 'A' && sentence.front() <= 'Z') {
    sentence.front() = static_cast<char>(sentence.front() + kToLower);
  }
  return sentence;
}

/// What follows "25 is open, but", with its full stop; empty: nothing is wrong.
std::string trouble_of(const JudgedVisit& visit) {
  // What is wrong with a certificate is a sentence already.
  if (visit.verdict.outcome == Outcome::CertificateInvalid) return uncapitalized(visit.verdict.text);
  const std::string_view clause = clause_of(visit);
  return clause.empty() ? std::string() : fmt::format("{}.", clause);
}

/// What is said of one port or more.
struct Trouble {
  std::string words;
  std::vector<Port> ports;
};

}  // namespace

std::vector<std::string> lines_on(const JudgedVisit& visit) {
  const MailFacts& facts = visit.facts;
  std::string first = fmt::format("mail: {}", to_string(visit.verdict.outcome));
  if (visit.verdict.outcome == Outcome::Ok && facts.tls) {
    first += fmt::format(", {} with {}", escaped(facts.tls->version), escaped(facts.tls->cipher));
    if (facts.names.empty()) first += "; the certificate's name was not checked, since the target is an address";
  } else if (!visit.verdict.text.empty()) {
    first += fmt::format(" at {}: {}", to_string(visit.verdict.stage), escaped(visit.verdict.text));
  }
  std::vector<std::string> lines{std::move(first)};
  for (const std::string& note : visit.verdict.notes) lines.push_back(escaped(note));
  return lines;
}

std::string times_of(const JudgedVisit& visit) {
  const MailFacts& facts = visit.facts;
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

std::string mail_sentences(const TargetReport& target) {
  std::vector<Trouble> troubles;
  for (const PortReport& port : target.ports) {
    std::string words = port.mail ? trouble_of(*port.mail) : std::string();
    if (words.empty()) continue;
    const auto same =
        std::find_if(troubles.begin(), troubles.end(), [&](const auto& each) { return each.words == words; });
    if (same != troubles.end()) {
      same->ports.push_back(port.port);
    } else {
      troubles.push_back({std::move(words), {port.port}});
    }
  }
  std::string sentences;
  for (const Trouble& trouble : troubles) {
    const bool is_one = trouble.ports.size() == 1;
    sentences += fmt::format(" {} {} {} open, but {}", is_one ? "Port" : "Ports", enumeration_of(trouble.ports),
                             is_one ? "is" : "are", trouble.words);
  }
  return sentences;
}

}  // namespace smtpath::report
