#include "report/connection_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/json_fields.h"

namespace smtpath::report {

namespace {

using session::Both;
using session::Ending;
using session::Session;
using session::Stream;
using session::Tls;
using session::TlsAlert;
using session::TlsMode;
using smtp::Commands;
using smtp::Verb;

std::string_view word_of_ending(Ending ending) {
  switch (ending) {
    case Ending::Closed:
      return "closed";
    case Ending::NeverOpened:
      return "never-opened";
    case Ending::CaptureEnded:
      return "capture-ended";
    case Ending::Replaced:
      return "replaced";
    case Ending::Quiet:
      return "quiet";
    case Ending::Evicted:
      return "evicted";
  }
  return {};
}

std::string_view word_of_side(session::Side side) {
  return side == session::Side::Client ? "client" : "server";
}

std::optional<std::string_view> word_of_mode(TlsMode mode) {
  switch (mode) {
    case TlsMode::None:
      return std::nullopt;
    case TlsMode::Implicit:
      return "implicit";
    case TlsMode::StartTls:
      return "starttls";
  }
  return std::nullopt;
}

template <class Version>
std::optional<std::string_view> name_of_version(const std::optional<Version>& version) {
  if (!version) return std::nullopt;
  return session::to_string(*version);
}

void write_endpoint(JsonWriter& out, std::string_view key, const session::Endpoint& endpoint) {
  out.key(key);
  out.begin_object();
  out.member("address", to_string(endpoint.address));
  out.member("port", endpoint.port.number);
  out.end_object();
}

/// A number of each side.
template <class Number>
void write_both(JsonWriter& out, std::string_view key, const Both<Stream>& streams, Number Stream::*count) {
  out.key(key);
  out.begin_object();
  out.member("client", streams.client.*count);
  out.member("server", streams.server.*count);
  out.end_object();
}

void write_reply(JsonWriter& out, const smtp::Reply& reply) {
  out.begin_object();
  out.member("code", reply.code);
  out.member("text", reply.text);
  out.end_object();
}

std::optional<std::uint16_t> code_of(const Commands& commands) {
  if (!commands.last_reply) return std::nullopt;
  return commands.last_reply->code;
}

void write_texts(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.list(key, texts, [](JsonWriter& list, const std::string& text) { list.value(text); });
}

/// One that says something, before one that only says good-bye; "encrypted" where it cannot be read.
const TlsAlert* telling_alert(const Tls& tls) {
  const auto& alerts = tls.alerts;
  auto alert = std::find_if(alerts.begin(), alerts.end(),
                            [](const TlsAlert& each) { return each.description && *each.description != 0; });
  if (alert == alerts.end()) {
    alert =
        std::find_if(alerts.begin(), alerts.end(), [](const TlsAlert& each) { return each.description.has_value(); });
  }
  if (alert == alerts.end()) alert = alerts.begin();
  return alert == alerts.end() ? nullptr : &*alert;
}

std::string alert_word(const TlsAlert& alert) {
  if (!alert.description) return "encrypted";
  const char* name = session::alert_name(*alert.description);
  return name != nullptr ? std::string(name) : fmt::format("alert-{}", *alert.description);
}

void write_certificate(JsonWriter& out, const session::TlsCertificate& certificate) {
  out.begin_object();
  out.member("subject", certificate.subject);
  out.member("issuer", certificate.issuer);
  out.member("not_before", rfc3339_of(certificate.not_before));
  out.member("not_after", rfc3339_of(certificate.not_after));
  out.end_object();
}

void write_tls(JsonWriter& out, const Session& session) {
  const Tls& tls = session.tls;
  const TlsAlert* alert = telling_alert(tls);
  out.key("tls");
  out.begin_object();
  out.member("client_hello", tls.client_hello);
  out.member("server_hello", tls.server_hello);
  out.member("alert", alert != nullptr ? std::optional(alert_word(*alert)) : std::nullopt);
  out.member("version", name_of_version(tls.version));
  out.member("sni", tls.sni.empty() ? std::nullopt : std::optional(tls.sni));
  out.member("mode", word_of_mode(session.tls_mode));
  out.member("alert_by", alert != nullptr ? std::optional(word_of_side(alert->from)) : std::nullopt);
  out.member("offered", name_of_version(tls.offered));
  out.member("cipher", tls.cipher ? std::optional(fmt::format("0x{:04x}", *tls.cipher)) : std::nullopt);
  out.object_or_null("certificate", tls.certificate, write_certificate);
  out.end_object();
}

void write_beginning(JsonWriter& out, const ConnectionReport& connection) {
  const Session& session = connection.session;
  const verdict::SessionVerdict& verdict = connection.verdict;
  write_endpoint(out, "client", session.client);
  write_endpoint(out, "server", session.server);
  out.member("started", rfc3339_of(session.first));
  out.member("duration_ms", to_milliseconds(between(session.first, session.last)));
  out.member("outcome", to_string(verdict.outcome));
  out.member("stage", to_string(verdict.stage));
  out.member("syn_sent", session.syn_sent);
  out.member("syn_ack", session.syn_acks > 0);
  out.member("reset_by", word_of(verdict.reset_by));
  std::optional<IcmpReport> icmp;
  if (verdict.icmp) icmp = {.type = verdict.icmp->type, .code = verdict.icmp->code, .from = verdict.icmp->from};
  out.object_or_null("icmp", icmp, write_icmp);
}

void write_dialogue(JsonWriter& out, const Session& session) {
  const smtp::Transcript& said = session.dialogue;
  out.object_or_null("greeting", std::optional<smtp::Reply>(said.greeting), write_reply);
  out.member("ehlo", said.of(Verb::Ehlo).asked > 0);
  out.key("starttls");
  out.begin_object();
  out.member("offered", said.is_starttls_offered);
  out.member("asked", said.of(Verb::StartTls).asked > 0);
  out.member("code", code_of(said.of(Verb::StartTls)));
  out.end_object();
  write_tls(out, session);
  out.key("auth");
  out.begin_object();
  out.member("tried", said.of(Verb::Auth).asked > 0);
  out.member("code", code_of(said.of(Verb::Auth)));
  write_texts(out, "mechanisms", said.auth_mechanisms);
  out.end_object();
  out.member("mail_from", said.of(Verb::Mail).asked);
  out.member("rcpt_to", said.of(Verb::Rcpt).asked);
  out.member("accepted", said.messages_accepted);
  out.member("quit", said.of(Verb::Quit).asked > 0);
}

void write_packets(JsonWriter& out, const ConnectionReport& connection) {
  const Session& session = connection.session;
  out.member("closed_by", word_of(connection.verdict.closed_by));
  write_both(out, "packets", session.streams, &Stream::packets);
  write_both(out, "bytes", session.streams, &Stream::payload_bytes);
  write_both(out, "retransmissions", session.streams, &Stream::retransmissions);
  out.member("rtt_ms", session.handshake ? std::optional(to_milliseconds(*session.handshake)) : std::nullopt);
  out.member("text", connection.verdict.text);
}

/// Beside what every connection is known by.
void write_more(JsonWriter& out, const ConnectionReport& connection) {
  const Session& session = connection.session;
  const smtp::Transcript& said = session.dialogue;
  out.member("rule", connection.verdict.rule);
  out.member("failed", connection.verdict.has_failed);
  out.member("probe", connection.verdict.is_probe);
  out.member("meddled_with", connection.verdict.is_meddled_with);
  write_texts(out, "notes", connection.verdict.notes);
  out.member("ending", word_of_ending(session.ending));
  out.member("helo", said.of(Verb::Helo).asked > 0);
  write_texts(out, "extensions", said.extensions);
  out.list("replies", said.reply_codes, [](JsonWriter& list, std::uint16_t code) { list.value(code); });
  out.key("resets");
  out.begin_object();
  out.member("client", session.reset_count.client);
  out.member("server", session.reset_count.server);
  out.end_object();
  write_both(out, "out_of_order", session.streams, &Stream::out_of_order);
  write_both(out, "zero_windows", session.streams, &Stream::zero_windows);
  write_both(out, "gaps", session.streams, &Stream::gaps);
}

void write_fields(JsonWriter& out, const ConnectionReport& connection) {
  if (connection.file) out.member("file", connection.file);
  write_beginning(out, connection);
  write_dialogue(out, connection.session);
  write_packets(out, connection);
  write_more(out, connection);
}

}  // namespace

void write_connection(JsonWriter& out, const ConnectionReport& connection) {
  out.begin_object();
  write_fields(out, connection);
  out.end_object();
}

std::string json_of(const ConnectionReport& connection) {
  std::string text;
  const Sink sink = [&](std::string_view piece) { text += piece; };
  JsonWriter out(sink);
  write_connection(out, connection);
  out.hand_over();
  return text;
}

std::string json_line_of(const ConnectionReport& connection) {
  return line_of("connection", [&](JsonWriter& out) { write_fields(out, connection); });
}

}  // namespace smtpath::report
