#pragma once

// Walks the IPv6 extension headers between the fixed header and the upper-layer packet (RFC 8200 section 4).

#include "wire/ip.h"

namespace smtpath::wire {

/// `datagram` with protocol and payload as its fixed header has them; comes back with those of the upper layer and the
/// fields of a fragment header. The walk ends at a later fragment, whose payload may begin anywhere.
Parsed<IpDatagram> skip_ipv6_extensions(IpDatagram datagram);

}  // namespace smtpath::wire
