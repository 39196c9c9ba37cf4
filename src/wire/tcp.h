#pragma once

// TCP segments (RFC 9293 section 3.1) and the beginnings of them that ICMP errors quote.

#include <cstddef>
#include <optional>
#include <span>

#include "wire/ip.h"

namespace smtpath::wire {

/// The capture may cut the header behind its flags. TruncatedTransport when it holds less than those.
Flaw decode_tcp(const IpDatagram& datagram, TcpSegment& segment);

/// From 8 bytes on. What lies beyond them counts only when the data offset says that it is a TCP header and not
/// padding.
std::optional<QuotedTcp> decode_quoted_tcp(std::span<const std::byte> bytes);

}  // namespace smtpath::wire
