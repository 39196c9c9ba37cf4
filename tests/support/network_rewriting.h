#pragma once

// What devices change in the packets that they pass on, and how what comes back is changed back.

#include <cstddef>
#include <span>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/wire/packet.h"
#include "support/network_path.h"
#include "support/packets.h"

namespace smtpath::test {

/// How a packet was before a device changed it.
struct Rewritten {
  const Rewriting* by = nullptr;
  IpAddress source;
  Port source_port;
};

/// A whole IPv4 or IPv6 packet (TCP or ICMP, headers without IP options) as a device passes it on; checksums fit.
Bytes rewritten(std::span<const std::byte> packet, const Rewriting& rewriting);

/// An answer to what the server saw as it arrives at this host, behind devices that changed the question.
wire::TcpSegment changed_back(wire::TcpSegment answer, std::span<const Rewritten> changes);

/// A packet that an error quotes, as this host finds it there. The error comes back over the devices that changed the
/// packet, the last one first, and what one of them did not translate those before it do not know.
Bytes as_quoted(std::span<const std::byte> packet, std::span<const Rewritten> changes);

}  // namespace smtpath::test
