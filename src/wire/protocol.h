#pragma once

// The numbers by which packets name what they carry, where more than one file needs them.

#include <cstdint>

namespace smtpath::wire {

/// Upper-layer protocols (IANA protocol numbers).
inline constexpr std::uint8_t kIcmpProtocol = 1;
inline constexpr std::uint8_t kIpv4InIp = 4;
inline constexpr std::uint8_t kTcpProtocol = 6;
inline constexpr std::uint8_t kUdpProtocol = 17;
inline constexpr std::uint8_t kIpv6InIp = 41;
inline constexpr std::uint8_t kGreProtocol = 47;
inline constexpr std::uint8_t kIcmpv6Protocol = 58;
inline constexpr std::uint8_t kEtherIp = 97;
inline constexpr std::uint8_t kMplsInIp = 137;
inline constexpr std::uint8_t kEthernetInIp = 143;

/// Message types of echoes (RFC 792, RFC 4443).
inline constexpr std::uint8_t kEchoReply = 0;
inline constexpr std::uint8_t kEchoRequest = 8;
inline constexpr std::uint8_t kEchoRequestV6 = 128;
inline constexpr std::uint8_t kEchoReplyV6 = 129;

}  // namespace smtpath::wire
