#pragma once

// ARP over Ethernet for IPv4 (RFC 826): who asks for which address, and who says that it has it.

#include <cstddef>
#include <span>

#include "wire/parsed.h"

namespace smtpath::wire {

/// `bytes` starts at the hardware type. NotIp for other protocols than IPv4, and for operations other than request and
/// reply.
Flaw decode_arp(std::span<const std::byte> bytes, Packet& packet);

}  // namespace smtpath::wire
