#include "smtpath/report/visit_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/json_node.h"
#include "report/json_writer.h"

namespace smtpath::report {

namespace {

using facts::TlsResult;
using smtp::VisitEnd;
using smtp::VisitStage;
using verdict::ConnectEnd;
using verdict::MailFacts;

template <class Value>
struct Word {
  Value value;
  std::string_view word;
};
template <class Value>
Word(Value, const char*) -> Word<Value>;

constexpr std::array kConnectEnds{
    Word{ConnectEnd::Established, "established"}, Word{ConnectEnd::Refused, "refused"},
    Word{ConnectEnd::Unreachable, "unreachable"}, Word{ConnectEnd::TimedOut, "timed-out"},
    Word{ConnectEnd::Interrupted, "interrupted"},
};
constexpr std::array kStages{
    Word{VisitStage::Greeting, "greeting"},
    Word{VisitStage::Ehlo, "ehlo"},
    Word{VisitStage::StartTls, "starttls"},
    Word{VisitStage::Tls, "tls"},
    Word{VisitStage::EhloInTls, "ehlo-in-tls"},
    Word{VisitStage::Auth, "auth"},
    Word{VisitStage::Quit, "quit"},
};
constexpr std::array kEnds{
    Word{VisitEnd::Done, "done"},          Word{VisitEnd::Refused, "refused"},
    Word{VisitEnd::NoSmtp, "no-smtp"},     Word{VisitEnd::TlsFailed, "tls-failed"},
    Word{VisitEnd::Closed, "closed"},      Word{VisitEnd::Reset, "reset"},
    Word{VisitEnd::TimedOut, "timed-out"}, Word{VisitEnd::Interrupted, "interrupted"},
};
constexpr std::array kRetries{Word{verdict::Retry::SmallHello, "small-hello"},
                              Word{verdict::Retry::SmallSegments, "small-segments"}};
constexpr std::array kTlsEnds{facts::TlsEnd::Established, facts::TlsEnd::Alerted, facts::TlsEnd::NotTls,
                              facts::TlsEnd::Closed,      facts::TlsEnd::Reset,   facts::TlsEnd::TimedOut,
                              facts::TlsEnd::Broken};
constexpr std::array kTrusts{facts::Trust::Trusted, facts::Trust::SelfSigned,  facts::Trust::UnknownIssuer,
                             facts::Trust::Expired, facts::Trust::NotYetValid, facts::Trust::BadChain};
constexpr std::array kDanes{facts::Dane::NotUsed, facts::Dane::Matches, facts::Dane::Differs};

template <class List, class Value>
std::string_view word_of(const List& list, Value value) {
  return std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.value == value; })->word;
}

template <class List>
auto value_of(const JsonNode& node, const List& list) {
  return read_word(node, list, [](const auto& each) { return each.word; }).value;
}

constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();

// Writing.

void write_text(JsonWriter& out, const std::string& text) {
  out.value(text);
}

void write_duration(JsonWriter& out, std::string_view name, const std::optional<Duration>& duration) {
  out.member(name, duration ? std::optional(std::max(duration->count(), Duration::rep{0})) : std::nullopt);
}

void write_time(JsonWriter& out, std::string_view name, Time time) {
  out.member(name, std::to_string(time.time_since_epoch().count()));
}

void write_reply(JsonWriter& out, const smtp::Reply& reply) {
  out.begin_object();
  out.member("code", reply.code);
  out.member("text", reply.text);
  out.end_object();
}

void write_certificate(JsonWriter& out, const facts::Certificate& certificate) {
  out.begin_object();
  out.member("subject", certificate.subject);
  out.member("issuer", certificate.issuer);
  out.list("names", certificate.names, write_text);
  write_time(out, "not_before", certificate.not_before);
  write_time(out, "not_after", certificate.not_after);
  out.member("bytes", certificate.bytes);
  out.end_object();
}

void write_alert(JsonWriter& out, const facts::TlsAlertNote& alert) {
  out.begin_object();
  out.member("is_ours", alert.from == facts::AlertFrom::Us);
  out.member("description", alert.description);
  out.end_object();
}

void write_flight(JsonWriter& out, const facts::TlsFlight& flight) {
  out.begin_object();
  out.member("is_ours", flight.is_ours);
  out.member("bytes", flight.bytes);
  write_duration(out, "at_ns", flight.at);
  out.end_object();
}

