#pragma once

// ICMP (RFC 792) and ICMPv6 (RFC 4443): errors that quote a packet, and echoes.

#include "wire/ip.h"

namespace smtpath::wire {

/// OtherPayload for messages that neither quote nor echo.
Parsed<Payload> decode_icmp(const IpDatagram& datagram);
Parsed<Payload> decode_icmpv6(const IpDatagram& datagram);

}  // namespace smtpath::wire
