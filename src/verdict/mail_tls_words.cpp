#include "verdict/mail_tls_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "smtpath/session/tls.h"
#include "verdict/session_words.h"

namespace smtpath::verdict {

namespace {

using facts::Certificate;
using facts::TlsEnd;
using facts::TlsResult;
using facts::Trust;

using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;
constexpr std::int64_t kSoon = 14;
constexpr std::uint16_t kAuthenticationRequired = 530;
constexpr std::uint16_t kMechanismTooWeak = 534;
constexpr std::uint16_t kCredentialsInvalid = 535;

std::string day_words(std::int64_t days) {
  return days == 0 ? "less than a day" : number_of(static_cast<std::uint64_t>(days), "day");
}

std::string names_of(const Certificate& certificate) {
  constexpr std::size_t kShown = 3;
  if (certificate.names.empty()) return quoted(certificate.subject);
  std::string names;
  for (std::size_t i = 0; i < std::min(kShown, certificate.names.size()); ++i) {
    names += (i > 0 ? ", " : "") + quoted(certificate.names[i]);
  }
  if (certificate.names.size() > kShown) names += fmt::format(" and {} more", certificate.names.size() - kShown);
  return names;
}

std::string expired_words(const Certificate& certificate, Time now) {
  const auto days = std::chrono::duration_cast<Days>(now - certificate.not_after).count();
  return fmt::format("The certificate expired {} ago.", day_words(days));
}

/// Another of the chain may have expired, and the first not.
std::string distrust_words(const TlsResult& tls, Time now) {
  const Certificate* const own = tls.chain.empty() ? nullptr : &tls.chain.front();
  switch (tls.trust) {
    case Trust::Trusted:
      break;
    case Trust::SelfSigned:
      return "The certificate is self-signed: nobody vouches for it.";
    case Trust::UnknownIssuer:
      return own == nullptr
                 ? "The certificate's issuer is unknown."
                 : fmt::format("The certificate's issuer {} is not one that this host trusts.", quoted(own->issuer));
    case Trust::Expired:
      if (own != nullptr && own->not_after < now) return expired_words(*own, now);
      return "A certificate of the chain has expired.";
    case Trust::NotYetValid:
      return "The certificate is not valid yet.";
    case Trust::BadChain:
      return fmt::format("The certificate's chain is broken: {}.",
                         tls.trust_error.empty() ? "no certificate came" : tls.trust_error);
  }
  return {};
}

std::string alert_words(const facts::TlsAlertNote& alert) {
  const char* const name = session::alert_name(alert.description);
  const std::string words = name != nullptr ? std::string(name) : fmt::format("number {}", alert.description);
  return fmt::format("{} ended the TLS handshake with the alert {}",
                     alert.from == facts::AlertFrom::Server ? "The server" : "Our side", words);
}

/// What came of the handshake's other tries; empty: none was made.
std::string retry_words(const MailFacts& facts) {
  if (has_helped(facts, Retry::SmallHello)) {
    return fmt::format(
        " With a small ClientHello it succeeds: one of {} bytes is dropped on the way, or by the server.",
        facts.tls->client_hello_bytes);
  }
  if (has_helped(facts, Retry::SmallSegments)) {
    return " With small segments it succeeds: big packets vanish on the way (a path-MTU black hole).";
  }
  if (facts.retries.empty()) return {};
  return " Neither a small ClientHello nor small segments change that.";
}

}  // namespace

std::optional<std::string> certificate_flaw(const MailFacts& facts) {
  const TlsResult& tls = *facts.tls;
  if (tls.dane == facts::Dane::Matches) return std::nullopt;
  if (tls.dane == facts::Dane::Differs) {
    return "The certificate differs from the TLSA records that DNSSEC vouches for.";
  }
  std::string flaw = tls.trust == Trust::Trusted ? std::string() : distrust_words(tls, facts.at);
  if (tls.matched_name.empty() && !facts.names.empty() && !tls.chain.empty()) {
    flaw += fmt::format("{}The certificate is for {}, not for {}.", flaw.empty() ? "" : " ",
                        names_of(tls.chain.front()), quoted(facts.names.front()));
  }
  if (flaw.empty()) return std::nullopt;
  return flaw;
}

std::optional<std::string> expiry_words(const MailFacts& facts) {
  if (!facts.tls || facts.tls->chain.empty()) return std::nullopt;
  const Time end = facts.tls->chain.front().not_after;
  const auto days = std::chrono::duration_cast<Days>(between(facts.at, end)).count();
  if (end <= facts.at || days >= kSoon) return std::nullopt;
  return fmt::format("Its certificate expires in {}.", day_words(days));
}

bool has_helped(const MailFacts& facts, Retry retry) {
  return std::any_of(facts.retries.begin(), facts.retries.end(), [&](const RetryResult& result) {
    return result.retry == retry && result.end == TlsEnd::Established;
  });
}

std::string stalled_handshake_words(const MailCase& visit) {
  const TlsResult& tls = *visit.facts.tls;
  std::string text = tls.received_bytes == 0
                         ? fmt::format("Nothing came after our ClientHello of {} bytes for {}.", tls.client_hello_bytes,
                                       time_words(visit.facts.waited))
                         : fmt::format("The TLS handshake came to a halt after {} bytes of the server's, for {}.",
                                       tls.received_bytes, time_words(visit.facts.waited));
  text += retry_words(visit.facts);
  if (visit.packets && visit.packets->is_black_hole) text += ' ' + visit.packets->text;
  return text;
}

std::string failed_handshake_words(const MailCase& visit) {
  const TlsResult& tls = *visit.facts.tls;
  std::string text;
  if (tls.has_renegotiated) {
    text = "The server asked for a second TLS handshake, and broke off when it was declined.";
  } else if (tls.alert) {
    text = alert_words(*tls.alert) + '.';
  } else if (tls.end == TlsEnd::NotTls) {
    text = "What the server sends where TLS should begin is no TLS.";
  } else if (tls.end == TlsEnd::Closed) {
    text = "The server closed the connection in the TLS handshake.";
  } else if (tls.end == TlsEnd::Reset) {
    const bool is_told = visit.packets && visit.packets->reset_by && !visit.packets->text.empty();
    text = is_told ? visit.packets->text : "The connection was reset in the TLS handshake.";
  } else {
    text = fmt::format("The TLS handshake failed: {}.", tls.error.empty() ? "no reason was given" : tls.error);
  }
  return text + retry_words(visit.facts);
}

std::string auth_words(const smtp::AuthAttempt& auth) {
  const smtp::Reply& reply = *auth.reply;
  const auto says = [&](std::string_view word) { return reply.text.find(word) != std::string::npos; };
  std::string text = fmt::format("AUTH {} was answered with {}.", auth.mechanism, reply_words(reply));
  if (reply.code == kAuthenticationRequired) return text + " The server wants something else first.";
  if (reply.code == kMechanismTooWeak) {
    return text + (says("pplication") || says("5.7.9") ? " It wants an application password."
                                                       : " It finds the mechanism too weak.");
  }
  if (reply.code != kCredentialsInvalid) return text;
  if (says("pplication") || says("pp password") || says("pp-password"))
    return text + " It wants an application password.";
  return text + " User name or password are wrong.";
}

}  // namespace smtpath::verdict
