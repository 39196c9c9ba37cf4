#include "report/hop_rows.h"

#include <algorithm>
#include <map>

#include "smtpath/path/icmp_name.h"

namespace smtpath::report {

namespace {

using path::ReplyKind;
using verdict::Kind;

/// Runs of fewer rows are shown one by one.
constexpr std::size_t kMinRun = 3;

/// A place for a mark: on a hop, or between it and the next.
struct MarkPlace {
  Ttl ttl;
  bool is_behind = false;
};

Mark mark_of(Kind kind) {
  switch (kind) {
    case Kind::Open:
    case Kind::Refused:
      return Mark::None;
    case Kind::Intermittent:
    case Kind::Inconclusive:
      return Mark::Uncertain;
    case Kind::Dropped:
    case Kind::Rejected:
    case Kind::ResetInjected:
    case Kind::Intercepted:
    case Kind::Loop:
    case Kind::Unreachable:
    case Kind::NoRoute:
      return Mark::Stopped;
  }
  return Mark::None;
}

MarkPlace mark_place_of(const verdict::Location& location) {
  if (location.place == verdict::Place::Local) return {Ttl{0}, false};
  if (location.suspect) return {location.suspect->ttl, false};
  return {location.last_reached.ttl, true};
}

bool answers_in_another_name(Kind kind) {
  return kind == Kind::ResetInjected || kind == Kind::Intercepted;
}

/// Where the table shows the target's own address.
std::optional<Ttl> destination_of(const TargetReport& target) {
  if (target.distance) return target.distance;
  std::optional<Ttl> nearest;
  for (const PortReport& port : target.ports) {
    const bool is_own = port.verdict.kind == Kind::Open || port.verdict.kind == Kind::Refused;
    if (!is_own || !port.answer.elicit) continue;
    if (!nearest || *port.answer.elicit < *nearest) nearest = port.answer.elicit;
  }
  return nearest;
}

bool is_beyond(const HopReport& hop, const ReplyReport& reply, Ttl destination, const TargetReport& target) {
  return hop.ttl > destination && reply.kind == ReplyKind::TimeExceeded && reply.from != target.address;
}

/// A probe of more hops than the destination is away ends there like one that fits, unless other routers answer from
/// beyond it. Its row is then the destination's.
TargetReport without_overshoot(TargetReport target) {
  const auto destination = destination_of(target);
  if (!destination) return target;
  for (const PortReport& port : target.ports) {
    for (const HopReport& hop : port.hops) {
      for (const ReplyReport& reply : hop.replies) {
        if (is_beyond(hop, reply, *destination, target)) return target;
      }
    }
  }
  for (PortReport& port : target.ports) {
    HopReport last{.ttl = *destination, .sent = 0, .replies = {}};
    const auto overshoot =
        std::find_if(port.hops.begin(), port.hops.end(), [&](const HopReport& hop) { return hop.ttl >= *destination; });
    if (overshoot == port.hops.end()) continue;
    for (auto hop = overshoot; hop != port.hops.end(); ++hop) {
      last.sent += hop->sent;
      last.replies.insert(last.replies.end(), hop->replies.begin(), hop->replies.end());
    }
    port.hops.erase(overshoot, port.hops.end());
    port.hops.push_back(std::move(last));
  }
  return target;
}

HopCell cell_of(const HopReport& hop, Kind kind) {
  HopCell cell{.is_probed = true, .is_refused = hop.sent == 0, .drew = {}, .share = {}, .mark = Mark::None};
  for (const ReplyReport& reply : hop.replies) {
    CellAnswer answer;
    answer.kind = reply.kind;
    if (reply.icmp) {
      answer.icmp_type = reply.icmp->type;
      answer.icmp_code = reply.icmp->code;
      answer.icmp_name = path::icmp_name(reply.icmp->from.family(), reply.icmp->type, reply.icmp->code);
    }
    if (std::find(cell.drew.begin(), cell.drew.end(), answer) == cell.drew.end()) cell.drew.push_back(answer);
  }
  const auto answered = static_cast<int>(hop.replies.size());
  if (mark_of(kind) == Mark::Uncertain && answered > 0 && answered < hop.sent) {
    cell.share = std::to_string(answered) + "/" + std::to_string(hop.sent);
  }
  return cell;
}

void add_address(HopRow& row, const IpAddress& address, std::optional<Duration> rtt) {
  const auto known = std::find_if(row.addresses.begin(), row.addresses.end(),
                                  [&](const RowAddress& each) { return each.address == address; });
  if (known == row.addresses.end()) {
    row.addresses.push_back({address, rtt});
  } else if (rtt && (!known->best || *rtt < *known->best)) {
    known->best = rtt;
  }
}

void add_address(HopRow& row, const ReplyReport& reply) {
  add_address(row, reply.from, reply.rtt);
  const auto known = std::find_if(row.addresses.begin(), row.addresses.end(),
                                  [&](const RowAddress& each) { return each.address == reply.from; });
  if (known->mpls.empty()) known->mpls = reply.mpls;
}

using RowsByTtl = std::map<Ttl, HopRow>;

HopRow& row_at(RowsByTtl& rows, Ttl ttl, const TargetReport& target) {
  HopRow& row = rows[ttl];
  row.first = row.last = ttl;
  row.cells.resize(target.ports.size());
  return row;
}

bool is_suspects_own(const PortReport& port, const HopReport& hop, const ReplyReport& reply) {
  const auto& location = port.verdict.location;
  return reply.kind == ReplyKind::Unreachable && location &&
         location->suspect == verdict::HopReference{hop.ttl, reply.from};
}

/// A hop shows itself by a time exceeded, or by an unreachable if the judge found that it stands there; the destination
/// by whatever answers in its own name.
void add_addresses(RowsByTtl& rows, const TargetReport& target) {
  const auto destination = destination_of(target);
  for (const PortReport& port : target.ports) {
    for (const HopReport& hop : port.hops) {
      for (const ReplyReport& reply : hop.replies) {
        const bool is_destination = reply.from == target.address && hop.ttl == destination;
        if (reply.kind == ReplyKind::TimeExceeded || is_suspects_own(port, hop, reply) ||
            (is_destination && !answers_in_another_name(port.verdict.kind))) {
          add_address(rows.at(hop.ttl), reply);
        }
      }
    }
  }
  if (destination && target.address) add_address(row_at(rows, *destination, target), *target.address, std::nullopt);
}

RowsByTtl hops_of(const TargetReport& target) {
  RowsByTtl rows;
  for (std::size_t i = 0; i < target.ports.size(); ++i) {
    const PortReport& port = target.ports[i];
    for (const HopReport& hop : port.hops) row_at(rows, hop.ttl, target).cells[i] = cell_of(hop, port.verdict.kind);
  }
  add_addresses(rows, target);
  return rows;
}

/// Marks on hops go into their rows; those between hops make rows of their own.
RowsByTtl add_marks(RowsByTtl& rows, const TargetReport& target) {
  RowsByTtl between;
  for (std::size_t i = 0; i < target.ports.size(); ++i) {
    const verdict::Verdict& verdict = target.ports[i].verdict;
    const Mark mark = mark_of(verdict.kind);
    if (mark == Mark::None || !verdict.location) continue;
    const MarkPlace place = mark_place_of(*verdict.location);
    HopRow& row = row_at(place.is_behind ? between : rows, place.ttl, target);
    if (place.is_behind) row.kind = RowKind::Between;
    row.cells[i].mark = mark;
  }
  return between;
}

std::vector<HopRow> in_order(const RowsByTtl& hops, const RowsByTtl& between) {
  std::vector<HopRow> rows;
  std::optional<Ttl> last;
  for (const auto& [ttl, hop] : hops) {
    const bool is_gap = last && *last > Ttl{0} && ttl - *last > 1;
    if (is_gap) rows.push_back({RowKind::Unprobed, *last + 1, ttl - 1, {}, {}});
    rows.push_back(hop);
    last = ttl;
  }
  for (const auto& behind : between) {
    const auto next =
        std::find_if(rows.begin(), rows.end(), [&](const HopRow& row) { return row.first > behind.first; });
    rows.insert(next, behind.second);
  }
  return rows;
}

bool has_marks(const HopRow& row) {
  return std::any_of(row.cells.begin(), row.cells.end(), [](const HopCell& cell) { return cell.mark != Mark::None; });
}

bool is_silent(const HopRow& row) {
  return row.kind == RowKind::Hop && row.addresses.empty() && !has_marks(row) &&
         std::all_of(row.cells.begin(), row.cells.end(), [](const HopCell& cell) { return cell.drew.empty(); });
}

/// Silent rows that follow each other and look alike become one.
std::vector<HopRow> fold_silence(const std::vector<HopRow>& rows) {
  std::vector<HopRow> folded;
  for (const HopRow& row : rows) {
    if (!folded.empty() && is_silent(row) && is_silent(folded.back()) && folded.back().cells == row.cells) {
      folded.back().last = row.last;
    } else {
      folded.push_back(row);
    }
  }
  return folded;
}

/// A loop goes on to the last TTL; its rows are told once.
std::vector<HopRow> fold_repetition(const std::vector<HopRow>& rows) {
  std::vector<IpAddress> seen;
  const auto tells_nothing_new = [&](const HopRow& row) {
    const bool is_known = std::all_of(row.addresses.begin(), row.addresses.end(), [&](const RowAddress& each) {
      return std::find(seen.begin(), seen.end(), each.address) != seen.end();
    });
    for (const RowAddress& each : row.addresses) seen.push_back(each.address);
    return row.kind == RowKind::Hop && !row.addresses.empty() && is_known && !has_marks(row);
  };

  std::vector<HopRow> folded;
  std::vector<HopRow> run;
  const auto end_run = [&] {
    if (run.size() < kMinRun) {
      folded.insert(folded.end(), run.begin(), run.end());
    } else {
      folded.push_back({RowKind::Repeated, run.front().first, run.back().last, {}, {}});
    }
    run.clear();
  };
  for (const HopRow& row : rows) {
    const bool repeats = tells_nothing_new(row);
    if (!repeats) end_run();
    (repeats ? run : folded).push_back(row);
  }
  end_run();
  return folded;
}

}  // namespace

std::vector<HopRow> hop_rows_of(const TargetReport& target) {
  const TargetReport shown = without_overshoot(target);
  RowsByTtl hops = hops_of(shown);
  const RowsByTtl between = add_marks(hops, shown);
  return fold_repetition(fold_silence(in_order(hops, between)));
}

}  // namespace smtpath::report
