#include "probing/elicit_search.h"

#include <algorithm>

#include "smtpath/path/back.h"

namespace smtpath::probing {

namespace {

/// Of one TTL.
constexpr int kMostTries = 5 * path::kSilentTries;

/// The boundary lies above `lower` and not above `upper`.
struct Bounds {
  Ttl lower;
  Ttl upper;
  bool contains(Ttl ttl) const { return lower < ttl && ttl < upper; }
};

/// Where others are answered, silence is more likely to be loss.
int tries_for_silence(const Situation& situation, Ttl ttl) {
  const bool are_others_answered = situation.answers.contains(ttl) || situation.answering.contains(ttl);
  if (!are_others_answered) return path::kSilentTries;
  return situation.is_lossy ? 3 * path::kSilentTries : 2 * path::kSilentTries;
}

Bounds known_bounds(const path::PortPath& path, const Ledger& ledger, const Situation& situation, Ttl max_ttl) {
  const auto answer = path.answer();
  Bounds bounds{.lower = Ttl{0}, .upper = answer ? answer->elicit : max_ttl + 1};
  bounds.lower = path.last_expired_below(bounds.upper);
  for (Ttl ttl = bounds.lower + 1; ttl < bounds.upper; ttl = ttl + 1) {
    const int silent = ledger.silent_at(ttl, situation.now, situation.patience);
    if (silent >= tries_for_silence(situation, ttl)) bounds.lower = ttl;
  }
  return bounds;
}

/// The TTL that tells most: the one that the answer's own way back suggests, the next, since a device that answers
/// after it took one off the TTL is drawn by one more than its distance, and where the host is thought to be. Ways back
/// are a little longer or shorter than ways out, so step by step around it; otherwise the middle.
Ttl candidate(const path::Answer& answer, const Situation& situation, const Bounds& bounds) {
  constexpr int kLongerWayBack = 6;
  constexpr int kShorterWayBack = 3;
  const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer.reply->ttl))};
  if (bounds.contains(guess)) return guess;
  if (bounds.lower == guess) return guess + 1;
  if (situation.reach && bounds.contains(*situation.reach)) return *situation.reach;
  const bool is_right_above = bounds.upper == situation.reach;
  const bool is_below_guess = bounds.upper <= guess && guess - bounds.upper < kLongerWayBack;
  if (is_right_above || is_below_guess) return bounds.upper - 1;
  const bool is_above_guess = bounds.lower > guess && bounds.lower - guess < kShorterWayBack;
  return is_above_guess ? bounds.lower + 1 : bounds.lower + (bounds.upper - bounds.lower) / 2;
}

bool was_refused_at(const path::PortPath& path, Ttl ttl) {
  const auto flows = path.flows();
  return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(),
                       [&](const path::Probe& probe) { return probe.ttl == ttl && probe.refused; });
  });
}

/// One probe, and when that found silence as many more as make it a fact.
ElicitStep ask_or_wait(const Ledger& ledger, const Situation& situation, Ttl ttl) {
  using Kind = ElicitStep::Kind;
  if (ledger.is_open_at(ttl, situation.now, situation.patience)) return {.kind = Kind::Wait, .ttl = ttl, .probes = 0};
  // Answers that contradict one another leave it open for good.
  if (ledger.asked_at(ttl) >= kMostTries) return {.kind = Kind::Exhausted, .ttl = ttl, .probes = 0};
  const int silent = ledger.silent_at(ttl, situation.now, situation.patience);
  return {.kind = Kind::Ask,
          .ttl = ttl,
          .probes = silent == 0 ? 1 : std::max(1, tries_for_silence(situation, ttl) - silent)};
}

}  // namespace

ElicitStep next_elicit_step(const path::PortPath& path, const Ledger& ledger, const Situation& situation, Ttl max_ttl) {
  using Kind = ElicitStep::Kind;
  const auto answer = path.answer();
  if (!answer) return ask_or_wait(ledger, situation, max_ttl);  // answers came, but which probe drew them?
  const Bounds bounds = known_bounds(path, ledger, situation, max_ttl);
  const bool is_bounded = bounds.upper - bounds.lower <= 1;
  if (is_bounded)
    return {.kind = bounds.upper > max_ttl ? Kind::Exhausted : Kind::Found, .ttl = bounds.upper, .probes = 0};
  const Ttl ttl = candidate(*answer, situation, bounds);
  // What this host has begun to refuse it will go on to refuse.
  if (was_refused_at(path, ttl)) return {.kind = Kind::Exhausted, .ttl = ttl, .probes = 0};
  return ask_or_wait(ledger, situation, ttl);
}

}  // namespace smtpath::probing
