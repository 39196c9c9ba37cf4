#pragma once

// Bounds how many probes of one port may arrive at the host: so many in any second, so many in a run. Which ones may is
// known better as hops show themselves, so it is asked of the ledger anew each time. And bounds a run's probes in all.

#include <cstddef>
#include <optional>
#include <vector>

#include "probing/ledger.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"

namespace smtpath::probing {

inline constexpr std::size_t kMostSynsASecond = 8;
inline constexpr std::size_t kMostSynsInAll = 24;
/// Where it is explored how flows and tries differ.
inline constexpr std::size_t kMostSynsExploring = 64;
/// Of one target, those of all tasks together, wherever they expire. The rest is for what exploring gives rise to.
inline constexpr std::size_t kMostProbes = 400;
inline constexpr std::size_t kMostProbesExploring = 380;
/// A second as the host sees it: on the way, packets that follow one another come closer together.
inline constexpr Duration kSecondAtTheHost = std::chrono::milliseconds(1050);

/// What the tasks of one target have asked for, all together.
struct ProbeBudget {
  std::size_t asked = 0;

  bool is_explored() const { return asked >= kMostProbesExploring; }
};

/// The earliest time, not before `now`, at which one more probe that may reach the host may be sent; absent: never.
/// `may_reach_from` is the least TTL of those, `most_in_all` bounds them.
inline std::optional<Time> next_turn(const Ledger& ledger, Ttl may_reach_from, std::size_t most_in_all, Time now) {
  const std::vector<Time> sent = ledger.sent_from(may_reach_from);
  if (sent.size() >= most_in_all) return std::nullopt;
  if (sent.size() < kMostSynsASecond) return now;
  return std::max(now, sent[sent.size() - kMostSynsASecond] + kSecondAtTheHost);
}

}  // namespace smtpath::probing
