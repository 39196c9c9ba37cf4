#include "report/lookup_json.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace smtpath::report {

namespace {

using facts::LookupResult;

constexpr std::array kTypes{facts::RecordType::A, facts::RecordType::Aaaa, facts::RecordType::Mx,
                            facts::RecordType::Ptr, facts::RecordType::Tlsa};
constexpr std::array kResults{LookupResult::Ok,          LookupResult::NxDomain, LookupResult::NoData,
                              LookupResult::ServFail,    LookupResult::Refused,  LookupResult::Timeout,
                              LookupResult::Unreachable, LookupResult::Failed};
constexpr std::array kStates{facts::Dnssec::Secure, facts::Dnssec::Insecure, facts::Dnssec::Bogus};
constexpr std::size_t kMostSteps = 64;

enum class Times : std::uint8_t { Milliseconds, Nanoseconds };

void write_text(JsonWriter& out, const std::string& text) {
  out.value(text);
}

void write_question(JsonWriter& out, const facts::Question& question) {
  out.begin_object();
  out.member("name", question.name);
  out.member("type", to_string(question.type));
  out.end_object();
}

void write_asked(JsonWriter& out, const facts::ResolverAnswer& asked) {
  out.begin_object();
  out.member("resolver", asked.resolver);
  out.member("result", to_string(asked.result));
  out.end_object();
}

std::vector<std::string> failing_resolvers_of(const facts::Lookup& step) {
  std::vector<std::string> failing;
  for (const facts::ResolverAnswer& each : step.asked) {
    if (!is_answer(each.result)) failing.push_back(each.resolver);
  }
  return failing;
}

void write_step(JsonWriter& out, const facts::Lookup& step, Times times) {
  out.begin_object();
  out.key("question");
  write_question(out, step.question);
  out.list("answer", step.answer,
           [](JsonWriter& list, const facts::Record& record) { list.value(facts::to_string(record)); });
  out.member("left_out", step.left_out);
  out.member("alias_of", step.canonical);
  out.member("result", to_string(step.result));
  out.member("dnssec", step.dnssec ? std::optional(to_string(*step.dnssec)) : std::nullopt);
  out.member("why_bogus", step.why_bogus.empty() ? std::nullopt : std::optional(step.why_bogus));
  if (times == Times::Milliseconds) {
    out.member("ms", to_milliseconds(step.took));
  } else {
    out.member("took_ns", step.took.count());
  }
  out.member("resolver", step.resolver);
  out.list("failing_resolvers", failing_resolvers_of(step), write_text);
  out.list("asked", step.asked, write_asked);
  out.end_object();
}

void write_mx(JsonWriter& out, const facts::MxRecord& mx) {
  out.begin_object();
  out.member("preference", mx.preference);
  out.member("host", mx.host);
  out.end_object();
}

void write(JsonWriter& out, const facts::TargetLookup& lookup, Times times) {
  out.begin_object();
  out.list("steps", lookup.steps,
           [times](JsonWriter& list, const facts::Lookup& step) { write_step(list, step, times); });
  out.object_or_null("mx", lookup.mx, write_mx);
  out.member("suggestion", lookup.suggestion);
  out.list("notes", lookup.notes, write_text);
  out.end_object();
}

std::optional<std::string> read_optional_text(const JsonNode& node) {
  return node.is_null() ? std::nullopt : std::optional(node.text());
}

std::vector<facts::Record> read_answer(const JsonNode& node, facts::RecordType type) {
  std::vector<facts::Record> answer;
  for (const JsonNode& item : node.items()) {
    auto record = facts::parse_record(type, item.text());
    if (!record) item.fail("is no such record");
    if (record) answer.push_back(*std::move(record));
  }
  if (answer.size() > facts::kMostRecords) node.fail("too many");
  return answer;
}

facts::Lookup read_step(const JsonNode& node) {
  facts::Lookup step;
  step.question = {node.at("question").at("name").text(), read_word(node.at("question").at("type"), kTypes)};
  step.result = read_word(node.at("result"), kResults);
  step.answer = read_answer(node.at("answer"), step.question.type);
  step.left_out = static_cast<std::uint32_t>(node.at("left_out").number(0, std::numeric_limits<std::uint32_t>::max()));
  step.canonical = read_optional_text(node.at("alias_of"));
  if (!node.at("dnssec").is_null()) step.dnssec = read_word(node.at("dnssec"), kStates);
  step.why_bogus = read_optional_text(node.at("why_bogus")).value_or("");
  constexpr auto kLongest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  step.took = Duration{static_cast<std::int64_t>(node.at("took_ns").number(0, kLongest))};
  step.resolver = read_optional_text(node.at("resolver"));
  for (const JsonNode& each : node.at("asked").items()) {
    step.asked.push_back({each.at("resolver").text(), read_word(each.at("result"), kResults)});
  }
  return step;
}

}  // namespace

void write_lookup(JsonWriter& out, const facts::TargetLookup& lookup) {
  write(out, lookup, Times::Milliseconds);
}

void write_planned_lookup(JsonWriter& out, const facts::TargetLookup& lookup) {
  write(out, lookup, Times::Nanoseconds);
}

facts::TargetLookup read_planned_lookup(const JsonNode& node) {
  facts::TargetLookup lookup;
  for (const JsonNode& step : node.at("steps").items()) lookup.steps.push_back(read_step(step));
  if (lookup.steps.size() > kMostSteps) node.at("steps").fail("too many");
  if (const JsonNode mx = node.at("mx"); !mx.is_null()) {
    constexpr std::uint64_t kHighest = std::numeric_limits<std::uint16_t>::max();
    lookup.mx = {.preference = static_cast<std::uint16_t>(mx.at("preference").number(0, kHighest)),
                 .host = mx.at("host").text()};
  }
  lookup.suggestion = read_optional_text(node.at("suggestion"));
  for (const JsonNode& note : node.at("notes").items()) lookup.notes.push_back(note.text());
  return lookup;
}

}  // namespace smtpath::report
