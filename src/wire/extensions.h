#pragma once

// Walks the headers between an IP header and the upper-layer packet: the extensions of IPv6 (RFC 8200 section 4), and
// AH, which is one there and a protocol of its own in IPv4 (RFC 4302).

#include "wire/ip.h"

namespace smtpath::wire {

/// `datagram` has protocol and payload as what stands before gives them, and gets those of the upper layer; the walk
/// ends behind the header of a fragment, to which it writes what that says.
Flaw skip_extensions(IpDatagram& datagram);

}  // namespace smtpath::wire
