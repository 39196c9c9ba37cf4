#pragma once

// Where on the way probes are rewritten, as far as quotes tell: between the last router that quotes a field as it was
// and the first that does not. A quote shows the probe as its sender got it, so whoever rewrote it is one of these two
// or stands between them unseen.

#include <optional>
#include <span>
#include <vector>

#include "smtpath/path/port_path.h"
#include "smtpath/path/quote_change.h"
#include "smtpath/path/trace.h"

namespace smtpath::path {

struct Rewriting {
  /// As `first` quotes it.
  QuoteChange change;
  /// The nearest hop whose quote shows it.
  SeenHop first;
  /// The farthest hop before it whose quote shows the field as it had been until then; absent: none does.
  std::optional<SeenHop> last_before;
  /// The farthest hop whose quote shows it.
  SeenHop last;
  /// Some quote from `first` on shows the field as it was sent: not every probe is rewritten, or not all routers quote
  /// what they got.
  bool is_contradicted = false;
  friend bool operator==(const Rewriting&, const Rewriting&) = default;
};

/// At most kMostRewritings, the nearest first. Fields that differ from probe to probe (ports, sequence numbers, IP IDs,
/// flow labels, timestamps) make one each, others one for each value that they are given.
std::vector<Rewriting> rewritings_in(std::span<const FlowTrace* const> flows);

inline constexpr std::size_t kMostRewritings = 16;

}  // namespace smtpath::path
