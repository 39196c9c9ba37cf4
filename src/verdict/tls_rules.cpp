#include "verdict/tls_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "verdict/reset_words.h"
#include "verdict/session_words.h"
#include "verdict/stall.h"

namespace smtpath::verdict {

namespace {

using session::Tls;
using session::TlsAlert;
using session::TlsMode;

// RFC 8446 section 6.
constexpr std::uint8_t kCloseNotify = 0;
constexpr std::uint8_t kUserCanceled = 90;
constexpr std::uint8_t kNoRenegotiation = 100;
constexpr std::uint8_t kFirstOfCertificates = 42;
constexpr std::uint8_t kLastOfCertificates = 49;
constexpr std::uint8_t kProtocolVersion = 70;

bool is_harmful(const TlsAlert& alert) {
  return alert.description && *alert.description != kCloseNotify && *alert.description != kUserCanceled &&
         *alert.description != kNoRenegotiation;
}

/// Its record is of no use but for an alert: TLS 1.3 hides them (RFC 8446 section 5.2).
bool is_hidden_alert(const SessionCase& evidence) {
  const Tls& tls = evidence.tls;
  return tls.server_hello && tls.version == session::TlsVersion::Tls13 && tls.client_application_bytes > 0 &&
         !evidence.is_tls_established && !evidence.is_one_sided;
}

std::string alert_words(std::uint8_t description) {
  const char* name = session::alert_name(description);
  return name != nullptr && *name != '\0' ? std::string(name) : fmt::format("alert {}", description);
}

std::string date_of(Time time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::string certificate_words(const Tls& tls) {
  if (!tls.certificate) return {};
  return fmt::format(" The server's certificate is for {}, from {}, good until {}.", quoted(tls.certificate->subject),
                     quoted(tls.certificate->issuer), date_of(tls.certificate->not_after));
}

/// What explains an alert.
std::string background_of(const TlsAlert& alert, const Tls& tls) {
  const std::uint8_t description = *alert.description;
  if (description >= kFirstOfCertificates && description <= kLastOfCertificates) return certificate_words(tls);
  if (description != kProtocolVersion) return {};
  std::string words;
  if (tls.offered) words += fmt::format(" The client offers {} at most.", to_string(*tls.offered));
  if (tls.version) words += fmt::format(" The server chose {}.", to_string(*tls.version));
  return words;
}

std::string progress_words(const SessionCase& evidence) {
  const Tls& tls = evidence.tls;
  if (tls.server_hello) return "after both hellos";
  if (tls.client_hello) return "after the ClientHello, which got no ServerHello";
  return "before the ClientHello";
}

std::string version_words(const Tls& tls) {
  std::string words = tls.version ? to_string(*tls.version) : "an unknown version of TLS";
  if (!tls.sni.empty()) words += fmt::format(", for the name {}", quoted(tls.sni));
  return words;
}

/// What went wrong behind the encryption, as far as TCP shows it.
std::optional<std::string> trouble_under_encryption(const SessionCase& evidence) {
  if (evidence.session.plain_reply_in_tls) {
    return fmt::format("then the server said {} in the clear", reply_words(*evidence.session.plain_reply_in_tls));
  }
  if (evidence.reset) return fmt::format("then it was reset. {}", reset_sentence(evidence));
  const bool is_stuck = evidence.session.streams.client.outstanding || evidence.session.streams.server.outstanding;
  if (is_stuck && evidence.is_waiting_long()) return fmt::format("then it stalled. {}", stall_sentence(evidence));
  return std::nullopt;
}

}  // namespace

std::optional<Ruling> both_hellos_then_opaque(const SessionCase& evidence) {
  const bool is_failed =
      std::any_of(evidence.tls.alerts.begin(), evidence.tls.alerts.end(), is_harmful) || !evidence.is_tls_established;
  if (is_failed) return std::nullopt;
  const std::string text =
      fmt::format("TLS was established ({}); what was said in it cannot be read", version_words(evidence.tls));
  const auto trouble = trouble_under_encryption(evidence);
  if (!trouble) return Ruling{.text = text + "."};
  const bool is_sentence = trouble->back() == '.';
  return Ruling{.text = fmt::format("{}; {}{}", text, *trouble, is_sentence ? "" : "."), .has_failed = true};
}

std::optional<Ruling> tls_stalled(const SessionCase& evidence) {
  if (!evidence.is_tls_begun || evidence.is_tls_established || !evidence.is_waiting_long()) return std::nullopt;
  const bool has_other_cause = tls_ended_by_alert(evidence) || tls_not_spoken(evidence);
  if (has_other_cause || evidence.is_one_sided || evidence.begins_late) return std::nullopt;
  return Ruling{
      .text = fmt::format("The TLS handshake stalled {}. {}", progress_words(evidence), stall_sentence(evidence))};
}

std::optional<Ruling> tls_ended_by_alert(const SessionCase& evidence) {
  if (!evidence.is_tls_begun) return std::nullopt;
  const auto& alerts = evidence.tls.alerts;
  const auto alert = std::find_if(alerts.begin(), alerts.end(), is_harmful);
  if (alert != alerts.end()) {
    return Ruling{.text = fmt::format("The {} ended TLS with the alert {}, {}.{}", name_of(alert->from),
                                      alert_words(*alert->description), progress_words(evidence),
                                      background_of(*alert, evidence.tls))};
  }
  const bool is_over = evidence.session.first_fin || evidence.reset;
  if (!is_hidden_alert(evidence) || !is_over) return std::nullopt;
  return Ruling{.text =
                    "The client ended TLS after the server's certificate with an encrypted message as short as an "
                    "alert: most likely it does not trust that certificate."};
}

std::optional<Ruling> tls_not_spoken(const SessionCase& evidence) {
  if (!evidence.is_tls_begun || evidence.is_tls_established) return std::nullopt;
  if (const auto& reply = evidence.session.plain_reply_in_tls) {
    return Ruling{.text = fmt::format("The server said {} in the clear in the middle of the TLS handshake.",
                                      reply_words(*reply))};
  }
  if (evidence.session.is_plain_after_starttls) {
    return Ruling{.text = "The server agreed to STARTTLS, and then both went on in the clear."};
  }
  if (evidence.tls.is_server_no_tls) {
    const auto& greeting = evidence.dialogue.greeting;
    return Ruling{.text = fmt::format("The client speaks TLS, and the server answers in the clear{}: this port of it "
                                      "{}.",
                                      greeting ? fmt::format(" ({})", reply_words(*greeting)) : std::string(),
                                      evidence.session.tls_mode == TlsMode::StartTls ? "only pretends STARTTLS"
                                                                                     : "wants STARTTLS, or no TLS")};
  }
  if (evidence.tls.is_client_no_tls) {
    return Ruling{.text = "The server expects TLS, and the client speaks in the clear."};
  }
  return std::nullopt;
}

std::optional<Ruling> tls_closed_in_handshake(const SessionCase& evidence) {
  if (!evidence.is_tls_begun || evidence.is_tls_established || evidence.begins_late) return std::nullopt;
  if (!evidence.is_closed_in_order() || evidence.is_one_sided) return std::nullopt;
  std::string text = fmt::format("The {} closed the connection in the TLS handshake, {}, without an alert",
                                 name_of(*evidence.session.first_fin), progress_words(evidence));
  if (evidence.waited >= std::chrono::seconds(1)) text += fmt::format(", after {}", time_words(evidence.waited));
  return Ruling{.text = text + "." + (evidence.tls.server_hello ? certificate_words(evidence.tls) : std::string())};
}

}  // namespace smtpath::verdict
