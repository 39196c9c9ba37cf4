#pragma once

// The table of hops by ports as values: which rows it has and what each cell tells. Not how it looks.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/report/report.h"

namespace smtpath::report {

/// Where a port's way ends. Uncertain: for an inconclusive or intermittent port.
enum class Mark : std::uint8_t { None, Stopped, Uncertain };

/// One kind of answer, however often it came.
struct CellAnswer {
  path::ReplyKind kind = path::ReplyKind::TimeExceeded;
  /// Of an unreachable.
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  std::string icmp_name;
  friend bool operator==(const CellAnswer&, const CellAnswer&) = default;
};

/// What one port's probes of one TTL drew.
struct HopCell {
  bool is_probed = false;
  /// This host turned down every send.
  bool is_refused = false;
  std::vector<CellAnswer> drew;
  /// "5/8": how many of the probes were answered; empty where that tells nothing.
  std::string share;
  Mark mark = Mark::None;
  friend bool operator==(const HopCell&, const HopCell&) = default;
};

struct RowAddress {
  IpAddress address;
  std::optional<Duration> best;
  /// The label stack that it reported first.
  std::vector<wire::MplsLabel> mpls{};
};

enum class RowKind : std::uint8_t {
  /// A TTL. Several in a row that are silent alike share one row.
  Hop,
  /// Between two hops: only marks.
  Between,
  /// A run of TTLs that no port probed.
  Unprobed,
  /// A run of TTLs at which only routers of earlier rows answered.
  Repeated,
};

struct HopRow {
  RowKind kind = RowKind::Hop;
  Ttl first;
  Ttl last;
  /// Empty where no hop showed itself.
  std::vector<RowAddress> addresses;
  /// One a port.
  std::vector<HopCell> cells;
};

std::vector<HopRow> hop_rows_of(const TargetReport& target);

}  // namespace smtpath::report
