#pragma once

// What follows the quote in an ICMP error: the extension structure of RFC 4884 and the MPLS label stack of RFC 4950 in
// it. Routers get its lengths wrong in many ways, so a place counts as the beginning when what stands there says so.

#include <cstddef>
#include <span>

#include "smtpath/wire/packet.h"

namespace smtpath::wire {

struct ErrorBody {
  /// The quoted packet, perhaps padded with zeros.
  std::span<const std::byte> quote;
  /// The objects of the extension structure; empty when there is none.
  std::span<const std::byte> extension_objects;
};

/// Splits what follows the 8-byte ICMP header. `quote_length` is the declared one in bytes, 0 when not given;
/// `is_whole` tells that the capture holds all of the message.
ErrorBody split_error_body(std::span<const std::byte> body, std::size_t quote_length, bool is_whole);

/// The labels of all MPLS objects, in order.
MplsStack decode_mpls(std::span<const std::byte> extension_objects);

}  // namespace smtpath::wire
