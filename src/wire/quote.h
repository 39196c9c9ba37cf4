#pragma once

// The packet that an ICMP error quotes: an IP header and, mostly, just the first 8 bytes behind it.

#include <cstddef>
#include <optional>
#include <span>

#include "smtpath/wire/packet.h"

namespace smtpath::wire {

/// `bytes` may be padded behind the quoted packet. Nothing when no IP header can be read.
std::optional<Quote> decode_quote(std::span<const std::byte> bytes);

}  // namespace smtpath::wire
