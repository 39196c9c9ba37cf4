#include "path/foreign_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace smtpath::path {

namespace {

/// Hosts send with 64, 128 or 255, and few are more than 31 hops away: what arrives with less was sent so on purpose.
constexpr Ttl kHighestAtFirst{30};
/// A trace that came so far goes on by steps as small as this.
constexpr int kMostStep = 2;
/// Tools wait a few seconds for an answer; after so long the next SYN begins another trace.
constexpr Duration kQuiet = std::chrono::seconds(30);

constexpr std::size_t kMostOpen = 4096;
/// Probes and replies.
constexpr std::size_t kMostKept = 32'768;

}  // namespace

ForeignTrace* ForeignTable::find(const Asking& asking) {
  const auto found = open_.find(asking);
  return found == open_.end() ? nullptr : &*found->second.position;
}

ForeignTrace* ForeignTable::quoted(const Asking& asking, const Token& token) {
  if (ForeignTrace* trace = find(asking)) return trace;
  const auto rewritten = by_token_.find(token);
  const bool is_known = rewritten != by_token_.end() && rewritten->second.port == asking.port;
  return is_known ? find(rewritten->second) : nullptr;
}

bool ForeignTable::may_be_probe(const Asking& asking, Ttl ttl) const {
  if (ttl <= kHighestAtFirst) return true;
  const auto found = open_.find(asking);
  return found != open_.end() && ttl <= found->second.position->highest() + kMostStep;
}

ForeignTrace& ForeignTable::trace_of_probe(Time now, const Asking& asking) {
  const auto found = open_.find(asking);
  if (found != open_.end()) {
    const Place place = found->second;
    if (now - place.position->last() <= kQuiet) return *place.position;
    close(*place.traces, place.position);
  }
  Traces& fresh = those_standing(ForeignTrace::Standing::Fresh);
  const auto position = fresh.emplace(fresh.end(), asking);
  open_.insert_or_assign(asking, Place{.traces = &fresh, .position = position});
  return *position;
}

bool ForeignTable::makes_room() {
  const auto is_full = [&] { return open_.size() >= kMostOpen || kept_ >= kMostKept; };
  while (is_full()) {
    const auto yielding =
        std::find_if(by_standing_.begin(), by_standing_.end(), [](const Traces& traces) { return !traces.empty(); });
    if (kept_closed_ >= kMostKept || yielding == by_standing_.end()) return false;
    if (!close(*yielding, yielding->begin())) ++evicted_;
  }
  return true;
}

void ForeignTable::settle(const ForeignTrace& trace, std::size_t before) {
  kept_ += trace.kept() - before;
  Place& place = open_.at(trace.asking());
  Traces& now_among = those_standing(trace.standing());
  now_among.splice(now_among.end(), *place.traces, place.position);
  place.traces = &now_among;
}

bool ForeignTable::close(Traces& traces, Traces::iterator position) {
  open_.erase(position->asking());
  for (const Token& token : position->tokens()) by_token_.erase(token);
  if (position->is_trace()) {
    kept_closed_ += position->kept();
    closed_.splice(closed_.end(), traces, position);
    return true;
  }
  kept_ -= position->kept();
  traces.erase(position);
  return false;
}

bool ForeignTable::is_probe(const Asking& asking, Port source_port) const {
  const auto found = open_.find(asking);
  if (found != open_.end()) {
    const ForeignTrace& trace = *found->second.position;
    if (trace.standing() != ForeignTrace::Standing::Fresh && trace.left_from(source_port)) return true;
  }
  return std::any_of(closed_.begin(), closed_.end(), [&](const ForeignTrace& trace) {
    return trace.asking() == asking && trace.left_from(source_port);
  });
}

std::vector<ForeignTrace> ForeignTable::take() {
  for (Traces& traces : by_standing_) {
    while (!traces.empty()) close(traces, traces.begin());
  }
  std::vector<ForeignTrace> taken(std::make_move_iterator(closed_.begin()), std::make_move_iterator(closed_.end()));
  closed_.clear();
  kept_closed_ = 0;
  kept_ = 0;
  return taken;
}

}  // namespace smtpath::path
