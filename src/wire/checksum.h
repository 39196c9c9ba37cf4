#pragma once

// The Internet checksum (RFC 1071) of IP, TCP and ICMP: the complement of the one's complement sum of all 16-bit words.
// Over bytes that include a right checksum the sum is kAllOnes.

#include <cstddef>
#include <cstdint>
#include <span>

#include "smtpath/base/address.h"

namespace smtpath::wire {

inline constexpr std::uint16_t kAllOnes = 0xffff;

/// One's complement sum of big-endian words; an odd last byte is padded with zero. `start` is the sum of what precedes.
std::uint16_t ones_complement_sum(std::span<const std::byte> bytes, std::uint16_t start = 0);

/// The sum of the pseudo-header of RFC 9293 section 3.1 or RFC 8200 section 8.1; `length` of the upper-layer packet.
std::uint16_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::uint32_t length);

/// The checksum after one 16-bit word under it changed (RFC 1624 section 3, equation 3).
std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t word_before, std::uint16_t word_after);

}  // namespace smtpath::wire
