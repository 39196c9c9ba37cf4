#pragma once

// What a SYN-ACK shows of the TCP that sent it, whichever process listens. Two ports of one host agree in it, unless
// they are passed on to other hosts. It is support and never proof.

#include <cstdint>
#include <string>
#include <vector>

#include "smtpath/path/trace.h"

namespace smtpath::path {

enum class Trait : std::uint8_t {
  InitialTtl,
  Hops,
  MaximumSegmentSize,
  Sack,
  WindowScale,
  Timestamps,
  ZeroWindow,
  Clock
};

struct TraitDifference {
  Trait trait = Trait::Hops;
  /// With both values: "hops travelled (4, not 6)".
  std::string text;
  friend bool operator==(const TraitDifference&, const TraitDifference&) = default;
};

/// In what `reply` differs from `other`, both SYN-ACKs. What a process sets (the size of its window) does not count,
/// nor do clocks alone: hosts may start one for each connection (RFC 7323 section 5.4).
std::vector<TraitDifference> differences(const Reply& reply, const Reply& other);

}  // namespace smtpath::path
