#include "verdict/candidates.h"

#include <fmt/format.h>

#include <algorithm>

namespace smtpath::verdict {

namespace {

constexpr std::size_t kMostListed = 4;

std::vector<facts::LocalRule> fitting(const Case& evidence, const Suspicion& suspicion) {
  auto rules = facts::candidates(evidence.host->rules, suspicion.hooks, evidence.path.port(), evidence.target.family());
  const auto does_otherwise = [&](const facts::LocalRule& rule) { return rule.effect != suspicion.effect; };
  rules.erase(std::remove_if(rules.begin(), rules.end(), does_otherwise), rules.end());
  return rules;
}

std::optional<std::string> describe_full_table(const facts::LocalHost& host) {
  if (!host.connections || host.connections->count < host.connections->limit) return std::nullopt;
  return fmt::format("The table of tracked connections is full ({} of {}).", host.connections->count,
                     host.connections->limit);
}

}  // namespace

std::size_t count_candidates(const Case& evidence, const Suspicion& suspicion) {
  return evidence.host == nullptr ? 0 : fitting(evidence, suspicion).size();
}

std::optional<std::string> describe_candidates(const Case& evidence, const Suspicion& suspicion) {
  if (evidence.host == nullptr) return std::nullopt;
  if (auto full = describe_full_table(*evidence.host)) return full;
  const auto rules = fitting(evidence, suspicion);
  const bool is_complete = evidence.host->rules.is_complete;
  if (rules.empty()) {
    if (!is_complete) return std::nullopt;
    return "No rule that nft or iptables list here does that to this port.";
  }
  if (rules.size() == 1 && is_complete) return fmt::format("The rule: {}.", describe(rules.front()));
  std::string text = "It may be one of these rules: ";
  for (std::size_t i = 0; i < std::min(rules.size(), kMostListed); ++i) {
    if (i > 0) text += "; ";
    text += describe(rules[i]);
  }
  if (rules.size() > kMostListed) text += fmt::format("; and {} more", rules.size() - kMostListed);
  return text + ".";
}

}  // namespace smtpath::verdict
