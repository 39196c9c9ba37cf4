#include "smtpath/verdict/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace smtpath::verdict {

namespace {

/// STARTTLS has no place where TLS is from the first byte (RFC 8314 section 3.3).
constexpr Port kImplicitTls{465};

bool is_offering(const PortTally& port) {
  return port.offers > 0;
}

bool is_without_offer(const PortTally& port) {
  return port.port != kImplicitTls && port.hellos > 0 && port.offers == 0;
}

/// Mail or TLS goes through, and nothing fails.
bool is_passing(const PortTally& port) {
  const std::uint64_t good =
      port.count(Outcome::Delivered) + port.count(Outcome::Completed) + port.count(Outcome::Encrypted);
  return port.failed == 0 && good > 0;
}

/// "25", "25 and 587", "25, 465 and 587".
template <class Wanted>
std::string numbers_of(std::span<const PortTally> ports, const Wanted& is_wanted) {
  std::vector<std::string> numbers;
  for (const PortTally& port : ports) {
    if (is_wanted(port)) numbers.push_back(std::to_string(port.port.number));
  }
  std::string list;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) list += i + 1 == numbers.size() ? " and " : ", ";
    list += numbers[i];
  }
  return list;
}

template <class Index>
Index most_frequent(std::span<const std::uint64_t> counts) {
  return static_cast<Index>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

/// The failure that most of the port's connections end in; of equals the first in order of precedence.
std::optional<Outcome> main_failure(const PortTally& port) {
  std::optional<Outcome> main;
  for (const Outcome outcome : kOutcomes) {
    if (!is_failure(outcome) || port.count(outcome) == 0) continue;
    if (!main || port.count(outcome) > port.count(*main)) main = outcome;
  }
  return main;
}

std::string reset_words(const PortTally& port) {
  const std::uint64_t all = port.count(Outcome::Reset);
  const std::uint64_t forged = port.resets_by.at(static_cast<std::size_t>(ResetBy::Path));
  const auto stage = most_frequent<Stage>(port.resets_at);
  const auto who = most_frequent<ResetBy>(port.resets_by);
  std::string words =
      fmt::format("reset, {} of them at {}", port.resets_at.at(static_cast<std::size_t>(stage)), to_string(stage));
  if (forged > 0 && forged < all) return words + fmt::format(", {} of them by forged packets", forged);
  return words + (forged > 0 ? std::string(", by forged packets") : fmt::format(", mostly by the {}", to_string(who)));
}

std::string fate_words(const PortTally& port, Outcome outcome) {
  switch (outcome) {
    case Outcome::Dropped:
      return "without an answer to their SYNs";
    case Outcome::Refused:
      return "refused";
    case Outcome::Rejected:
      return "rejected by ICMP errors";
    case Outcome::Reset:
      return reset_words(port);
    case Outcome::NoGreeting:
      return "without a greeting";
    case Outcome::Closed:
      return "closed by the server before a greeting";
    case Outcome::GreetingRefused:
    case Outcome::GreetingTemporary:
      return "turned away by the greeting";
    case Outcome::ProtocolError:
      return "answered by something that is no mail server";
    case Outcome::MessageRefused:
      return "refused at MAIL, RCPT or DATA";
    case Outcome::AuthFailed:
      return "refused at AUTH";
    case Outcome::Delivered:
    case Outcome::CertificateInvalid:
    case Outcome::Ok:
    case Outcome::Completed:
    case Outcome::Encrypted:
    case Outcome::StarttlsStripped:
    case Outcome::StarttlsNotOffered:
    case Outcome::StarttlsRefused:
    case Outcome::TlsStalled:
    case Outcome::TlsFailed:
    case Outcome::Stalled:
    case Outcome::Unfinished:
    case Outcome::Partial:
      return std::string(to_string(outcome));
  }
  return {};
}

/// "Port 25: 12 of 14 connections are without an answer to their SYNs; 587 passes."
std::optional<std::string> failure_sentence(const PortTally& port, std::span<const PortTally> all) {
  const auto failure = main_failure(port);
  const std::string passing = numbers_of(all, is_passing);
  if (!failure) return std::nullopt;
  const std::uint64_t times = port.count(*failure);
  if (times < 2 && passing.empty()) return std::nullopt;
  std::string text = fmt::format("Port {}: {} of {} connection{} {} {}", port.port.number, times, port.of_mail(),
                                 port.of_mail() == 1 ? "" : "s", times == 1 ? "is" : "are", fate_words(port, *failure));
  if (port.black_holes > 0) {
    text += fmt::format(", {} by large segments that vanish (a path-MTU black hole)", port.black_holes);
  }
  if (!passing.empty()) text += fmt::format("; {} pass{}", passing, passing.find(' ') == std::string::npos ? "es" : "");
  return text + '.';
}

std::optional<std::string> offer_sentence(std::span<const PortTally> ports) {
  const std::string without = numbers_of(ports, is_without_offer);
  const std::string with = numbers_of(ports, is_offering);
  if (without.empty() || with.empty()) return std::nullopt;
  return fmt::format(
      "STARTTLS is offered on {} of the same server and not on {}: something on the way strips it, or "
      "the server is set up so.",
      with, without);
}

std::optional<std::string> changing_offer_sentence(const PortTally& port) {
  if (port.offers == 0 || port.offers >= port.hellos || port.port == kImplicitTls) return std::nullopt;
  return fmt::format(
      "Port {}: STARTTLS is offered in {} of {} dialogues: on some paths something strips it, or the "
      "server offers it to some clients only.",
      port.port.number, port.offers, port.hellos);
}

std::optional<std::string> mask_sentence(const PortTally& port) {
  if (port.masked == 0) return std::nullopt;
  return fmt::format(
      "Port {}: {} of {} connections have words masked: a middlebox, such as a firewall that inspects "
      "SMTP, changes the dialogue.",
      port.port.number, port.masked, port.of_mail());
}

}  // namespace

void PortTally::add(const session::Session& session, const SessionVerdict& verdict) {
  const smtp::Transcript& said = session.dialogue;
  ++connections;
  if (verdict.is_probe) {
    ++probes;
    return;
  }
  if (verdict.has_failed) ++failed;
  ++outcomes.at(static_cast<std::size_t>(verdict.outcome));
  if (said.of(smtp::Verb::Ehlo).accepted > 0) {
    ++hellos;
    if (said.is_starttls_offered) ++offers;
  }
  if (verdict.is_meddled_with) ++masked;
  if (verdict.is_black_hole) ++black_holes;
  if (verdict.outcome != Outcome::Reset || !verdict.reset_by) return;
  ++resets_by.at(static_cast<std::size_t>(*verdict.reset_by));
  ++resets_at.at(static_cast<std::size_t>(verdict.stage));
}

std::vector<std::string> conclusions_on(std::span<const PortTally> ports) {
  std::vector<std::string> conclusions;
  const auto add = [&](std::optional<std::string> sentence) {
    if (sentence) conclusions.push_back(*std::move(sentence));
  };
  for (const PortTally& port : ports) add(failure_sentence(port, ports));
  for (const PortTally& port : ports) add(mask_sentence(port));
  add(offer_sentence(ports));
  for (const PortTally& port : ports) add(changing_offer_sentence(port));
  return conclusions;
}

}  // namespace smtpath::verdict
