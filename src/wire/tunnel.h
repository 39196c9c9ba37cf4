#pragma once

// What an IP packet carries instead of an upper-layer packet: IP in IP (RFC 2003, RFC 4213, RFC 2473), MPLS and
// Ethernet in IP, GRE, and the tunnels that run over UDP.

#include <span>

#include "wire/ip.h"

namespace smtpath::wire {

/// From the IP header inside on. NotIp when `datagram` is no tunnel, or one of something else.
Parsed<std::span<const std::byte>> look_inside(const IpDatagram& datagram);

}  // namespace smtpath::wire
