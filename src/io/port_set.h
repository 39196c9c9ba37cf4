#pragma once

// The ports that a firewall rule matches, as ranges. It errs on one side only: where the exact answer would take too
// many ranges, & and | give a set with more ports than that.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "smtpath/facts/local_rules.h"

namespace smtpath::io {

class PortSet {
 public:
  static constexpr std::size_t kMostRanges = 256;

  /// All ports.
  PortSet() = default;
  /// None when `last` is less than `first`.
  PortSet(std::uint16_t first, std::uint16_t last);
  /// In any order; overlaps are fine.
  explicit PortSet(std::vector<facts::PortRange> ranges);

  bool is_all() const { return !ranges_; }
  bool is_empty() const { return ranges_ && ranges_->empty(); }
  /// Rising and apart; nothing when it has all ports.
  std::vector<facts::PortRange> ranges() const { return ranges_.value_or(std::vector<facts::PortRange>{}); }

  friend PortSet operator&(const PortSet& one, const PortSet& other);
  friend PortSet operator|(const PortSet& one, const PortSet& other);
  /// Exact.
  friend PortSet operator~(const PortSet& set);
  friend bool operator==(const PortSet&, const PortSet&) = default;

 private:
  /// None: all ports.
  std::optional<std::vector<facts::PortRange>> ranges_;
};

}  // namespace smtpath::io