void write_tls(JsonWriter& out, const TlsResult& tls) {
  out.begin_object();
  out.member("end", to_string(tls.end));
  out.member("version", tls.version);
  out.member("cipher", tls.cipher);
  out.member("group", tls.group);
  out.list("chain", tls.chain, write_certificate);
  out.member("chain_length", tls.chain_length);
  out.member("trust", to_string(tls.trust));
  out.member("trust_error", tls.trust_error);
  out.member("matched_name", tls.matched_name);
  out.member("dane", to_string(tls.dane));
  out.object_or_null("alert", tls.alert, write_alert);
  out.list("flights", tls.flights, write_flight);
  out.member("client_hello_bytes", tls.client_hello_bytes);
  out.member("received_bytes", tls.received_bytes);
  out.member("error", tls.error);
  out.member("has_renegotiated", tls.has_renegotiated);
  out.end_object();
}

void write_auth(JsonWriter& out, const smtp::AuthAttempt& auth) {
  out.begin_object();
  out.member("mechanism", auth.mechanism);
  out.object_or_null("reply", auth.reply, write_reply);
  out.end_object();
}

void write_retry(JsonWriter& out, const verdict::RetryResult& result) {
  out.begin_object();
  out.member("with", word_of(kRetries, result.retry));
  out.member("end", to_string(result.end));
  out.end_object();
}

void write_times(JsonWriter& out, const MailFacts& facts) {
  write_time(out, "at_ns", facts.at);
  write_duration(out, "waited_ns", facts.waited);
  write_duration(out, "lookup_ns", facts.lookup_time);
  write_duration(out, "connect_ns", facts.connect_time);
  write_duration(out, "greeting_ns", facts.greeting_time);
  write_duration(out, "ehlo_ns", facts.ehlo_time);
  write_duration(out, "starttls_ns", facts.starttls_time);
  write_duration(out, "tls_ns", facts.tls_time);
}

void write_visit(JsonWriter& out, const MailFacts& facts) {
  out.begin_object();
  out.member("port", facts.port.number);
  out.member("source_port", facts.source_port ? std::optional(facts.source_port->number) : std::nullopt);
  out.member("begins_with_tls", facts.begins_with_tls);
  out.list("names", facts.names, write_text);
  out.member("connect", word_of(kConnectEnds, facts.connect));
  out.member("stage", word_of(kStages, facts.stage));
  out.member("end", word_of(kEnds, facts.end));
  write_times(out, facts);
  out.object_or_null("greeting", facts.greeting, write_reply);
  out.member("is_greeting_masked", facts.is_greeting_masked);
  out.object_or_null("ehlo", facts.ehlo, write_reply);
  out.list("extensions", facts.extensions, write_text);
  out.list("extensions_in_tls", facts.extensions_in_tls, write_text);
  out.member("is_starttls_offered", facts.is_starttls_offered);
  out.member("is_starttls_masked", facts.is_starttls_masked);
  out.member("is_starttls_asked", facts.is_starttls_asked);
  out.object_or_null("starttls", facts.starttls, write_reply);
  out.object_or_null("last_reply", facts.last_reply, write_reply);
  out.object_or_null("unsolicited", facts.unsolicited, write_reply);
  out.member("smuggled_bytes", facts.smuggled_bytes);
  out.member("odd_lines", facts.odd_lines);
  out.object_or_null("auth", facts.auth, write_auth);
  out.object_or_null("tls", facts.tls, write_tls);
  out.list("retries", facts.retries, write_retry);
  out.end_object();
}

// Reading.

template <class Number>
Number read_number(const JsonNode& node) {
  return static_cast<Number>(node.number(0, std::min<std::uint64_t>(kMost, std::numeric_limits<Number>::max())));
}

/// Text, since moments before 1970 are negative.
Time read_time(const JsonNode& node) {
  const std::string text = node.text();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) node.fail("expected nanoseconds");
  return Time{Duration(count)};
}

std::optional<Duration> read_duration(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  return Duration(static_cast<Duration::rep>(node.number(0, kMost)));
}

std::vector<std::string> read_texts(const JsonNode& node) {
  std::vector<std::string> texts;
  for (const JsonNode& item : node.items()) texts.push_back(item.text());
  return texts;
}

std::optional<smtp::Reply> read_reply(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  return smtp::Reply{.code = read_number<std::uint16_t>(node.at("code")), .text = node.at("text").text()};
}

facts::Certificate read_certificate(const JsonNode& node) {
  return {.subject = node.at("subject").text(),
          .issuer = node.at("issuer").text(),
          .names = read_texts(node.at("names")),
          .not_before = read_time(node.at("not_before")),
          .not_after = read_time(node.at("not_after")),
          .bytes = read_number<std::uint32_t>(node.at("bytes"))};
}

std::optional<facts::TlsAlertNote> read_alert(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  return facts::TlsAlertNote{.from = node.at("is_ours").flag() ? facts::AlertFrom::Us : facts::AlertFrom::Server,
                             .description = read_number<std::uint8_t>(node.at("description"))};
}

