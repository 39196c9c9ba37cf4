#pragma once

// What on this host itself can stop mail, or the answers to it, before any packet is sent: its firewall's rules, a full
// table of tracked connections, the check of the way that packets come in.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/facts/local_rules.h"

namespace smtpath::facts {

/// The kernel's table of tracked connections; once it is full, the first packet of a new one is dropped.
struct ConnectionTable {
  std::uint64_t count = 0;
  std::uint64_t limit = 0;

  friend bool operator==(const ConnectionTable&, const ConnectionTable&) = default;
};

/// An interface with strict reverse-path filtering (RFC 3704 section 2.2; rp_filter 1): an IPv4 packet that comes in by
/// it is dropped when the way to its sender leaves by another.
struct StrictInterface {
  std::string name;
  std::uint32_t index = 0;

  friend bool operator==(const StrictInterface&, const StrictInterface&) = default;
};

struct LocalHost {
  LocalRules rules;
  /// None without connection tracking.
  std::optional<ConnectionTable> connections;
  std::vector<StrictInterface> strict_reverse_path;

  friend bool operator==(const LocalHost&, const LocalHost&) = default;
};

}  // namespace smtpath::facts
