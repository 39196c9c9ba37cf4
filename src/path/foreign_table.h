#pragma once

// What may turn out to be traces of others, in bounded memory: whatever has not shown more than one TTL yields first,
// and what routers have answered stays longest, so that scans and floods push no trace out.

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "path/foreign_trace.h"

namespace smtpath::path {

class ForeignTable {
 public:
  ForeignTable() = default;
  // It knows its own lists by address.
  ForeignTable(const ForeignTable&) = delete;
  ForeignTable& operator=(const ForeignTable&) = delete;

  bool is_empty() const { return open_.empty(); }
  /// Null: it has none.
  ForeignTrace* find(const Asking& asking);
  /// The one that an error speaks of, even where somebody rewrote the addresses in its quote.
  ForeignTrace* quoted(const Asking& asking, const Token& token);

  /// Whether a SYN or echo request with this TTL may be a probe.
  bool may_be_probe(const Asking& asking, Ttl ttl) const;
  /// The one that it belongs to, begun if need be.
  ForeignTrace& trace_of_probe(Time now, const Asking& asking);
  void note_token(const Token& token, const Asking& asking) { by_token_.insert_or_assign(token, asking); }

  /// Call before anything is kept; false: there is no room, whatever is forgotten.
  bool makes_room();
  /// Call after something may have been kept; `before`: how much the trace had kept.
  void settle(const ForeignTrace& trace, std::size_t before);

  bool is_probe(const Asking& asking, Port source_port) const;
  /// What looks like traces; the table is empty afterwards.
  std::vector<ForeignTrace> take();

  std::uint64_t evicted() const { return evicted_; }

 private:
  using Traces = std::list<ForeignTrace>;
  struct Place {
    Traces* traces = nullptr;
    Traces::iterator position;
  };

  Traces& those_standing(ForeignTrace::Standing standing) {
    return by_standing_.at(static_cast<std::size_t>(standing));
  }
  /// Keeps it if it looks like a trace, else forgets it; says which.
  bool close(Traces& traces, Traces::iterator position);

  static constexpr std::size_t kStandings = 3;
  /// In each the longest quiet first.
  std::array<Traces, kStandings> by_standing_;
  std::unordered_map<Asking, Place, AskingHash> open_;
  std::unordered_map<Token, Asking, TokenHash> by_token_;
  Traces closed_;
  /// Probes and replies, in `closed_` and in all.
  std::size_t kept_closed_ = 0;
  std::size_t kept_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace smtpath::path