std::optional<TlsResult> read_tls(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  TlsResult tls{.end = read_word(node.at("end"), kTlsEnds),
                .version = node.at("version").text(),
                .cipher = node.at("cipher").text(),
                .group = node.at("group").text(),
                .chain = {},
                .chain_length = read_number<std::uint32_t>(node.at("chain_length")),
                .trust = read_word(node.at("trust"), kTrusts),
                .trust_error = node.at("trust_error").text(),
                .matched_name = node.at("matched_name").text(),
                .dane = read_word(node.at("dane"), kDanes),
                .alert = read_alert(node.at("alert")),
                .flights = {},
                .client_hello_bytes = read_number<std::uint32_t>(node.at("client_hello_bytes")),
                .received_bytes = read_number<std::uint64_t>(node.at("received_bytes")),
                .error = node.at("error").text(),
                .has_renegotiated = node.at("has_renegotiated").flag()};
  for (const JsonNode& each : node.at("chain").items()) tls.chain.push_back(read_certificate(each));
  for (const JsonNode& each : node.at("flights").items()) {
    tls.flights.push_back({.is_ours = each.at("is_ours").flag(),
                           .bytes = read_number<std::uint32_t>(each.at("bytes")),
                           .at = read_duration(each.at("at_ns")).value_or(Duration{})});
  }
  return tls;
}

std::optional<smtp::AuthAttempt> read_auth(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  return smtp::AuthAttempt{.mechanism = node.at("mechanism").text(), .reply = read_reply(node.at("reply"))};
}

void read_times(const JsonNode& node, MailFacts& facts) {
  facts.at = read_time(node.at("at_ns"));
  facts.waited = read_duration(node.at("waited_ns")).value_or(Duration{});
  facts.lookup_time = read_duration(node.at("lookup_ns"));
  facts.connect_time = read_duration(node.at("connect_ns"));
  facts.greeting_time = read_duration(node.at("greeting_ns"));
  facts.ehlo_time = read_duration(node.at("ehlo_ns"));
  facts.starttls_time = read_duration(node.at("starttls_ns"));
  facts.tls_time = read_duration(node.at("tls_ns"));
}

MailFacts read_visit(const JsonNode& node) {
  MailFacts facts;
  facts.port = Port{read_number<std::uint16_t>(node.at("port"))};
  if (!node.at("source_port").is_null()) facts.source_port = Port{read_number<std::uint16_t>(node.at("source_port"))};
  facts.begins_with_tls = node.at("begins_with_tls").flag();
  facts.names = read_texts(node.at("names"));
  facts.connect = value_of(node.at("connect"), kConnectEnds);
  facts.stage = value_of(node.at("stage"), kStages);
  facts.end = value_of(node.at("end"), kEnds);
  read_times(node, facts);
  facts.greeting = read_reply(node.at("greeting"));
  facts.is_greeting_masked = node.at("is_greeting_masked").flag();
  facts.ehlo = read_reply(node.at("ehlo"));
  facts.extensions = read_texts(node.at("extensions"));
  facts.extensions_in_tls = read_texts(node.at("extensions_in_tls"));
  facts.is_starttls_offered = node.at("is_starttls_offered").flag();
  facts.is_starttls_masked = node.at("is_starttls_masked").flag();
  facts.is_starttls_asked = node.at("is_starttls_asked").flag();
  facts.starttls = read_reply(node.at("starttls"));
  facts.last_reply = read_reply(node.at("last_reply"));
  facts.unsolicited = read_reply(node.at("unsolicited"));
  facts.smuggled_bytes = read_number<std::uint64_t>(node.at("smuggled_bytes"));
  facts.odd_lines = read_number<std::uint32_t>(node.at("odd_lines"));
  facts.auth = read_auth(node.at("auth"));
  facts.tls = read_tls(node.at("tls"));
  for (const JsonNode& each : node.at("retries").items()) {
    facts.retries.push_back({value_of(each.at("with"), kRetries), read_word(each.at("end"), kTlsEnds)});
  }
  return facts;
}

}  // namespace

std::string to_json(const std::vector<MailFacts>& visits) {
  std::string json;
  const Sink sink = [&](std::string_view piece) { json += piece; };
  JsonWriter out(sink);
  out.begin_object();
  out.list("visits", visits, write_visit);
  out.end_object();
  out.hand_over();
  return json;
}

Result<std::vector<MailFacts>> parse_visits(std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return Error{"read the visits of a target: not JSON"};
  std::string fault;
  std::vector<MailFacts> visits;
  for (const JsonNode& visit : JsonNode(document, fault).at("visits").items()) visits.push_back(read_visit(visit));
  if (!fault.empty()) return Error{"read the visits of a target: " + fault};
  return visits;
}

}  // namespace smtpath::report
