#include "report/lookup_words.h"

#include <fmt/format.h>

#include "report/milliseconds.h"

namespace smtpath::report {

namespace {

std::string answer_words(const facts::Lookup& step) {
  if (step.answer.empty()) return std::string(to_string(step.result));
  std::string words;
  for (const facts::Record& record : step.answer) words += (words.empty() ? "" : ", ") + facts::to_string(record);
  return words;
}

/// "example.com MX: 10 mx.example.com; from 192.0.2.53 in 12.1 ms, DNSSEC secure"
std::string line_on(const facts::Lookup& step) {
  std::string line = fmt::format("{} {}: {}", step.question.name, to_string(step.question.type), answer_words(step));
  if (step.canonical) line += fmt::format(" (alias of {})", *step.canonical);
  if (!step.resolver && is_answer(step.result)) return line + "; from this host's own table";
  line += fmt::format("; from {} in {} ms", step.resolver.value_or("nobody"), milliseconds_of(step.took));
  if (step.dnssec) line += fmt::format(", DNSSEC {}", to_string(*step.dnssec));
  for (const facts::ResolverAnswer& each : step.asked) {
    line += fmt::format("; {}: {}", each.resolver, to_string(each.result));
  }
  return line;
}

}  // namespace

std::vector<std::string> lines_on(const facts::TargetLookup& lookup, bool verbose) {
  std::vector<std::string> lines;
  if (verbose) {
    for (const facts::Lookup& step : lookup.steps) lines.push_back(line_on(step));
  }
  lines.insert(lines.end(), lookup.notes.begin(), lookup.notes.end());
  return lines;
}

}  // namespace smtpath::report
