#pragma once

// The header of GRE (RFC 2784, RFC 2890), of its second version in PPTP (RFC 2637), and of what makers built on it.

#include <optional>

#include "wire/layer.h"

namespace smtpath::wire {

/// Nothing for what leads to no IP packet.
std::optional<Layer> behind_gre(ByteReader& reader);

}  // namespace smtpath::wire
