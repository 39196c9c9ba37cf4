#include "probing/elicit_search.h"

#include <algorithm>

#include "smtpath/path/back.h"

namespace smtpath::probing {

namespace {

/// The boundary lies above `lower` and not above `upper`.
struct Bounds {
  Ttl lower;
  Ttl upper;
  bool contains(Ttl ttl) const { return lower < ttl && ttl < upper; }
};

Bounds known_bounds(const path::PortPath& path, const Ledger& ledger, const Situation& situation, Ttl max_ttl) {
  const auto answer = path.answer();
  Bounds bounds{.lower = Ttl{0}, .upper = answer ? answer->elicit : max_ttl + 1};
  for (const path::SeenHop& hop : path.routers()) {
    if (hop.ttl < bounds.upper) bounds.lower = std::max(bounds.lower, hop.ttl);
  }
  for (Ttl ttl = bounds.lower + 1; ttl < bounds.upper; ttl = ttl + 1) {
    const int silent = ledger.silent_at(ttl, situation.now, situation.patience);
    if (silent >= path::kSilentTries) bounds.lower = ttl;
  }
  return bounds;
}

/// The TTL that tells most: where the boundary is expected, else right below the known answer once that is near, else
/// upwards from the known silence.
Ttl candidate(const path::PortPath& path, const Situation& situation, const Bounds& bounds) {
  const auto answer = path.answer();
  if (!answer) return bounds.lower + 1;
  const Ttl guess{static_cast<std::uint8_t>(path::back_of(answer->reply->ttl))};
  if (situation.reach && bounds.contains(*situation.reach) && !path.has_unattributed_answer()) return *situation.reach;
  if (bounds.contains(guess) && !path.has_unattributed_answer()) return guess;
  const Ttl expected = std::max(guess, situation.reach.value_or(guess));
  return bounds.upper <= expected ? bounds.upper - 1 : bounds.lower + 1;
}

}  // namespace

ElicitStep next_elicit_step(const path::PortPath& path, const Ledger& ledger, const Situation& situation, Ttl max_ttl) {
  using Kind = ElicitStep::Kind;
  const Bounds bounds = known_bounds(path, ledger, situation, max_ttl);
  const bool is_bounded = bounds.upper - bounds.lower <= 1;
  if (is_bounded)
    return {.kind = bounds.upper > max_ttl ? Kind::Exhausted : Kind::Found, .ttl = bounds.upper, .probes = 0};
  const Ttl ttl = candidate(path, situation, bounds);
  if (ledger.is_open_at(ttl, situation.now, situation.patience)) return {.kind = Kind::Wait, .ttl = ttl, .probes = 0};
  const int silent = ledger.silent_at(ttl, situation.now, situation.patience);
  return {.kind = Kind::Ask, .ttl = ttl, .probes = silent == 0 ? 1 : path::kSilentTries - silent};
}

}  // namespace smtpath::probing
