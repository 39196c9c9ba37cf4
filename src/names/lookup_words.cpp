#include "smtpath/names/lookup_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "smtpath/names/suggestion.h"

namespace smtpath::names {

namespace {

using facts::Lookup;
using facts::LookupResult;
using facts::ResolverAnswer;
using facts::TargetError;
using facts::TargetErrorKind;

constexpr Duration kSlow = std::chrono::seconds(1);

std::string milliseconds_of(Duration took) {
  const double milliseconds = std::chrono::duration<double, std::milli>(took).count();
  constexpr double kFew = 10;
  return fmt::format("{:.{}f} ms", milliseconds, milliseconds < kFew ? 1 : 0);
}

std::string question_words(const facts::Question& question) {
  return fmt::format("{} ({})", question.name, to_string(question.type));
}

/// "said by 192.0.2.53 in 12 ms"
std::string source_words(const Lookup& step) {
  return fmt::format("said by {} in {}", step.resolver.value_or("this host's own table"), milliseconds_of(step.took));
}

/// "does not answer", after the resolver's name.
std::string_view failure_words(LookupResult result) {
  switch (result) {
    case LookupResult::ServFail:
      return "answers SERVFAIL";
    case LookupResult::Refused:
      return "answers REFUSED";
    case LookupResult::Timeout:
      return "does not answer";
    case LookupResult::Unreachable:
      return "cannot be reached";
    case LookupResult::Failed:
      return "answers with an error";
    case LookupResult::NxDomain:
      return "says that there is no such name";
    case LookupResult::NoData:
      return "says that there is no such record";
    case LookupResult::Ok:
      return "has an answer";
  }
  return {};
}

/// "192.0.2.53 does not answer, 192.0.2.54 answers SERVFAIL"
std::string failures_of(const Lookup& step) {
  std::string words;
  for (const ResolverAnswer& each : step.asked) {
    if (is_answer(each.result)) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", each.resolver, failure_words(each.result));
  }
  if (!words.empty()) return words;
  if (!step.asked.empty()) {
    return fmt::format("{} answers, but with nothing that leads to an address (aliases that go in a circle?)",
                       step.asked.front().resolver);
  }
  return fmt::format("{} ({})", words_of(step.result), milliseconds_of(step.took));
}

const Lookup* find_step(std::span<const Lookup> steps, LookupResult result) {
  const auto step = std::find_if(steps.begin(), steps.end(), [&](const Lookup& each) { return each.result == result; });
  return step == steps.end() ? nullptr : &*step;
}

TargetError no_such_name(const std::string& name, const Lookup& step) {
  const auto suggestion = suggestion_for(name);
  return {TargetErrorKind::UnknownHost, fmt::format("{} does not exist (NXDOMAIN, {}){}", name, source_words(step),
                                                    suggestion ? fmt::format("; did you mean {}?", *suggestion) : "")};
}

TargetError cannot_be_looked_up(const std::string& name, const Lookup& step) {
  return {TargetErrorKind::ResolverFailure, fmt::format("{} cannot be looked up: {}", name, failures_of(step))};
}

/// Of two that answer: one knows the name and the other does not.
bool contradicts(LookupResult one, LookupResult other) {
  return (one == LookupResult::NxDomain) != (other == LookupResult::NxDomain);
}

/// One that failed although another resolver answered, or that contradicts it.
std::string note_on(const Lookup& step, const ResolverAnswer& other) {
  if (!is_answer(other.result)) {
    return fmt::format("The resolver {} {} when asked for {}; {} answered after {}.", other.resolver,
                       failure_words(other.result), question_words(step.question), step.resolver.value_or("another"),
                       milliseconds_of(step.took));
  }
  return fmt::format("The resolvers contradict each other on {}: {} {}, {} {}.", question_words(step.question),
                     step.resolver.value_or("one"), failure_words(step.result), other.resolver,
                     failure_words(other.result));
}

}  // namespace

std::string_view words_of(LookupResult result) {
  switch (result) {
    case LookupResult::Ok:
      return "ok";
    case LookupResult::NxDomain:
      return "NXDOMAIN";
    case LookupResult::NoData:
      return "no such record";
    case LookupResult::ServFail:
      return "SERVFAIL";
    case LookupResult::Refused:
      return "REFUSED";
    case LookupResult::Timeout:
      return "no answer";
    case LookupResult::Unreachable:
      return "no resolver can be reached";
    case LookupResult::Failed:
      return "an error";
  }
  return {};
}

TargetError no_address_error(const std::string& name, std::span<const Lookup> steps, std::optional<Family> family) {
  if (const Lookup* step = find_step(steps, LookupResult::NxDomain)) return no_such_name(name, *step);
  const auto failed =
      std::find_if(steps.begin(), steps.end(), [](const Lookup& each) { return !is_answer(each.result); });
  if (failed != steps.end()) return cannot_be_looked_up(name, *failed);
  const std::string_view kind = !family ? "" : *family == Family::Ipv4 ? "IPv4 " : "IPv6 ";
  return {TargetErrorKind::NoAddress, fmt::format("{} exists, but has no {}address ({})", name, kind,
                                                  steps.empty() ? "not asked" : source_words(steps.front()))};
}

TargetError no_route_error(const std::string& domain, const Lookup& mx, RouteKind kind) {
  if (kind == RouteKind::NullMx) {
    return {TargetErrorKind::NullMx, fmt::format("{} accepts no mail: its MX record is \".\" (null MX, RFC 7505; {})",
                                                 domain, source_words(mx))};
  }
  if (mx.result == LookupResult::NxDomain) return no_such_name(domain, mx);
  TargetError error = cannot_be_looked_up(domain, mx);
  error.text = fmt::format("The MX records of {}", error.text);
  return error;
}

TargetError flawed_host_error(const std::string& domain, const facts::MxRecord& record, HostFlaw flaw) {
  const std::string start = fmt::format("The MX record \"{} {}\" of {} ", record.preference, record.host, domain);
  switch (flaw) {
    case HostFlaw::IsAddress:
      return {TargetErrorKind::UnknownHost,
              start + "holds an address where a host name belongs (RFC 1035 section 3.3.9): mail cannot go to it"};
    case HostFlaw::IsRoot:
      return {TargetErrorKind::UnknownHost,
              start + "says that no mail is accepted, but stands beside others (RFC 7505 section 3)"};
    case HostFlaw::NoHostName:
      return {TargetErrorKind::UnknownHost, start + "names what cannot be a host"};
  }
  return {};
}

std::vector<std::string> notes_on(std::span<const Lookup> steps) {
  std::vector<std::string> notes;
  std::set<std::pair<std::string, LookupResult>> told;
  for (const Lookup& step : steps) {
    bool has_failures = false;
    for (const ResolverAnswer& each : step.asked) {
      if (!is_answer(step.result) || each.resolver == step.resolver) continue;
      if (is_answer(each.result) && !contradicts(step.result, each.result)) continue;
      has_failures = true;
      if (told.emplace(each.resolver, each.result).second) notes.push_back(note_on(step, each));
    }
    if (!is_answer(step.result)) {
      notes.push_back(fmt::format("{} cannot be looked up: {}.", question_words(step.question), failures_of(step)));
    }
    if (is_answer(step.result) && step.took >= kSlow && !has_failures) {
      notes.push_back(
          fmt::format("The look-up of {} took {}.", question_words(step.question), milliseconds_of(step.took)));
    }
    if (step.dnssec == facts::Dnssec::Bogus) {
      notes.push_back(
          fmt::format("The answer for {} does not pass DNSSEC, and a resolver that checks keeps it back: {}",
                      question_words(step.question), step.why_bogus));
    }
    if (step.left_out > 0) {
      notes.push_back(fmt::format("The answer for {} has {} more records than are looked at.",
                                  question_words(step.question), step.left_out));
    }
  }
  return notes;
}

std::optional<std::string> note_on_alias(const facts::MxRecord& record, std::span<const Lookup> addresses) {
  const auto alias =
      std::find_if(addresses.begin(), addresses.end(), [](const Lookup& each) { return each.canonical.has_value(); });
  if (alias == addresses.end()) return std::nullopt;
  return fmt::format("The mail exchanger {} is an alias of {}: an MX record must not name one (RFC 2181 section 10.3).",
                     record.host, *alias->canonical);
}

std::string note_on_missing_mx(const std::string& domain) {
  return fmt::format("{} has no MX record: its mail goes to its own addresses (RFC 5321 section 5.1).", domain);
}

}  // namespace smtpath::names
