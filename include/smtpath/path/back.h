#pragma once

// How far an answer travelled, as far as its TTL tells. It is support and never proof: return paths differ from outward
// ones, and whoever forges an answer chooses its TTL.

#include "smtpath/base/quantities.h"

namespace smtpath::path {

/// The likely initial TTL of a packet that arrived with `arrived`: the least of 64, 128 and 255 that is not below it.
constexpr Ttl likely_initial_ttl(Ttl arrived) {
  if (arrived.hops <= 64) return Ttl{64};
  return arrived.hops <= 128 ? Ttl{128} : Ttl{255};
}

/// Hops the answer travelled, at least 1: an answer from the neighbouring device has back 1.
constexpr int back_of(Ttl arrived) {
  return (likely_initial_ttl(arrived) - arrived) + 1;
}

}  // namespace smtpath::path
