#pragma once

// Looks for the smallest TTL that draws the final answer: between a TTL that is known not to draw it and one that does.

#include <cstdint>
#include <optional>

#include "probing/ledger.h"
#include "probing/situation.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/port_path.h"

namespace smtpath::probing {

struct ElicitStep {
  enum class Kind : std::uint8_t {
    /// The boundary is known.
    Found,
    /// A probe that will tell is on its way.
    Wait,
    /// Ask `probes` times with `ttl`, on a flow with no other TTL.
    Ask,
    /// No TTL is left to try.
    Exhausted,
  };
  Kind kind = Kind::Found;
  Ttl ttl;
  int probes = 0;
};

/// Of a port or echo that was answered.
ElicitStep next_elicit_step(const path::PortPath& path, const Ledger& ledger, const Situation& situation, Ttl max_ttl);

}  // namespace smtpath::probing
