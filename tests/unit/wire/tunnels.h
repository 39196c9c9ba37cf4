#pragma once

// IP headers in front of anything, for tunnels and fragments.

#include <cstdint>

#include "unit/wire/frames.h"

namespace smtpath::test {

/// From 198.51.100.1 or 2001:db8:1::1, TTL 64, with a right checksum.
Bytes in_ip(Family family, std::uint8_t protocol, const Bytes& payload);

/// Which piece of which datagram.
struct FragmentPlace {
  std::uint32_t identification = 0;
  /// In bytes.
  std::uint32_t offset = 0;
  bool has_more = false;
};

/// The part of `packet` (an IP packet without extensions or options) behind its header from `place.offset` on, `length`
/// bytes of it, as a fragment.
Bytes fragment(const Bytes& packet, const FragmentPlace& place, std::size_t length);

/// All of `packet` in fragments of `size` bytes, a multiple of 8.
std::vector<Bytes> fragments(const Bytes& packet, std::uint32_t identification, std::size_t size);

}  // namespace smtpath::test
