#pragma once

// Small numbers that must not be mixed up: ports and hop counts.

#include <compare>
#include <cstdint>

namespace smtpath {

/// A TCP port. 0 never names a port that can be asked.
struct Port {
  std::uint16_t number = 0;
  friend constexpr auto operator<=>(Port, Port) = default;
};

/// An IPv4 time to live or IPv6 hop limit, and so a position on a path: a probe of TTL n expires at hop n. This host is
/// 0.
struct Ttl {
  std::uint8_t hops = 0;
  friend constexpr auto operator<=>(Ttl, Ttl) = default;
};

constexpr Ttl operator+(Ttl ttl, int hops) {
  return Ttl{static_cast<std::uint8_t>(ttl.hops + hops)};
}
constexpr Ttl operator-(Ttl ttl, int hops) {
  return Ttl{static_cast<std::uint8_t>(ttl.hops - hops)};
}
constexpr int operator-(Ttl a, Ttl b) {
  return int{a.hops} - int{b.hops};
}

}  // namespace smtpath
