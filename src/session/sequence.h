#pragma once

// Sequence numbers of TCP as they wrap (RFC 9293 section 3.4).

#include <cstdint>

namespace smtpath::session {

/// How far `a` lies ahead of `b`, up to 2 GiB either way.
constexpr std::int32_t ahead(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b);
}

}  // namespace smtpath::session
