#include "report/mail_json.h"

#include <fmt/format.h>

#include <string>

#include "report/json_fields.h"
#include "smtpath/session/tls.h"

namespace smtpath::report {

namespace {

using facts::TlsResult;
using verdict::MailFacts;

void write_text(JsonWriter& out, const std::string& text) {
  out.value(text);
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<double> milliseconds_or_null(const std::optional<Duration>& duration) {
  if (!duration) return std::nullopt;
  return to_milliseconds(*duration);
}

std::optional<std::uint16_t> code_of(const std::optional<smtp::Reply>& reply) {
  if (!reply) return std::nullopt;
  return reply->code;
}

void write_reply(JsonWriter& out, const smtp::Reply& reply) {
  out.begin_object();
  out.member("code", reply.code);
  out.member("text", reply.text);
  out.end_object();
}

void write_starttls(JsonWriter& out, const MailFacts& facts) {
  out.begin_object();
  out.member("offered", facts.is_starttls_offered);
  out.member("asked", facts.is_starttls_asked);
  out.member("code", code_of(facts.starttls));
  out.member("smuggled_bytes", facts.smuggled_bytes);
  out.end_object();
}

void write_alert(JsonWriter& out, const facts::TlsAlertNote& alert) {
  const char* const name = session::alert_name(alert.description);
  out.begin_object();
  out.member("from", alert.from == facts::AlertFrom::Server ? "server" : "client");
  out.member("name", name != nullptr ? std::string(name) : fmt::format("alert-{}", alert.description));
  out.end_object();
}

void write_flight(JsonWriter& out, const facts::TlsFlight& flight) {
  out.begin_object();
  out.member("from", flight.is_ours ? "client" : "server");
  out.member("bytes", flight.bytes);
  out.member("ms", to_milliseconds(flight.at));
  out.end_object();
}

/// Null where no certificate came.
void write_own_certificate(JsonWriter& out, const TlsResult& tls, const MailFacts& facts) {
  const facts::Certificate* const own = tls.chain.empty() ? nullptr : &tls.chain.front();
  const auto text = [&](const std::string facts::Certificate::*field) {
    return own == nullptr ? std::nullopt : std::optional(own->*field);
  };
  using Days = std::chrono::duration<double, std::ratio<86400>>;
  out.member("subject", text(&facts::Certificate::subject));
  out.member("issuer", text(&facts::Certificate::issuer));
  out.member("not_before", own == nullptr ? std::nullopt : std::optional(rfc3339_of(own->not_before)));
  out.member("not_after", own == nullptr ? std::nullopt : std::optional(rfc3339_of(own->not_after)));
  out.member("expires_in_days", own == nullptr ? std::nullopt : std::optional(Days(own->not_after - facts.at).count()));
  out.list("names", own == nullptr ? std::vector<std::string>() : own->names, write_text);
}

void write_tls(JsonWriter& out, const TlsResult& tls, const MailFacts& facts) {
  out.begin_object();
  out.member("end", to_string(tls.end));
  out.member("version", or_null(tls.version));
  out.member("cipher", or_null(tls.cipher));
  out.member("group", or_null(tls.group));
  write_own_certificate(out, tls, facts);
  out.member("chain_length", tls.chain_length);
  const bool is_name_known = !tls.chain.empty() && !facts.names.empty();
  out.member("name_matches", is_name_known ? std::optional(!tls.matched_name.empty()) : std::nullopt);
  out.member("trusted", tls.chain.empty() ? std::nullopt : std::optional(tls.trust == facts::Trust::Trusted));
  out.member("trust", tls.chain.empty() ? std::nullopt : std::optional(to_string(tls.trust)));
  out.member("dane", to_string(tls.dane));
  out.object_or_null("alert", tls.alert, write_alert);
  out.list("flights", tls.flights, write_flight);
  out.member("client_hello_bytes", tls.client_hello_bytes);
  out.member("received_bytes", tls.received_bytes);
  out.member("error", or_null(tls.error));
  out.end_object();
}

std::string_view word_of(verdict::Retry retry) {
  return retry == verdict::Retry::SmallHello ? "small-hello" : "small-segments";
}

void write_retry(JsonWriter& out, const verdict::RetryResult& result) {
  out.begin_object();
  out.member("with", word_of(result.retry));
  out.member("end", to_string(result.end));
  out.end_object();
}

void write_auth(JsonWriter& out, const smtp::AuthAttempt& auth) {
  out.begin_object();
  out.member("mechanism", or_null(auth.mechanism));
  out.member("code", code_of(auth.reply));
  out.member("text", auth.reply ? std::optional(auth.reply->text) : std::nullopt);
  out.end_object();
}

void write_times(JsonWriter& out, const MailFacts& facts) {
  out.begin_object();
  out.member("dns", milliseconds_or_null(facts.lookup_time));
  out.member("connect", milliseconds_or_null(facts.connect_time));
  out.member("greeting", milliseconds_or_null(facts.greeting_time));
  out.member("ehlo", milliseconds_or_null(facts.ehlo_time));
  out.member("starttls", milliseconds_or_null(facts.starttls_time));
  out.member("tls", milliseconds_or_null(facts.tls_time));
  out.end_object();
}

}  // namespace

void write_mail(JsonWriter& out, const verdict::JudgedVisit& visit) {
  const MailFacts& facts = visit.facts;
  const verdict::MailVerdict& verdict = visit.verdict;
  out.begin_object();
  out.member("outcome", to_string(verdict.outcome));
  out.member("stage", to_string(verdict.stage));
  out.member("rule", verdict.rule);
  out.member("code", code_of(verdict.reply));
  out.member("text", verdict.reply ? std::optional(verdict.reply->text) : std::nullopt);
  out.member("explanation", verdict.text);
  out.list("notes", verdict.notes, write_text);
  out.object_or_null("greeting", facts.greeting, write_reply);
  out.list("extensions", facts.extensions, write_text);
  out.list("extensions_in_tls", facts.extensions_in_tls, write_text);
  out.key("starttls");
  if (facts.begins_with_tls) {
    out.value(nullptr);
  } else {
    write_starttls(out, facts);
  }
  out.object_or_null("tls", facts.tls, [&](JsonWriter& to, const TlsResult& tls) { write_tls(to, tls, facts); });
  out.list("retries", facts.retries, write_retry);
  out.object_or_null("auth", facts.auth, write_auth);
  out.member("reset_by", verdict.reset_by ? std::optional(to_string(*verdict.reset_by)) : std::nullopt);
  out.member("black_hole", verdict.is_black_hole);
  out.member("meddled_with", verdict.is_meddled_with);
  out.key("ms");
  write_times(out, facts);
  out.end_object();
}

}  // namespace smtpath::report
