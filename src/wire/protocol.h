#pragma once

// The upper-layer protocols that smtpath looks into, as the IP header numbers them (IANA protocol numbers).

#include <cstdint>

namespace smtpath::wire {

inline constexpr std::uint8_t kIcmpProtocol = 1;
inline constexpr std::uint8_t kTcpProtocol = 6;
inline constexpr std::uint8_t kIcmpv6Protocol = 58;

/// ICMP and ICMPv6 message types that both decoder and builder name (RFC 792, RFC 4443).
inline constexpr std::uint8_t kEchoReply = 0;
inline constexpr std::uint8_t kEchoRequest = 8;
inline constexpr std::uint8_t kEchoRequestV6 = 128;
inline constexpr std::uint8_t kEchoReplyV6 = 129;

}  // namespace smtpath::wire
